import type { z } from "zod";
import { InputError } from "../../errors.ts";
import type { RecordName } from "../../store/records.ts";
import { CRM_OBJECTS, type CrmObject, type ProgramKind } from "../../sync/model.ts";
import { line, recordObject, tenantParams } from "./shapes.ts";

/** How a path names a record. */
export const recordParams = tenantParams.extend({
  object: recordObject.describe(
    "Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration.",
  ),
  id: line(100).describe("Its id there."),
});

/** @throws InputError BAD_ID */
export function toName({ object, id }: Pick<z.output<typeof recordParams>, "object" | "id">): RecordName {
  if (!isCrmObject(object)) return { kind: object, programId: id };
  const crmId = Number(id);
  if (/^\d+$/.test(id) && Number.isSafeInteger(crmId) && crmId > 0) return { object, crmId };
  const hint = "it is a whole number, as in the record's address";
  throw new InputError("BAD_ID", `"${id}" is no id of Pipedrive`, "id", hint);
}

function isCrmObject(object: CrmObject | ProgramKind): object is CrmObject {
  return (CRM_OBJECTS as readonly string[]).includes(object);
}
