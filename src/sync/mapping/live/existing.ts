import { CRM_OBJECTS, type CrmObject, type ProgramKind } from "../../model.ts";
import type { Found } from "../finding.ts";
import { OBJECT_NAMES } from "../words.ts";

/** A record that stands for nothing yet and carries an id all the same: of an earlier trial, or of another product. */
export interface OldId {
  object: CrmObject;
  crmId: number;
  id: string;
}

/** What an account's unlinked records carry before a go-live, as far as they were looked at. */
export interface ExistingRecords {
  looked: Record<CrmObject, number>;
  /** Objects of which there are more records than were looked at. */
  more: CrmObject[];
  ids: OldId[];
  /** Organizations by the program's word for the status they carry. */
  statuses: Record<string, number>;
}

const SHOWN = 5;

/** What a person has to know of them before the mapping comes into force. Of ids only the records are named. */
export function* tellExisting({ looked, more, ids, statuses }: ExistingRecords): Iterable<Found> {
  const among = (object: CrmObject) => `${more.includes(object) ? "first " : ""}${looked[object]}`;
  for (const object of CRM_OBJECTS) {
    const own = ids.filter((one) => one.object === object);
    if (own.length === 0) continue;
    const some = own.slice(0, SHOWN).map(({ crmId }) => String(crmId));
    const listed = own.length > some.length ? `${some.join(", ")} …` : some.join(", ");
    const name = OBJECT_NAMES[object];
    const message = `Of the ${among(object)} records of ${name}, ${own.length} that nothing is linked to carry an id already: ${listed}.`;
    const hint = "Decide what becomes of such ids at the go-live: mapping apply --existing-ids adopt, or clear.";
    yield { code: "EXISTING_IDS", at: ["objects", object, "fields", "allbound_id"], message, hint, object };
  }
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const counts = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
  const message = `Of the ${among("organization")} organizations, ${total} carry a status already: ${counts.join(", ")}.`;
  const hint = "They enter the program at the go-live. Take the status of those that shall not, or use --no-enrol.";
  const at = ["objects", "organization", "fields", "allbound_status"];
  yield { code: "STATUS_ALREADY_SET", at, message, hint, object: "organization" };
}

/** What an id on a record of an object stands for. */
export const ID_KIND = {
  organization: "partner",
  person: "contact",
  deal: "deal_registration",
} as const satisfies Record<CrmObject, ProgramKind>;
