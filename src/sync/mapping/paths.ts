import type { CrmObject, FieldDirection, FieldType, Role, WriteRule } from "../model.ts";
import { STATUS_KEYS, type TypeWord } from "./words.ts";

/** What is known about one value of the partner program that a document may name. */
export interface ProgramPath {
  object: CrmObject;
  type: FieldType;
  /** In the order of preference: the first is the default where a document may leave the direction out. */
  directions: readonly FieldDirection[];
  /** When it is written to Pipedrive unless the document says otherwise. */
  write: WriteRule;
  /** The program's own closed list of keys, for option paths that have one. */
  values?: readonly string[];
}

const CRM_ONLY = ["crm_to_program"] as const;
const PROGRAM_ONLY = ["program_to_crm"] as const;
const ANY = ["crm_to_program", "program_to_crm", "both"] as const;

const partner = (type: FieldType, directions: readonly FieldDirection[], write: WriteRule = "always"): ProgramPath => ({
  object: "organization",
  type,
  directions,
  write,
});
const contact = (type: FieldType, values?: readonly string[]): ProgramPath => ({
  object: "person",
  type,
  directions: PROGRAM_ONLY,
  write: "if_empty", // never over what a person already typed into an existing record
  ...(values ? { values } : {}),
});
const registration = (
  type: FieldType,
  directions: readonly FieldDirection[],
  write: WriteRule = "always",
): ProgramPath => ({ object: "deal", type, directions, write });

/** The closed list of program values a document may map. The ids are the six fields and never listed here. */
export const PROGRAM_PATHS = {
  "partner.name": partner("text", ANY),
  "partner.website": partner("text", ANY),
  "partner.tier": partner("option", ANY),
  "partner.type": partner("option", ANY),
  "partner.region": partner("option", ANY),
  "partner.country": partner("option", ANY),
  "partner.status": { ...partner("option", ANY), values: STATUS_KEYS },
  "partner.manager_email": partner("staff", CRM_ONLY),
  "partner.enrolled_at": partner("date", PROGRAM_ONLY, "if_empty"),
  "contact.first_name": contact("text"),
  "contact.last_name": contact("text"),
  "contact.job_title": contact("text"),
  "contact.email": contact("email"),
  "contact.phone": contact("phone"),
  "contact.role": contact("option", ["owner", "executive", "manager", "sales"]),
  "contact.status": contact("option", ["pending", "active", "inactive", "disabled"]),
  "registration.title": registration("text", PROGRAM_ONLY, "on_create"),
  "registration.number": registration("text", PROGRAM_ONLY, "on_create"),
  "registration.description": registration("text", PROGRAM_ONLY, "on_create"),
  "registration.source": registration("text", PROGRAM_ONLY, "on_create"),
  "registration.amount": registration("money", ANY),
  "registration.expected_close_date": registration("date", ANY),
  "registration.products": registration("options", PROGRAM_ONLY),
  "registration.partner_id": registration("partner", PROGRAM_ONLY, "on_create"),
  "registration.owner_user_id": registration("partner_user", PROGRAM_ONLY),
  "registration.review_display": {
    ...registration("option", PROGRAM_ONLY),
    values: ["pending", "more_info", "approved", "declined", "expired", "cancelled"],
  },
  "registration.protection_expires_on": registration("date", PROGRAM_ONLY),
  "registration.approved_at": registration("date", PROGRAM_ONLY),
  "registration.submitted_at": registration("date", PROGRAM_ONLY),
  "registration.sales.stage_key": registration("stage", CRM_ONLY),
  "registration.sales.status": registration("outcome", CRM_ONLY),
  "registration.sales.lost_reason": registration("text", CRM_ONLY),
  "registration.sales.closed_at": registration("instant", CRM_ONLY),
} as const satisfies Record<string, ProgramPath>;
export type ProgramPathName = keyof typeof PROGRAM_PATHS;
export const PROGRAM_PATH_NAMES = Object.keys(PROGRAM_PATHS) as ProgramPathName[];

/** What is known of a program path, or undefined for a name that is not on the list. */
export function programPath(name: string | undefined): ProgramPath | undefined {
  return name !== undefined && Object.hasOwn(PROGRAM_PATHS, name) ? PROGRAM_PATHS[name as ProgramPathName] : undefined;
}

/** What becomes of a sale's end when `rules.program_owns_outcome` makes it the program's word. */
export const OUTCOME_PATHS = {
  written: ["registration.sales.status", "registration.sales.lost_reason"],
  dropped: "registration.sales.closed_at",
} as const satisfies { written: readonly ProgramPathName[]; dropped: ProgramPathName };

/** The directions a path may have, under the document's rules. None: it cannot be listed. */
export function directionsOf(name: string, spec: ProgramPath, programOwnsOutcome: boolean): readonly FieldDirection[] {
  if (!programOwnsOutcome) return spec.directions;
  if (name === OUTCOME_PATHS.dropped) return [];
  return OUTCOME_PATHS.written.some((path) => path === name) ? PROGRAM_ONLY : spec.directions;
}

/** The paths that a document may list under one object. */
export function pathsOf(object: CrmObject): ProgramPathName[] {
  return PROGRAM_PATH_NAMES.filter((name) => PROGRAM_PATHS[name].object === object);
}

/** Which role the `extra` lines of an object describe: end customers carry none. */
export const EXTRA_ROLE = { organization: "partner", person: "partner_user", deal: "deal" } as const satisfies Record<
  CrmObject,
  Role
>;

/** The id of a path in a role's plan: `sales.…` stands there without its prefix. */
export function fieldId(name: string): string {
  return name.replace(/^registration\.sales\./, "sales.");
}

/** Which Pipedrive types can hold a program type without loss; ids are text of their own kind. */
export const FITTING_TYPES: Record<FieldType | "id", readonly TypeWord[]> = {
  id: ["Text", "Large text", "Autocomplete"],
  text: ["Text", "Large text", "Autocomplete", "Single option"],
  email: ["Text"],
  phone: ["Phone", "Text"],
  option: ["Single option"],
  options: ["Multiple options"],
  money: ["Monetary", "Numerical"],
  date: ["Date"],
  instant: [],
  staff: ["User"],
  partner: ["Organization"],
  partner_user: ["Person"],
  stage: [],
  outcome: [],
};
