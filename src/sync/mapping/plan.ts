import type { AccountField, AccountSnapshot } from "../account.ts";
import { OPTIONAL_FIELDS } from "../codec-crm.ts";
import type {
  ConflictRule,
  CrmPlace,
  FieldDirection,
  FieldPlan,
  FieldType,
  MappingPlan,
  Role,
  WriteRule,
} from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { type CustomLine, type DocumentLine, documentLines, isCustom } from "./document-lines.ts";
import { resolveOptions } from "./live/options.ts";
import { EXTRA_ROLE, fieldId, OUTCOME_PATHS, programPath } from "./paths.ts";
import { SYSTEM_FIELDS } from "./system-fields.ts";

/** What the live checks found out: the account's definition of each custom field, stages and users by id. */
export interface Resolved {
  field(line: CustomLine): AccountField;
  stages: MappingPlan["stages"];
  fallbackOwnerId: number;
}

/** Which roles each of the six serves: an id belongs to one role, the status to the partner. */
const ID_ROLES: Record<string, Role> = {
  "organization.allbound_id": "partner",
  "organization.allbound_deal_id": "customer_org",
  "person.allbound_id": "partner_user",
  "person.allbound_deal_id": "customer_person",
  "deal.allbound_id": "deal",
};

/** What records of a line's field are to the program. */
export function roleOfLine({ object, program }: Pick<DocumentLine, "object" | "program">): Role {
  return ID_ROLES[`${object}.${program}`] ?? EXTRA_ROLE[object];
}

/** The plan of a document that was found sound, with everything in force whether it is listed or not. */
export function makePlan(document: MappingDocument, account: AccountSnapshot, resolved: Resolved): MappingPlan {
  const lines = documentLines(document);
  const website = lines.find(({ program }) => program === "partner.website");
  return {
    tenantId: document.tenant,
    revision: document.revision,
    idFormat: document.sync.id_format,
    startAt: new Date(document.sync.start_at).toISOString(),
    paused: document.sync.paused,
    ...(document.intake ? { postsOnly: true } : {}),
    roles: rolesOf(document, account, resolved),
    stages: resolved.stages,
    rules: rulesOf(document, resolved.fallbackOwnerId),
    users: account.users.map(({ id, email, active_flag, is_deleted }) => ({
      id,
      email: email.trim().toLowerCase(),
      active: active_flag && is_deleted !== true,
    })),
    websiteKey: website ? placeOf(website, resolved) : null,
  };
}

function rolesOf(document: MappingDocument, account: AccountSnapshot, resolved: Resolved): MappingPlan["roles"] {
  const { default_currency: currency, program_owns_outcome: programOwnsOutcome } = document.rules;
  const roles: MappingPlan["roles"] = {
    partner: [],
    partner_user: [],
    deal: [],
    customer_org: [],
    customer_person: [],
  };
  for (const line of documentLines(document)) {
    const role = ID_ROLES[`${line.object}.${line.program}`];
    if (role) roles[role].push(idPlan(line, resolved));
    else {
      const plans = roles[EXTRA_ROLE[line.object]];
      plans.push(oneOfSeveral(linePlan(line, account, resolved, currency), plans));
    }
  }
  roles.deal.push(...alwaysOnDeals(account, programOwnsOutcome).filter((implied) => !isTaken(implied, roles.deal)));
  return document.intake ? whatItIsTold(roles) : roles;
}

/** A program that only posts is told nothing: what is there without being listed as well. */
function whatItIsTold(roles: MappingPlan["roles"]): MappingPlan["roles"] {
  const toCrm = (fields: FieldPlan[]) => fields.filter(({ direction }) => direction === "program_to_crm");
  return Object.fromEntries(Object.entries(roles).map(([role, fields]) => [role, toCrm(fields)])) as typeof roles;
}

/** A listed line of the same value, or one that writes another value there, takes the place of what is always there. */
function isTaken({ field, direction, crm }: FieldPlan, listed: readonly FieldPlan[]): boolean {
  const place = JSON.stringify(crm);
  const writes = (other: FieldPlan) => other.direction !== "crm_to_program" && JSON.stringify(other.crm) === place;
  return listed.some((other) => other.field === field || (direction !== "crm_to_program" && writes(other)));
}

/** A second place of one program value gets an id of its own. */
function oneOfSeveral(plan: FieldPlan, others: readonly FieldPlan[]): FieldPlan {
  if (!others.some(({ field }) => field === plan.field)) return plan;
  const place = "custom" in plan.crm ? plan.crm.custom.slice(0, 8) : plan.crm.system;
  return { ...plan, field: `${plan.field}#${place}` };
}

/** Ids fill an empty field and never replace anything; a Deal's is put back once when a person empties it. */
function idPlan(line: DocumentLine, resolved: Resolved): FieldPlan {
  return {
    field: line.program,
    label: line.label ?? line.program,
    type: "text",
    crm: placeOf(line, resolved),
    direction: "program_to_crm",
    write: line.object === "deal" ? "restore_once" : "if_empty",
    onConflict: "program",
  };
}

