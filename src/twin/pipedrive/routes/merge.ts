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
      if (typeof intoId !== "number") throw v1Problem(400, "merge_with_id must be an integer.");
      const id = pathId(params, object);
      const { data } = mergeRecords(parts, company, { object, id, intoId, actor });
      return { success: true, data: mergeAnswer(company, object, data, id) };
    });
  }
}

/** The survivor in v1's shape; of organizations only the id is answered. */
function mergeAnswer(company: Company, object: ObjectName, data: RecordData, goneId: number) {
  if (object === "organization") return { id: data.id };
  const { custom_fields: _, is_deleted: _d, ...kept } = data;
  const common = {
    ...kept,
    company_id: company.info.id,
    add_time: v1Time(data.add_time),
    update_time: v1Time(data.update_time),
    visible_to: String(data.visible_to),
    merge_what_id: goneId,
  };
  if (object === "deal") return { ...common, user_id: data.owner_id, active: true, deleted: false };
  return { ...common, email: data.emails, phone: data.phones, active_flag: true };
}
