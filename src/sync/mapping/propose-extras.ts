import type { AccountField, AccountSnapshot } from "../account.ts";
import type { CrmObject } from "../model.ts";
import { gap } from "./gaps.ts";
import { FITTING_TYPES, PROGRAM_PATHS, type ProgramPath, type ProgramPathName, pathsOf } from "./paths.ts";
import { SYSTEM_FIELDS } from "./system-fields.ts";
import { fold, SIX_FIELDS, TYPE_WORDS, type TypeWord, toTypeWord } from "./words.ts";

/** What a value is called in accounts, besides the words of its path. */
const ALIASES: Partial<Record<ProgramPathName, readonly string[]>> = {
  "partner.website": ["company website", "homepage", "web site"],
  "partner.tier": ["partner level", "level"],
  "partner.region": ["sales region"],
  "partner.enrolled_at": ["partner since", "enrolled on"],
  "contact.job_title": ["position"],
  "contact.role": ["portal role", "partner role"],
  "contact.status": ["portal status"],
  "registration.description": ["partner notes"],
  "registration.source": ["lead source"],
  "registration.products": ["registered products"],
  "registration.partner_id": ["registering partner", "partner", "partner organization"],
  "registration.owner_user_id": ["partner rep", "partner contact"],
  "registration.review_display": ["registration status", "review status"],
  "registration.protection_expires_on": ["protected until", "protection expires"],
  "registration.approved_at": ["approved on"],
  "registration.submitted_at": ["submitted on"],
};

/** What travels in nearly every account, through standard fields: nothing has to be decided about it. */
const USUAL: Record<CrmObject, readonly Record<string, unknown>[]> = {
  organization: [{ program: "partner.name", system: "name", direction: "crm_to_program" }],
  person: [],
  deal: [
    ...["amount:value", "expected_close_date:expected_close_date"].map((pair) => {
      const [path, system] = pair.split(":");
      return { program: `registration.${path}`, system, direction: "both", write: "always", on_conflict: "crm" };
    }),
  ],
};

/** Values that standard fields may carry; names, titles and the end of a sale travel without being listed. */
const STANDARD: readonly ProgramPathName[] = ["partner.website", "contact.job_title"];

/**
 * The lines beyond the six that an account seems made for: the usual ones, and fields whose name and type fit a value of
 * the program. The latter carry a note that a person has to answer.
 */
export function proposeExtras(object: CrmObject, account: AccountSnapshot): Record<string, unknown>[] {
  const usual = USUAL[object].filter(({ system }) => hasField(account, object, String(system)));
  const taken = new Set(usual.map(({ program }) => program));
  const used = new Set<string>();
  const proposed = pathsOf(object).flatMap((path) => {
    if (taken.has(path)) return [];
    const field = account.fields[object].find((one) => !used.has(one.field_code) && isMeant(path, one, object));
    if (!field) return [];
    used.add(field.field_code);
    return [lineOf(path, field)];
  });
  return [...usual, ...proposed];
}

function hasField(account: AccountSnapshot, object: CrmObject, code: string): boolean {
  return account.fields[object].some((field) => field.field_code === code && !field.is_custom_field);
}

function isMeant(path: ProgramPathName, field: AccountField, object: CrmObject): boolean {
  const { type }: ProgramPath = PROGRAM_PATHS[path];
  const names = namesOf(path);
  if (!field.is_custom_field) {
    if (!STANDARD.includes(path)) return false;
    const { [field.field_code]: system } = SYSTEM_FIELDS[object];
    return system?.type === type && !system.readonly && names.includes(field.field_code.replaceAll("_", " "));
  }
  if (SIX_FIELDS.some((six) => six.object === object && fold(six.label) === fold(field.field_name))) return false;
  const word = toTypeWord(field.field_type) as TypeWord;
  // An amount in a number field takes a currency besides: nothing to be guessed.
  const fits = FITTING_TYPES[type].includes(word) && !(type === "money" && word === "Numerical");
  return fits && !(type === "text" && word === "Single option") && names.includes(fold(field.field_name));
}

/** `partner.tier` → "tier", "partner tier", and its aliases. */
function namesOf(path: ProgramPathName): string[] {
  const words = (path.split(".").at(-1) ?? "").replaceAll("_", " ");
  return [words, `${path.split(".")[0]} ${words}`, ...(ALIASES[path] ?? [])];
}

function lineOf(path: ProgramPathName, field: AccountField): Record<string, unknown> {
  const { directions, write, values }: ProgramPath = PROGRAM_PATHS[path];
  const [direction] = directions;
  const place = field.is_custom_field
    ? { key: field.field_code, label: field.field_name, type: toTypeWord(field.field_type) }
    : { system: field.field_code };
  return {
    program: path,
    ...place,
    ...(hasOptions(field) && { options: pairOptions(field, values) }),
    direction,
    ...(direction !== "crm_to_program" && { write }),
    notes: gap(`found by its name: see that this field carries ${path}`),
  };
}

function hasOptions({ is_custom_field, field_type }: AccountField): boolean {
  return (
    is_custom_field && (field_type === TYPE_WORDS["Single option"] || field_type === TYPE_WORDS["Multiple options"])
  );
}

/** Keys of the program where it has a closed list, else made of the labels. */
function pairOptions({ options }: AccountField, values: readonly string[] | undefined): Record<string, string> {
  const labels = (options ?? []).map(({ label }) => label);
  if (!values) {
    const keys = new Map<string, string>();
    for (const label of labels) keys.set(keyOf(label, keys), label);
    return Object.fromEntries(keys);
  }
  const pairs = values.map((value) => {
    const label = labels.find((one) => fold(one) === value.replaceAll("_", " "));
    return [value, label ?? gap(`which option stands for ${value}`)];
  });
  return Object.fromEntries(pairs);
}

function keyOf(label: string, taken: ReadonlyMap<string, string>): string {
  const slug =
    label
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "_")
      .replace(/^_+|_+$/g, "") || "option";
  for (let count = 1; ; count++) {
    const key = count === 1 ? slug : `${slug}_${count}`;
    if (!taken.has(key) && key !== "__proto__") return key;
  }
}
