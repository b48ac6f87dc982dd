import type { CrmObject } from "../model.ts";

/** The type names of Pipedrive's settings page, each with the `field_type` its API answers. */
export const TYPE_WORDS = {
  Text: "varchar",
  "Large text": "text",
  "Single option": "enum",
  "Multiple options": "set",
  Autocomplete: "varchar_auto",
  Numerical: "double",
  Monetary: "monetary",
  User: "user",
  Organization: "org",
  Person: "people",
  Phone: "phone",
  Time: "time",
  "Time range": "timerange",
  Date: "date",
  "Date range": "daterange",
  Address: "address",
} as const;
export type TypeWord = keyof typeof TYPE_WORDS;
export const TYPE_WORD_LIST = Object.keys(TYPE_WORDS) as TypeWord[];

/** Names that another CRM uses for the same types: understood, with a warning that says what Pipedrive calls them. */
export const FOREIGN_TYPE_WORDS: ReadonlyMap<string, TypeWord> = new Map([
  ["single line text", "Text"],
  ["single-line text", "Text"],
  ["multi-line text", "Large text"],
  ["dropdown select", "Single option"],
  ["multiple checkboxes", "Multiple options"],
]);

/** The settings-page name of an API `field_type`, or the API's own word where the page has none. */
export function toTypeWord(fieldType: string): string {
  return TYPE_WORD_LIST.find((word) => TYPE_WORDS[word] === fieldType) ?? fieldType;
}

export const OBJECT_NAMES = {
  organization: "Organization",
  person: "Person",
  deal: "Deal",
} as const satisfies Record<CrmObject, string>;

/** The six fields every account has, under their fixed names in the document, with the type they are made with. */
export const SIX_FIELDS = [
  { object: "organization", name: "allbound_id", label: "Allbound ID", type: "Text" },
  { object: "organization", name: "allbound_deal_id", label: "Allbound Deal ID", type: "Text" },
  { object: "organization", name: "allbound_status", label: "Allbound Status", type: "Single option" },
  { object: "person", name: "allbound_id", label: "Allbound ID", type: "Text" },
  { object: "person", name: "allbound_deal_id", label: "Allbound Deal ID", type: "Text" },
  { object: "deal", name: "allbound_id", label: "Allbound ID", type: "Text" },
] as const satisfies readonly { object: CrmObject; name: string; label: string; type: TypeWord }[];
export type SixField = (typeof SIX_FIELDS)[number];

export const DIRECTION_WORDS = ["program_to_crm", "crm_to_program", "both"] as const;
export const WRITE_WORDS = ["always", "if_empty", "on_create"] as const;
export const CONFLICT_WORDS = ["crm", "program", "newest", "manual"] as const;
export const STATUS_KEYS = ["active", "inactive", "pending"] as const;
/** The options of the status, as they are labelled in Pipedrive. */
export const STATUS_LABELS = { active: "Active", inactive: "Inactive", pending: "Pending" } as const satisfies Record<
  (typeof STATUS_KEYS)[number],
  string
>;

/** Two labels are the same to a person when only case and outer spaces differ; nothing else is forgiven. */
export function fold(label: string): string {
  return label.trim().toLowerCase();
}
