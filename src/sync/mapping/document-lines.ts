import { CRM_OBJECTS, type CrmObject, type FieldDirection } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import type { Path } from "./finding.ts";
import type { TypeWord } from "./words.ts";

/** One field entry of a checked document, of the six or an extra, in one form. */
export interface DocumentLine {
  object: CrmObject;
  at: Path;
  /** `allbound_id`, `allbound_deal_id`, or the program path (`partner.status` for the status). */
  program: string;
  key?: string | undefined;
  label?: string | undefined;
  type?: TypeWord | undefined;
  system?: string | undefined;
  options?: Record<string, string> | undefined;
  constant?: string | undefined;
  direction?: FieldDirection | undefined;
  write?: "always" | "if_empty" | "on_create" | undefined;
  on_conflict?: "crm" | "program" | "newest" | "manual" | undefined;
  required?: boolean | undefined;
}

/** A line that names a custom field well enough to look it up. */
export type KeyedLine = DocumentLine & { key: string; label: string };
/** A line whose value lives in a custom field. */
export type CustomLine = KeyedLine & { type: TypeWord };

/** All field entries, the six before the extras of each object. */
export function documentLines(document: MappingDocument): DocumentLine[] {
  return CRM_OBJECTS.flatMap((object) => {
    const { fields, extra } = document.objects[object];
    const six = Object.entries(fields).map(([name, entry]): DocumentLine => {
      const program = name === "allbound_status" ? "partner.status" : name;
      return { ...entry, object, at: ["objects", object, "fields", name], program };
    });
    const listed = extra.map((entry, i): DocumentLine => ({ ...entry, object, at: ["objects", object, "extra", i] }));
    return [...six, ...listed];
  });
}

export function isCustom(line: DocumentLine): line is CustomLine {
  return line.key !== undefined && line.label !== undefined && line.type !== undefined;
}
