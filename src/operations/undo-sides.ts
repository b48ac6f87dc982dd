import { type FieldPlan, type MappingPlan, programField, type Role } from "../sync/model.ts";
import type { Side } from "./history-text.ts";

/** What the program takes from us, by command. */
const PROGRAM_TAKES: Partial<Record<Role, readonly string[]>> = {
  partner: ["name", "website", "tier", "type", "region", "country", "manager_email", "status"].map(
    (name) => `partner.${name}`,
  ),
  deal: ["registration.amount", "registration.expected_close_date", "sales.stage_key"],
};

/**
 * Where a former value of a field would be written: on every side that takes it, so that neither answers the other.
 *
 * @returns in words why it cannot be put back by us
 */
export function undoSides(plan: FieldPlan, role: Role, { postsOnly }: MappingPlan): Side[] | string {
  const name = programField(plan.field);
  if (name === "allbound_id" || name === "allbound_deal_id") return "ids say what a record is; they are never put back";
  if (plan.paused) return "it stands still";
  if (name === "sales.lost_reason" || name === "sales.closed_at") return "it goes with the Deal's status";
  // How a sale ended travels with its time and reason: the program is told by itself.
  const follows = name === "sales.status" && plan.direction !== "program_to_crm";
  const takes = !postsOnly && (PROGRAM_TAKES[role] ?? []).includes(name);
  if (takes && !follows) return ["crm", "program"];
  // What is written once only is Pipedrive's from then on.
  if (follows || plan.direction !== "program_to_crm" || plan.write !== "always") return ["crm"];
  return "the partner program owns it: change it there";
}
