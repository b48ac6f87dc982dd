import { writeFile } from "node:fs/promises";
import { InputError } from "../errors.ts";

/** Writes a document into a file of its own. @throws InputError FILE_EXISTS unless `force`, FILE_UNWRITABLE */
export async function writeDocument(file: string, text: string, force = false): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      throw new InputError("FILE_EXISTS", "the file is there already", file, "choose another name, or --force");
    }
    throw new InputError("FILE_UNWRITABLE", `the file cannot be written: ${code}`, file, "see that the path is right");
  }
}
