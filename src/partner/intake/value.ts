import { InputError } from "../../errors.ts";
import type { IntakeSpec } from "../../sync/mapping/intake.ts";
import type { IntakeField } from "../../sync/mapping/intake-fields.ts";
import type { Posted } from "./posted.ts";

const LONGEST_TEXT = 20_000;

/**
 * One value of the neutral model out of a post.
 *
 * @param name the field of the neutral model, for messages
 * @returns undefined when the post says nothing about it: then it stays as it was; null when it says that it is empty
 * @throws InputError INTAKE_VALUE: what was posted there is not what the field takes. It is never repeated.
 */
export function intakeValue(name: string, field: IntakeField, spec: IntakeSpec, posted: Posted): unknown {
  if (typeof spec === "object" && "constant" in spec) return toValue(name, field, spec.constant, "iso");
  const { from, values, date = "iso" } = typeof spec === "string" ? { from: spec } : spec;
  const told = posted.get(from);
  if (told === undefined) return undefined;
  if (told === null) return field.values ? undefined : null; // an empty word says nothing
  if (field.type === "list") {
    const list = Array.isArray(told) ? told : told.split(/[,;\n]/);
    const words = list.map((one) => one.trim()).filter(Boolean);
    return words.map((one) => translated(name, from, values, one));
  }
  const text = Array.isArray(told) ? told.join(", ") : told;
  return toValue(name, field, translated(name, from, values, text.trim()), date, from);
}

/** With pairs given, anything else is unknown, and unknown values never pass through. */
function translated(name: string, from: string, values: Record<string, string> | undefined, text: string): string {
  if (!values) return text;
  const same = Object.entries(values).find(([posted]) => plain(posted) === plain(text));
  if (same) return same[1];
  const hint = `add what the program posts in "${from}" to the "values" of ${name} in the mapping document`;
  throw new InputError("INTAKE_VALUE", `"${from}" holds a value that ${name} has no pair for`, from, hint);
}

function toValue(name: string, field: IntakeField, text: string, date: Order, from = name): unknown {
  switch (field.type) {
    case "word": {
      const word = plain(text).replace(/[\s-]+/g, "_");
      if (field.values?.includes(word)) return word;
      throw wrong(name, from, `one of ${field.values?.join(", ")}`, 'pair the posted words in "values"');
    }
    case "amount": {
      const amount = toAmount(text);
      if (amount !== null) return amount;
      throw wrong(name, from, "an amount such as 12000.50 or 12,000.50", "post the number without anything else");
    }
    case "currency":
      if (/^[a-z]{3}$/i.test(text)) return text.toUpperCase();
      throw wrong(name, from, "a currency code such as EUR", 'pair what is posted in "values", or give a "constant"');
    case "email":
      if (/^[^\s@]+@[^\s@]+$/.test(text)) return text.toLowerCase();
      throw wrong(name, from, "an e-mail address", "see which field the workflow posts there");
    case "date": {
      const day = toDay(text, date);
      if (day !== null) return day;
      throw wrong(name, from, `a date (${EXAMPLES[date]})`, 'say its order with "date": iso, mdy or dmy');
    }
    default:
      if (text.length <= LONGEST_TEXT) return text;
      throw wrong(name, from, `at most ${LONGEST_TEXT} characters`, "see which field the workflow posts there");
  }
}

function wrong(name: string, from: string, expected: string, hint: string): InputError {
  return new InputError("INTAKE_VALUE", `"${from}" is no value for ${name}: expected ${expected}`, from, hint);
}

function plain(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** `$ 12,000.50` is 12000.5; with a comma in any other place nobody knows what it separates. */
function toAmount(text: string): number | null {
  const bare = text.replace(/^[^\d-]{0,4}|\s*[A-Z]{3}$/g, "").trim();
  const number = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(",", "") : bare;
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(number)) return null;
  return Number(number);
}

type Order = "iso" | "mdy" | "dmy";
const EXAMPLES: Record<Order, string> = { iso: "2026-03-09", mdy: "3/9/2026", dmy: "9.3.2026" };

function toDay(text: string, order: Order): string | null {
  const [, year, month, day] =
    order === "iso"
      ? (/^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text) ?? [])
      : reordered(/^(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b/.exec(text), order);
  if (!year || !month || !day) return null;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : null;
}

function reordered(match: RegExpExecArray | null, order: "mdy" | "dmy"): (string | undefined)[] {
  if (!match) return [];
  const [whole, first, second, year] = match;
  return order === "mdy" ? [whole, year, first, second] : [whole, year, second, first];
}
