import { wholeSeconds } from "../clock.ts";
import { BODY_RULES, type Rule, type RuleType, SYSTEM_ADDRESS_PARTS } from "./body-rules.ts";
import type { Company } from "./company.ts";
import { isDate, readAddress, readCustomValue } from "./custom-values.ts";
import type { ObjectName } from "./model.ts";
import { contactList, phone, trimmed, varchar } from "./normalise.ts";
import { forbidden, invalid, notAllowed } from "./problem.ts";

/** A body after checking, in the form it will be answered in. */
export interface ReadBody {
  system: Record<string, unknown>;
  /** By field code; null clears. */
  custom: Record<string, unknown>;
}

/**
 * Checks a v2 body strictly: unknown keys, foreign types and missing options are refused as a whole.
 *
 * @throws Problem 400, or 403 for contact-sync keys where that is off
 */
export function readBody(company: Company, object: ObjectName, body: unknown, mode: "create" | "change"): ReadBody {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("body", "Expected object");
  const read: ReadBody = { system: {}, custom: {} };
  for (const [key, value] of Object.entries(body)) {
    if (key === "custom_fields") {
      read.custom = readCustomFields(company, object, value);
      continue;
    }
    const rules = BODY_RULES[object];
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined; // `toString` is a key of every object
    if (!rule || (rule.createOnly && mode === "change")) throw notAllowed(key);
    if (rule.contactSync && !company.info.switches.contactSync) {
      throw forbidden(`Contact sync is not enabled: '${key}' cannot be set`, "ERR_FORBIDDEN");
    }
    read.system[key] = readValue(company, key, rule, value);
  }
  return read;
}

function readCustomFields(company: Company, object: ObjectName, given: unknown): Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw invalid("custom_fields", "Expected object");
  }
  const read: Record<string, unknown> = {};
  for (const [code, value] of Object.entries(given)) {
    const field = company.fields[object].get(code);
    if (!field) throw notAllowed(`custom_fields.${code}`);
    read[code] = readCustomValue(company, field, value, `custom_fields.${code}`);
  }
  return read;
}

function readValue(company: Company, key: string, rule: Rule, value: unknown): unknown {
  if (value === null) {
    if (!rule.nullable) throw invalid(key, "Expected a value, received null");
    return null;
  }
  const read = READERS[rule.type]({ company, key, value });
  if (rule.maxLength && typeof read === "string" && read.length > rule.maxLength) {
    throw invalid(key, `Must be at most ${rule.maxLength} characters`);
  }
  return read;
}

interface Reading {
  company: Company;
  key: string;
  value: unknown;
}

const READERS: Record<RuleType, (reading: Reading) => unknown> = {
  name(reading) {
    const name = varchar(text(reading));
    if (!name) throw invalid(reading.key, "Must not be empty");
    return name;
  },
  text: (reading) => trimmed(text(reading)),
  integer,
  number({ key, value }) {
    if (typeof value !== "number" || !Number.isFinite(value)) throw invalid(key, `Expected number`);
    return value;
  },
  boolean({ key, value }) {
    if (typeof value !== "boolean") throw invalid(key, "Expected boolean");
    return value;
  },
  date({ key, value }) {
    if (!isDate(value)) throw invalid(key, "Expected a date, YYYY-MM-DD");
    return value;
  },
  instant(reading) {
    const at = Date.parse(text(reading));
    if (Number.isNaN(at) || !/^\d{4}-\d{2}-\d{2}T.+Z$/.test(text(reading))) {
      throw invalid(reading.key, "Expected an RFC 3339 time in UTC");
    }
    return wholeSeconds(at);
  },
  currency(reading) {
    if (!/^[A-Z]{3}$/.test(text(reading))) throw invalid(reading.key, "Expected a three-letter currency code");
    return reading.value;
  },
  status: (reading) => oneOf(reading, ["open", "won", "lost"]),
  marketing_status: (reading) => oneOf(reading, ["no_consent", "unsubscribed", "subscribed", "archived"]),
  visible_to: (reading) => oneOf(reading, [1, 3, 5, 7]),
  ids({ key, value }) {
    if (!Array.isArray(value) || !value.every(Number.isInteger)) throw invalid(key, "Expected a list of integers");
    return value;
  },
  contacts: readContacts,
  address({ key, value }) {
    // A plain string is taken without complaint but does not persist.
    if (typeof value === "string") return undefined;
    return readAddress(value, key, SYSTEM_ADDRESS_PARTS);
  },
  user: (reading) => existing(reading, "User", (id) => reading.company.users.has(id)),
  organization: (reading) => existing(reading, "Organization", (id) => present(reading.company, "organization", id)),
  person: (reading) => existing(reading, "Person", (id) => present(reading.company, "person", id)),
  pipeline: (reading) => existing(reading, "Pipeline", (id) => reading.company.pipelines.get(id)?.is_deleted === false),
  stage: (reading) => existing(reading, "Stage", (id) => reading.company.stages.get(id)?.is_deleted === false),
};

function readContacts({ company, key, value }: Reading): unknown {
  if (!Array.isArray(value)) throw invalid(key, "Expected array");
  const items = value.map((item: unknown, index) => {
    const where = `${key}[${index}]`;
    if (typeof item !== "object" || item === null || Array.isArray(item)) throw invalid(where, "Expected object");
    const { value: text, primary, label, ...rest } = item as Record<string, unknown>;
    const unknown = Object.keys(rest)[0];
    if (unknown) throw notAllowed(`${where}.${unknown}`);
    if (typeof text !== "string") throw invalid(`${where}.value`, "Expected string");
    if (primary !== undefined && typeof primary !== "boolean") throw invalid(`${where}.primary`, "Expected boolean");
    if (label !== undefined && typeof label !== "string") throw invalid(`${where}.label`, "Expected string");
    return { value: text, primary, label };
  });
  if (items.filter((item) => item.primary).length > 1) throw invalid(key, "Only one item can be primary");
  const formats = key === "phones" && company.info.switches.formatPhones;
  return contactList(items, formats ? phone : (same) => same);
}

function text({ key, value }: Reading): string {
  if (typeof value !== "string") throw invalid(key, `Expected string, received ${typeof value}`);
  return value;
}

function integer({ key, value }: Reading): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw invalid(key, "Expected integer");
  return value;
}

function oneOf({ key, value }: Reading, allowed: unknown[]): unknown {
  if (!allowed.includes(value)) throw invalid(key, `Must be one of ${allowed.join(", ")}`);
  return value;
}

function existing(reading: Reading, title: string, exists: (id: number) => boolean): number {
  const id = integer(reading);
  if (!exists(id)) throw invalid(reading.key, `${title} ${id} does not exist`);
  return id;
}

function present(company: Company, object: "person" | "organization", id: number): boolean {
  return company.tables[object].get(id)?.data.is_deleted === false;
}
