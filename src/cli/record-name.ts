import { Argument } from "commander";
import { InputError } from "../errors.ts";
import type { RecordName } from "../store/records.ts";
import { CRM_OBJECTS, type CrmObject, PROGRAM_KINDS, type ProgramKind } from "../sync/model.ts";

/** The two arguments by which people name a record of Pipedrive, or an aggregate of the program. */
export const recordObject = () => new Argument("<object>").choices([...CRM_OBJECTS, ...PROGRAM_KINDS]);
export const RECORD_ID = "its id in Pipedrive; of a partner, contact or deal_registration its id in the program";

/** @throws InputError BAD_ID */
export function toName(object: CrmObject | ProgramKind, id: string): RecordName {
  if (!isCrmObject(object)) return { kind: object, programId: id };
  const crmId = Number(id);
  if (Number.isSafeInteger(crmId) && crmId > 0) return { object, crmId };
  throw new InputError(
    "BAD_ID",
    `"${id}" is no id of Pipedrive`,
    "id",
    "it is a whole number, as in the record's address",
  );
}

export function isCrmObject(object: CrmObject | ProgramKind): object is CrmObject {
  return (CRM_OBJECTS as readonly string[]).includes(object);
}
