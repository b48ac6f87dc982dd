/** Field types that can be created, with the words the Pipedrive app uses for them. */
const UI_WORDS: Record<string, string> = {
  text: "varchar",
  autocomplete: "varchar_auto",
  "large text": "text",
  numerical: "double",
  monetary: "monetary",
  "single option": "enum",
  "multiple options": "set",
  user: "user",
  organization: "org",
  person: "people",
  phone: "phone",
  time: "time",
  "time range": "timerange",
  date: "date",
  "date range": "daterange",
  address: "address",
};

export const CREATABLE_TYPES: readonly string[] = Object.values(UI_WORDS);

/** "Single option" → "enum"; undefined when the app has no such word. */
export function typeOfUiWord(word: string): string | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(UI_WORDS, key) ? UI_WORDS[key] : undefined;
}

export const UI_WORD_LIST: readonly string[] = Object.keys(UI_WORDS);

/** Only these are found by search. */
export const SEARCHABLE_TYPES: ReadonlySet<string> = new Set([
  "address",
  "varchar",
  "text",
  "varchar_auto",
  "double",
  "monetary",
  "phone",
]);

export const OPTION_TYPES: ReadonlySet<string> = new Set(["enum", "set"]);

export const ADDRESS_PARTS = [
  "street_number",
  "route",
  "sublocality",
  "locality",
  "admin_area_level_1",
  "admin_area_level_2",
  "country",
  "postal_code",
  "formatted_address",
  "subpremise",
] as const;

/** How a field lists its parts; null for types without. */
export function subfieldsOf(code: string, name: string, type: string) {
  const part = (suffix: string, title: string, field_type: string) => ({
    field_code: `${code}_${suffix}`,
    field_name: `${title} of ${name}`,
    field_type,
  });
  if (type === "monetary") return [part("currency", "Currency", "varchar")];
  if (type === "daterange") return [part("until", "End", "date")];
  if (type === "time") return [part("timezone_id", "Timezone", "int")];
  if (type === "timerange") return [part("until", "End", "time"), part("timezone_id", "Timezone", "int")];
  if (type === "address") return ADDRESS_PARTS.map((key) => part(key, key.replaceAll("_", " "), "varchar"));
  return null;
}
