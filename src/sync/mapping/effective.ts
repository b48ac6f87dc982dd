import {
  type CrmObject,
  type FieldPlan,
  type MappingPlan,
  programField,
  ROLE_OBJECT,
  ROLES,
  type Role,
  type WriteRule,
} from "../model.ts";
import { OBJECT_NAMES } from "./words.ts";

/** One value that travels one way: what `mapping show --effective` prints a line for. */
export interface EffectiveLine {
  role: Role;
  object: CrmObject;
  /** As people see it in Pipedrive, e.g. `Organization "Allbound Status"`. */
  label: string;
  /** The value in the partner program. */
  program: string;
  direction: "program_to_crm" | "crm_to_program";
  /** When it is written to its receiving side. */
  write: WriteRule;
  /** Who wins when both changed; only where the field travels both ways. */
  onConflict: FieldPlan["onConflict"] | null;
  /** `program = label` pairs, a constant, stages: what else a reader wants to know. */
  detail: string;
  /** In force whatever the document lists. */
  implied: boolean;
}

/** Everything in force under a plan, listed in the document or not: one line per field and direction. */
export function effectiveMapping(plan: MappingPlan): EffectiveLine[] {
  return ROLES.flatMap((role) => [
    ...plan.roles[role].flatMap((field) => fieldLines(role, field, plan)),
    ...onCreate(plan).filter((line) => line.role === role && !carried(plan, line)),
  ]);
}

const IMPLIED = new Set([
  "registration.title",
  "sales.stage_key",
  "sales.status",
  "sales.lost_reason",
  "sales.closed_at",
]);

function fieldLines(role: Role, field: FieldPlan, plan: MappingPlan): EffectiveLine[] {
  const line = (direction: EffectiveLine["direction"]): EffectiveLine => ({
    role,
    object: ROLE_OBJECT[role],
    label: `${OBJECT_NAMES[ROLE_OBJECT[role]]} "${field.label}"`,
    program: PROGRAM_IDS[`${role}.${field.field}`] ?? programField(field.field),
    direction,
    write: direction === "program_to_crm" ? field.write : "always",
    onConflict: field.direction === "both" ? field.onConflict : null,
    detail: detailOf(field, plan),
    implied: IMPLIED.has(field.field) && "system" in field.crm,
  });
  return field.direction === "both" ? [line("crm_to_program"), line("program_to_crm")] : [line(field.direction)];
}

/** Which id of the program each id field carries. */
const PROGRAM_IDS: Record<string, string> = {
  "partner.allbound_id": "partner_id",
  "partner_user.allbound_id": "partner_user_id",
  "deal.allbound_id": "registration_id",
  "customer_org.allbound_deal_id": "first registration_id",
  "customer_person.allbound_deal_id": "first registration_id",
};

function detailOf(field: FieldPlan, plan: MappingPlan): string {
  if (field.type === "money" && field.constant !== undefined) return `in ${field.constant}`;
  if (field.constant !== undefined) return `always ${field.constant}`;
  if (field.options) return field.options.map(({ program, label }) => `${program} = ${label}`).join(", ");
  if (field.type === "stage") {
    const { map, unmapped } = plan.stages;
    return `${map.length} stages stand for ${new Set(map.map(({ program }) => program)).size}; others: ${unmapped}`;
  }
  return field.required ? "required" : "";
}

/** What a create call carries beside the mapped fields. */
function onCreate({ rules }: MappingPlan): EffectiveLine[] {
  const owner = rules.ownerFrom === "none" ? "the fallback owner" : `${rules.ownerFrom}, else the fallback owner`;
  const line = (role: Role, name: string, program: string, detail = ""): EffectiveLine => ({
    role,
    object: ROLE_OBJECT[role],
    label: `${OBJECT_NAMES[ROLE_OBJECT[role]]} "${name}"`,
    program,
    direction: "program_to_crm",
    write: "on_create",
    onConflict: null,
    detail,
    implied: true,
  });
  return [
    ...(rules.partnersCreateInCrm
      ? [line("partner", "Name", "partner.name"), line("partner", "Owner", "owner", owner)]
      : []),
    line("partner_user", "Name", "contact.first_name, contact.last_name"),
    line("partner_user", "Email", "contact.email"),
    line("partner_user", "Organization", "partner_id", "the partner's Organization"),
    line("deal", "Organization", "prospect.account", "the customer's Organization"),
    line("deal", "Contact person", "prospect.contact", "the customer's Person"),
    line("deal", "Stage", "entry stage"),
    line("deal", "Owner", "owner", owner),
    line("customer_org", "Name", "prospect.account.name"),
    line("customer_person", "Name", "prospect.contact.first_name, last_name"),
    line("customer_person", "Email", "prospect.contact.email"),
    line("customer_person", "Organization", "prospect.account", "the customer's Organization"),
  ];
}

/** Whether a mapped field already brings the same value in the same direction. */
function carried(plan: MappingPlan, line: EffectiveLine): boolean {
  return plan.roles[line.role].some(({ field, direction }) => field === line.program && direction !== "crm_to_program");
}
