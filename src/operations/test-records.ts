import type { CrmRecord, Pipedrive } from "../pipedrive/port.ts";
import { OBJECT_NAMES } from "../sync/mapping/words.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { attempt, type Check, notProven } from "./credential-checks.ts";

/** A record that was made to see whether it can be: the customer deletes it. */
export interface MadeRecord {
  object: CrmObject;
  id: number;
  name: string;
}

/** Says to whoever finds it what it is. It carries no partner status, so that it never enters the program. */
export const TEST_NAME = "partnersync test record, please delete";
const EDITED = `${TEST_NAME} (edited)`;
const WHY = { purpose: "setup" };

/**
 * Makes an organization, a person and a deal, renames each and gives it its name back. 15 tokens each.
 *
 * @returns of each object whether it can be created and edited; the records that exist now
 */
export async function tryTestRecords(pipedrive: Pipedrive): Promise<{ checks: Check[]; records: MadeRecord[] }> {
  const created: Check[] = [];
  const edited: Check[] = [];
  const records: MadeRecord[] = [];
  const idOf = (object: CrmObject) => records.find((one) => one.object === object)?.id;
  for (const object of CRM_OBJECTS) {
    const about = `create ${object}`;
    const links = linksOf(object, idOf);
    const tried = links
      ? await attempt(about, () => pipedrive.create(object, { [nameKey(object)]: TEST_NAME, ...links }, WHY))
      : { check: notProven(about, "Not tried: a deal needs an organization or a person, and neither could be made.") };
    if ("check" in tried) {
      created.push(tried.check.state === "not proven" ? mayExist(tried.check) : tried.check);
      edited.push(notProven(`edit ${object}`, "Not tried: there is no test record to edit."));
      continue;
    }
    const { id } = tried.value;
    records.push({ object, id, name: TEST_NAME });
    created.push({ about, state: "ok", detail: `${OBJECT_NAMES[object]} ${id} was made.` });
    edited.push(await tryEdit(pipedrive, object, tried.value));
  }
  return { checks: [...created, ...edited], records };
}

function nameKey(object: CrmObject): "name" | "title" {
  return object === "deal" ? "title" : "name";
}

/** Undefined where the record cannot be made without another. */
function linksOf(object: CrmObject, idOf: (object: CrmObject) => number | undefined) {
  const [org, person] = [idOf("organization"), object === "deal" ? idOf("person") : undefined];
  if (object === "organization") return {};
  if (object === "deal" && org === undefined && person === undefined) return undefined;
  return { ...(org !== undefined && { org_id: org }), ...(person !== undefined && { person_id: person }) };
}

async function tryEdit(pipedrive: Pipedrive, object: CrmObject, record: CrmRecord): Promise<Check> {
  const about = `edit ${object}`;
  const key = nameKey(object);
  const name = (to: string) => attempt(about, () => pipedrive.patch(object, record.id, { [key]: to }, WHY));
  const changed = await name(EDITED);
  const back = await name(TEST_NAME); // whatever became of the change: it may have arrived
  if ("check" in changed) return changed.check;
  if (changed.value[key] !== EDITED) {
    return { about, state: "failed", detail: "The change was answered, but did not stay." };
  }
  if ("check" in back || back.value[key] !== TEST_NAME) {
    const detail = `It can be edited, but the test record ${record.id} could not be given its name back.`;
    return { about, state: "warning", detail };
  }
  return { about, state: "ok", detail: "The test record was renamed, and back." };
}

/** A creation whose answer was lost may have happened all the same. */
function mayExist(check: Check): Check {
  return { ...check, detail: `${check.detail} If it was made, its name is "${TEST_NAME}".` };
}