function linePlan(
  line: DocumentLine,
  account: AccountSnapshot,
  resolved: Resolved,
  defaultCurrency: string,
): FieldPlan {
  const spec = programPath(line.program)!; // the shape allows only known paths
  const direction = line.direction ?? spec.directions[0]!;
  const type = typeOf(line, spec.type);
  const custom = isCustom(line) ? resolved.field(line) : undefined;
  const paired = isCustom(line) && custom && line.options ? pairing(line, custom) : {};
  return {
    field: fieldId(line.program),
    label: custom?.field_name ?? systemLabel(line, account),
    type,
    crm: placeOf(line, resolved),
    direction,
    write: whenCreated(line) ?? writeOf(direction, spec.write),
    onConflict: conflictOf(direction, line.on_conflict),
    ...paired,
    ...constantOf(line, type, defaultCurrency),
    ...(line.required ? { required: true } : {}),
  };
}

function pairing(line: CustomLine, custom: AccountField): Pick<FieldPlan, "options" | "unpaired"> {
  const options = resolveOptions(line, custom);
  const known = new Set(options.map(({ id }) => id));
  const unpaired = (custom.options ?? []).map(({ id }) => Number(id)).filter((id) => !known.has(id));
  return unpaired.length > 0 ? { options, unpaired } : { options };
}

/** A number field has no currency of its own: all of its amounts are in one. */
function constantOf({ constant, type: word }: DocumentLine, type: FieldType, currency: string): { constant?: string } {
  if (constant !== undefined) return { constant };
  return type === "money" && word === "Numerical" ? { constant: currency } : {};
}

/** A text kept in a dropdown travels as an option. */
function typeOf(line: DocumentLine, type: FieldType): FieldType {
  return type === "text" && line.type === "Single option" ? "option" : type;
}

/** Whether an account has an optional field, only a record that exists shows: it is filled in right after the creation. */
function whenCreated({ system, write }: DocumentLine): WriteRule | undefined {
  return write === "on_create" && OPTIONAL_FIELDS.includes(system ?? "") ? "if_empty" : write;
}

function writeOf(direction: FieldDirection, oneWay: WriteRule): WriteRule {
  return direction === "program_to_crm" ? oneWay : "always";
}

/** On a one-way line the source wins by nature; two ways the document says it. */
function conflictOf(direction: FieldDirection, given: ConflictRule | undefined): ConflictRule {
  if (direction === "program_to_crm") return "program";
  return direction === "both" ? (given ?? "crm") : "crm";
}

function placeOf(line: DocumentLine, resolved: Resolved): CrmPlace {
  if (!isCustom(line)) return { system: line.system! }; // a line has either a key or a standard field
  return { custom: line.key, crmType: resolved.field(line).field_type };
}

function systemLabel(line: DocumentLine, account: AccountSnapshot): string {
  const name = line.system ?? line.program;
  const own = account.fields[line.object].find(({ field_code }) => field_code === name)?.field_name;
  return own ?? SYSTEM_FIELDS[line.object][name]?.label ?? name;
}

/** What a linked Deal always shares, listed or not. */
const DEAL_FIELDS = [
  { program: "registration.title", system: "title", direction: "program_to_crm" },
  { program: "registration.sales.stage_key", system: "stage_id", direction: "crm_to_program" },
  { program: "registration.sales.status", system: "status", direction: "crm_to_program" },
  { program: "registration.sales.lost_reason", system: "lost_reason", direction: "crm_to_program" },
  { program: "registration.sales.closed_at", system: "close_time", direction: "crm_to_program" },
] as const;

/** Who says how a Deal ended: with the program, Pipedrive's own times of it are its own business. */
function dealFields(programOwnsOutcome: boolean): { program: string; system: string; direction: FieldDirection }[] {
  if (!programOwnsOutcome) return [...DEAL_FIELDS];
  const toCrm = OUTCOME_PATHS.written as readonly string[];
  return DEAL_FIELDS.filter(({ program }) => program !== OUTCOME_PATHS.dropped).map((field) =>
    toCrm.includes(field.program) ? { ...field, direction: "program_to_crm" } : field,
  );
}

function alwaysOnDeals(account: AccountSnapshot, programOwnsOutcome: boolean): FieldPlan[] {
  return dealFields(programOwnsOutcome).map(({ program, system, direction }) => {
    const line: DocumentLine = { object: "deal", at: [], program, system };
    const spec = programPath(program)!;
    return {
      field: fieldId(program),
      label: systemLabel(line, account),
      type: spec.type,
      crm: { system },
      direction,
      write: writeOf(direction, spec.write),
      onConflict: conflictOf(direction, undefined),
    };
  });
}

function rulesOf({ rules }: MappingDocument, fallbackOwnerId: number): MappingPlan["rules"] {
  return {
    createOn: rules.create_on,
    matchCustomer: rules.match_customer,
    matchName: rules.match_name,
    ...(rules.partners_create_in_crm ? { partnersCreateInCrm: true } : {}),
    onRejected: rules.on_rejected,
    rejectedLostReason: rules.rejected_lost_reason ?? null,
    onExpired: rules.on_expired,
    ownerFrom: rules.owner.from,
    fallbackOwnerId,
    defaultCurrency: rules.default_currency,
    programOwnsOutcome: rules.program_owns_outcome,
  };
}
