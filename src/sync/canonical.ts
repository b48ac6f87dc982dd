import { canonicalMoney } from "./canonical-money.ts";
import type { FieldType, Money, Unmapped, Value } from "./model.ts";

/**
 * Canonical forms: two values with the same one mean the same, however each side formats, trims or strips them.
 *
 * | type | canonical form |
 * | --- | --- |
 * | text, option, stage | NFC, line ends as \n, outer spaces cut; nothing left = null |
 * | email, staff, outcome | as text, lower case |
 * | phone | its digits only: "+49 30 1", "+49301" and "49301" are one number. "0049 301" is another: whether a leading
 *   00 is the international prefix depends on the country. Without any digit ("n/a") it is text |
 * | options | the keys as text, each once, sorted; none = null |
 * | money | amount rounded to the currency's minor unit, as plain decimal; no amount = null |
 * | date | `YYYY-MM-DD`; an instant gives its UTC day |
 * | instant | `YYYY-MM-DDTHH:MM:SSZ`, fractions of a second cut |
 * | partner, partner_user | a number |
 *
 * Several e-mails or phones (Pipedrive keeps lists) are a sorted list, one alone is that one. `{ unmapped }` stays
 * unmapped, its id as text. A value that does not fit its type becomes text: odd values may differ, they never throw.
 */
export function canonical(type: FieldType, value: Value): Value {
  if (value === null || value === undefined) return null;
  if (isUnmapped(value)) return { unmapped: String(asText(value.unmapped)) };
  switch (type) {
    case "email":
    case "staff":
    case "outcome":
      return oneOrMany(value, (text) => text.toLowerCase());
    case "phone":
      return oneOrMany(value, digits);
    case "options":
      return many(value, (text) => text);
    case "money":
      return typeof value === "object" && !Array.isArray(value)
        ? canonicalMoney(value)
        : canonicalMoney({ amount: value });
    case "date":
      return whole(value, (text) => toInstant(text)?.slice(0, 10) ?? text);
    case "instant":
      return whole(value, (text) => toInstant(text) ?? text);
    case "partner":
    case "partner_user":
      return whole(value, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text));
    default:
      return whole(value, (text) => text);
  }
}

/** True when both values mean the same to people: their canonical forms are equal. */
export function sameValue(type: FieldType, a: Value, b: Value): boolean {
  return JSON.stringify(canonical(type, a)) === JSON.stringify(canonical(type, b));
}

/** True when the value means "nothing there", however a side spells that. */
export function isEmpty(type: FieldType, value: Value): boolean {
  return canonical(type, value) === null;
}

/** True for a value that the mapping cannot express on the other side. */
export function isUnmapped(value: unknown): value is Unmapped {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "unmapped");
}

export function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "amount");
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A date or instant as either side writes it (RFC 3339, or `YYYY-MM-DD HH:MM:SS` in UTC) → RFC 3339 UTC, whole seconds.
 *
 * @returns null when it is neither
 */
export function toInstant(text: string): string | null {
  const match = INSTANT.exec(text.trim());
  if (!match) return null;
  const [, day, minute = "00:00", second = ":00", zone = "Z"] = match;
  const at = Date.parse(
    `${day}T${minute}${second}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Any value as normalised text; null when nothing is left of it. */
function asText(value: unknown): string | null {
  const text = typeof value === "object" || typeof value === "function" ? toJson(value) : String(value);
  const clean = text.normalize("NFC").replaceAll("\r\n", "\n").trim();
  return clean === "" ? null : clean;
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // circular or the like: nothing either side can send
  }
}

function whole(value: Value, form: (text: string) => string | number): Value {
  const text = asText(value);
  return text === null ? null : form(text);
}

function many(value: Value, form: (text: string) => string): string[] | null {
  const texts = (Array.isArray(value) ? value : [value]).map(asText).filter((text) => text !== null);
  return texts.length ? [...new Set(texts.map(form))].sort() : null;
}

function oneOrMany(value: Value, form: (text: string) => string): Value {
  const forms = many(value, form);
  return forms?.length === 1 ? (forms[0] ?? null) : forms;
}

function digits(text: string): string {
  return text.normalize("NFKC").replace(/\D/g, "") || text;
}
