import { isDeepStrictEqual } from "node:util";
import { type TwinClock, wholeSeconds } from "../clock.ts";
import type { Journal } from "../journal.ts";
import type { Actor } from "./blank.ts";
import type { Company } from "./company.ts";
import type { ObjectName, RecordData, Row } from "./model.ts";
import { type ContactItem, contactList } from "./normalise.ts";
import { v1Problem } from "./problem.ts";
import type { Records } from "./records.ts";

const TITLES: Record<ObjectName, string> = { deal: "Deal", person: "Person", organization: "Organization" };

/**
 * Merges record `id` into `intoId`, which has priority and survives: its empty fields are filled, lists are joined,
 * and what belonged to the other record moves over. Tells of a delete and a change that name each other.
 *
 * @throws Problem in the v1 envelope when either does not exist
 */
export function mergeRecords(
  parts: { records: Records; clock: TwinClock; journal: Journal },
  company: Company,
  merge: { object: ObjectName; id: number; intoId: number; actor: Actor },
): Row {
  const { records, clock, journal } = parts;
  const { object, id, intoId, actor } = merge;
  const [loser, survivor] = [id, intoId].map((one) => company.tables[object].get(one));
  if (!loser || loser.data.is_deleted) throw v1Problem(404, `${TITLES[object]} not found`);
  if (!survivor || survivor.data.is_deleted) throw v1Problem(404, `${TITLES[object]} to merge with not found`);
  if (id === intoId) throw v1Problem(400, "Cannot merge a record with itself");
  const update_time = wholeSeconds(clock.now());

  return journal.together(() => {
    const merged = { ...joined(survivor.data, loser.data), update_time };
    const gone = { ...loser.data, is_deleted: true, update_time };
    const about = { object, actor };
    const row = records.replace(company, { ...about, action: "change", data: merged, mergedFrom: id });
    records.replace(company, { ...about, action: "delete", data: gone, mergedTo: intoId });
    repoint(records, company, merge, update_time);
    return row;
  });
}

function joined(survivor: RecordData, loser: RecordData): RecordData {
  const merged: RecordData = { ...survivor };
  for (const [key, value] of Object.entries(loser)) if (survivor[key] === null) merged[key] = value;
  for (const key of ["emails", "phones"]) {
    if (!Array.isArray(survivor[key])) continue;
    const mine = survivor[key] as ContactItem[];
    const more = (loser[key] as ContactItem[]).filter((item) => !mine.some((other) => other.value === item.value));
    merged[key] = contactList([...mine, ...more.map((item) => ({ ...item, primary: false }))], (same) => same);
  }
  merged.custom_fields = { ...loser.custom_fields, ...survivor.custom_fields };
  return merged;
}

/** Records and notes that pointed to the merged-away record point to the survivor. */
function repoint(
  records: Records,
  company: Company,
  merge: { object: ObjectName; id: number; intoId: number; actor: Actor },
  update_time: string,
): void {
  const { object, id, intoId, actor } = merge;
  const key = object === "organization" ? "org_id" : object === "person" ? "person_id" : "deal_id";
  for (const note of [...company.notes.values()]) {
    if (note[key] === id) company.remember({ note: { ...note, [key]: intoId } });
  }
  for (const other of ["person", "deal"] as const) {
    for (const row of [...company.tables[other].all()]) {
      const data = repointed(row.data, key, id, intoId, update_time);
      if (isDeepStrictEqual(data, row.data)) continue;
      if (row.data.is_deleted || !company.info.switches.mergeRepointWebhooks) {
        company.remember({ object: other, row: { ...row, data: { ...data, update_time: row.data.update_time } } });
      } else {
        records.replace(company, { object: other, action: "change", data, actor });
      }
    }
  }
}

function repointed(data: RecordData, key: string, id: number, intoId: number, update_time: string): RecordData {
  return data[key] === id ? { ...data, [key]: intoId, update_time } : data;
}
