import { readFile } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { isRecord } from "../sync/mapping/draft.ts";
import { parseMappingDocument } from "../sync/mapping/parse.ts";
import { readSource } from "../sync/mapping/source.ts";

/** The text of a document that stands on the command line. @throws InputError FILE_UNREADABLE */
export async function readDocument(file: string): Promise<string> {
  return (await readBytes(file)).toString("utf8");
}

/** The same byte for byte. @throws InputError FILE_UNREADABLE */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError("FILE_UNREADABLE", `the file cannot be read: ${code}`, file, "see that the path is right");
  }
}

/** The members of a document, however wrong it is otherwise. @throws MappingRefusedError for what is no JSON object */
export function membersOf(text: string): Record<string, unknown> {
  const { value } = readSource(text);
  if (isRecord(value)) return value;
  throw new MappingRefusedError(parseMappingDocument(text).findings);
}
