/** What Pipedrive makes of values it is given: the reason why a read-back can differ from what was sent. */

const NO_MINOR_UNIT = new Set(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"]);

const SHORT_CODES = new Set(["1", "7"]);
const TWO_DIGIT_CODES = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);

/** Trimmed; an empty text is no value. */
export function trimmed(text: string): string | null {
  return text.trim() || null;
}

/** Single-line text ends after 255 characters. */
export function varchar(text: string): string | null {
  return trimmed(text.trim().slice(0, 255));
}

/** Rounded to what the currency has: 12.345 EUR → 12.35, 1200.4 JPY → 1200. */
export function money(amount: number, currency: string): number {
  const factor = NO_MINOR_UNIT.has(currency) ? 1 : 100;
  return Math.round((amount + Number.EPSILON * Math.sign(amount)) * factor) / factor;
}

/** "+4930901820" → "+49 309 018 20". Numbers without a country code and those with letters stay as typed. */
export function phone(text: string): string {
  const typed = text.trim();
  if (!/^(\+|00)[\d\s()./-]+$/.test(typed)) return typed;
  const digits = typed.replace(/^00/, "").replace(/\D/g, "");
  const length = SHORT_CODES.has(digits.slice(0, 1)) ? 1 : TWO_DIGIT_CODES.has(digits.slice(0, 2)) ? 2 : 3;
  const groups = digits.slice(length).match(/\d{1,3}/g) ?? [];
  return `+${[digits.slice(0, length), ...groups].join(" ")}`;
}

/** "Ada Maria Lovelace" → first "Ada Maria", last "Lovelace"; a single word is a first name. */
export function splitName(name: string): { first_name: string; last_name: string | null } {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.pop() : undefined;
  return { first_name: words.join(" "), last_name: last ?? null };
}

export interface ContactItem {
  value: string;
  primary: boolean;
  label: string;
}

/** Labels default to work; without a primary item the first becomes it; items without a value are left out. */
export function contactList(
  items: { value: string; primary?: boolean; label?: string }[],
  format: (value: string) => string,
): ContactItem[] {
  const kept = items.filter((item) => item.value.trim() !== "");
  const chosen = Math.max(
    kept.findIndex((item) => item.primary === true),
    0,
  );
  return kept.map((item, index) => ({
    value: format(item.value.trim()),
    primary: index === chosen,
    label: item.label ?? "work",
  }));
}
