import type { TwinClock } from "../../clock.ts";
import type { Journal } from "../../journal.ts";
import type { Company } from "../company.ts";
import type { Route } from "../gate.ts";
import { mergeRecords } from "../merge.ts";
import { OBJECTS, type ObjectName, type RecordData } from "../model.ts";
import { v1Problem } from "../problem.ts";
import type { Records } from "../records.ts";
import { v1Time } from "../user-answer.ts";
import { pathId } from "./records.ts";

/** v1 merge of persons, organizations and deals: `merge_with_id` survives. */
export function mergeRoutes(route: Route, parts: { records: Records; clock: TwinClock; journal: Journal }): void {
  for (const object of OBJECTS) {
    const price = { tokens: 40, operation: `${object}s.merge` };
    route("PUT", `/${object}s/:id/merge`, price, ({ company, params, body, actor }) => {
      const intoId = (body as { merge_with_id?: unknown } | null)?.merge_with_id;
      if (typeof intoId !== "number" || !Number.isInteger(intoId))
        throw v1Problem(400, "merge_with_id must be an integer.");
      const id = pathId(params);
      const { data } = mergeRecords(parts, company, { object, id, intoId, actor });
      return { success: true, data: mergeAnswer(company, object, data, id) };
    });
  }
}

/** The survivor in v1's shape, without the counters the twin does not keep; of organizations only the id. */
function mergeAnswer(company: Company, object: ObjectName, data: RecordData, goneId: number) {
  if (object === "organization") return { id: data.id };
  const labels = data.label_ids as number[];
  const common = {
    ...pick(data, object === "deal" ? DEAL_KEYS : PERSON_KEYS),
    add_time: v1Time(data.add_time),
    update_time: v1Time(data.update_time),
    visible_to: String(data.visible_to),
    org_name: nameOf(company, "organization", data.org_id),
    owner_name: company.users.get(Number(data.owner_id))?.name ?? null,
    cc_email: null,
    merge_what_id: goneId,
  };
  if (object === "person") {
    const lists = { email: data.emails, phone: data.phones, label_ids: labels, label: labels[0] ?? null };
    return { ...common, ...lists, company_id: company.info.id, active_flag: true };
  }
  const label = labels[0] === undefined ? null : String(labels[0]);
  const person_name = nameOf(company, "person", data.person_id);
  return { ...common, label, person_name, user_id: data.owner_id, active: true, deleted: false };
}

const PERSON_KEYS = ["id", "owner_id", "org_id", "name", "first_name", "last_name", "picture_id"];
const DEAL_KEYS = (
  "id creator_user_id person_id org_id stage_id title value currency stage_change_time status probability lost_reason " +
  "close_time pipeline_id won_time lost_time expected_close_date origin origin_id channel channel_id acv arr mrr"
).split(" ");

function pick(data: RecordData, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, data[key]]));
}

function nameOf(company: Company, object: ObjectName, id: unknown): unknown {
  return company.tables[object].get(Number(id))?.data.name ?? null;
}
