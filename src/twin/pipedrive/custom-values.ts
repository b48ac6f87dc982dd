import type { Company } from "./company.ts";
import { ADDRESS_PARTS } from "./field-types.ts";
import type { Field } from "./model.ts";
import { money, phone, trimmed, varchar } from "./normalise.ts";
import { invalid, type Problem } from "./problem.ts";

type Parts = Record<string, unknown>;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDate(value: unknown): value is string {
  if (typeof value !== "string" || !DATE.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value;
}

/**
 * Checks a value written to a custom field and brings it into the form it is answered in; null clears.
 *
 * @param where path for the refusal
 * @throws Problem 400; nothing is coerced: a number in a text field or a label in an option field is refused
 */
export function readCustomValue(company: Company, field: Field, value: unknown, where: string): unknown {
  if (value === null) return null;
  const read = READERS[field.field_type];
  if (!read) throw invalid(where, `fields of type ${field.field_type} cannot be written`);
  return read({ company, field, value, where, wrong: (message) => invalid(where, message) });
}

interface Reading {
  company: Company;
  field: Field;
  value: unknown;
  where: string;
  wrong(message: string): Problem;
}

const READERS: Record<string, (reading: Reading) => unknown> = {
  varchar: (reading) => varchar(text(reading)),
  varchar_auto: (reading) => varchar(text(reading)),
  text: (reading) => trimmed(text(reading)),
  phone(reading) {
    const typed = trimmed(text(reading));
    return typed && reading.company.info.switches.formatPhones ? phone(typed) : typed;
  },
  double({ value, wrong }) {
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong("Expected number");
    return value;
  },
  monetary(reading) {
    const { value, currency } = parts(reading, ["value", "currency"]);
    if (typeof value !== "number") throw reading.wrong("value: Expected number");
    if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) {
      throw reading.wrong("currency: Expected a three-letter currency code");
    }
    return { value: money(value, currency), currency };
  },
  enum({ field, value, wrong }) {
    if (!Number.isInteger(value)) throw wrong("Expected the id of an option, an integer");
    if (!field.options?.some((option) => option.id === value)) throw wrong(`Option ${value} does not exist`);
    return value;
  },
  set({ field, value, wrong }) {
    if (!Array.isArray(value) || value.length === 0)
      throw wrong("Expected a list with at least one option id, or null");
    for (const id of value) {
      if (!Number.isInteger(id)) throw wrong("Expected ids of options, integers");
      if (!field.options?.some((option) => option.id === id)) throw wrong(`Option ${id} does not exist`);
    }
    return [...new Set(value)];
  },
  user: (reading) => reference(reading, "User", (id) => reading.company.users.has(id)),
  org: (reading) => reference(reading, "Organization", (id) => present(reading.company, "organization", id)),
  people: (reading) => reference(reading, "Person", (id) => present(reading.company, "person", id)),
  date({ value, wrong }) {
    if (!isDate(value)) throw wrong("Expected a date, YYYY-MM-DD");
    return value;
  },
  daterange(reading) {
    const { value, until } = parts(reading, ["value", "until"]);
    if (!isDate(value) || !isDate(until)) throw reading.wrong("Expected dates, YYYY-MM-DD, in value and until");
    return { value, until };
  },
  time: (reading) => timeOf(reading, ["value"]),
  timerange: (reading) => timeOf(reading, ["value", "until"]),
  address: (reading) => readAddress(reading.value, reading.where, ADDRESS_PARTS),
};

/** An address object: only `value` is required, missing parts become null. @throws Problem 400 */
export function readAddress(value: unknown, where: string, known: readonly string[]): Parts {
  const given = parts({ value, wrong: (message) => invalid(where, message) }, ["value", ...known]);
  if (typeof given.value !== "string") throw invalid(where, "value: Expected string");
  const address: Parts = { value: given.value.trim() };
  for (const key of known) address[key] = given[key] ?? null;
  return address;
}

function text({ value, wrong }: Reading): string {
  if (typeof value !== "string") throw wrong(`Expected string, received ${typeof value}`);
  return value;
}

function parts({ value, wrong }: Pick<Reading, "value" | "wrong">, known: readonly string[]): Parts {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("Expected object");
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown) throw wrong(`Unrecognized key '${unknown}'`);
  return value as Parts;
}

function reference({ value, wrong }: Reading, title: string, exists: (id: number) => boolean): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrong("Expected integer");
  if (!exists(value)) throw wrong(`${title} ${value} does not exist`);
  return value;
}

function present(company: Company, object: "person" | "organization", id: number): boolean {
  return company.tables[object].get(id)?.data.is_deleted === false;
}

const TIME_ZONES: Record<string, number> = { "Etc/UTC": 1, "Europe/Tallinn": 93, "Europe/Berlin": 82 };

function timeOf(reading: Reading, keys: string[]): Parts {
  const given = parts(reading, [...keys, "timezone_id", "timezone_name"]);
  const read: Parts = {};
  for (const key of keys) {
    const time = given[key];
    if (typeof time !== "string" || !TIME.test(time)) throw reading.wrong(`${key}: Expected a time, HH:MM:SS`);
    read[key] = time.length === 5 ? `${time}:00` : time;
  }
  const name = typeof given.timezone_name === "string" ? given.timezone_name : "Etc/UTC";
  return { ...read, timezone_id: TIME_ZONES[name] ?? 310, timezone_name: name };
}
