import { isDeepStrictEqual } from "node:util";
import type { AccountField, AccountSnapshot } from "../account.ts";
import type { CrmObject } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { type CustomLine, documentLines, isCustom } from "./document-lines.ts";
import type { Found } from "./finding.ts";
import { about, nameOf } from "./live/fields.ts";
import { resolveOptions } from "./live/options.ts";
import { fold, OBJECT_NAMES } from "./words.ts";

/** Values by field key, as REST has them. */
export type CustomFields = Record<string, unknown>;

/** One test record, as far as a canary needs it. Everything else that goes wrong is thrown. */
export interface TestRecord {
  /** null when there is none, or it is deleted. */
  read(): Promise<CustomFields | null>;
  /** Writes these fields and answers all; null when Pipedrive refuses for good. */
  write(fields: CustomFields): Promise<CustomFields | null>;
  /** Whether Pipedrive told us of a change of this record since it was read; waits for a while. Absent: not asked. */
  isHeardOf?(): Promise<boolean>;
}

interface Trial {
  line: CustomLine;
  before: unknown;
  sent: unknown;
}

const STATUS = "partner.status";

/**
 * Proves on a test record that the service user sees and can write every custom field that the document maps on this
 * object (level L4): writes a canary into each, compares what Pipedrive answers, and puts back what was there. A
 * read, two writes; one more write per field when they are refused together.
 *
 * The partner status is only looked at: choosing one would put the test record into the program.
 */
export async function tryRecord(
  document: MappingDocument,
  account: AccountSnapshot,
  object: CrmObject,
  record: TestRecord,
): Promise<Found[]> {
  const before = await record.read();
  if (!before) return [unusable(object, "does not exist, or is deleted")];
  const lines = documentLines(document).filter((line) => line.object === object && isCustom(line)) as CustomLine[];
  // Any change of such a record may put it into the program.
  const status = lines.find(({ program }) => program === STATUS);
  if (status && (before[status.key] ?? null) !== null) return [unusable(object, "carries a partner status")];
  const unseen = lines.filter(({ key }) => before[key] === undefined).map(cannotSee);
  const trials = lines.flatMap((line) => trialOf(line, before, account, document));
  if (trials.length === 0) return unseen;
  const { findings, written } = await write(trials, record).catch(async (error) => {
    await restore(trials, object, record); // it may have arrived all the same
    throw error;
  });
  const left = await restore(written, object, record);
  const isSilent = written.length > 0 && record.isHeardOf !== undefined && !(await record.isHeardOf());
  return [...unseen, ...findings, ...left, ...(isSilent ? [webhookNotSeen(object)] : [])];
}

function webhookNotSeen(object: CrmObject): Found {
  const message = `No webhook told of what was written to the ${OBJECT_NAMES[object]} to try writing on.`;
  const hint =
    "Connect the account again with the token of a user who sees all records, and see that Pipedrive reaches this server.";
  return { code: "WEBHOOK_NOT_SEEN", at: ["verify", `${object}_id`], message, hint, object };
}

/** A test record that cannot be used, in words that end a sentence about it. */
export function unusable(object: CrmObject, why: string): Found {
  const message = `The ${OBJECT_NAMES[object]} to try writing on ${why}. Whether its fields can be written is not proven.`;
  const hint = "Name a record that was made for this, and that nothing else uses.";
  return { code: "VERIFY_UNUSABLE", at: ["verify", `${object}_id`], message, hint, object };
}

async function write(trials: Trial[], record: TestRecord): Promise<{ findings: Found[]; written: Trial[] }> {
  const answer = await record.write(bodyOf(trials, ({ sent }) => sent));
  if (answer) return { findings: trials.flatMap((trial) => judge(trial, answer)), written: trials };
  const [only, ...more] = trials;
  if (only && more.length === 0) return { findings: [cannotWrite(only.line)], written: [] };
  const findings: Found[] = [];
  const written: Trial[] = [];
  for (const trial of trials) {
    const one = await write([trial], record);
    findings.push(...one.findings);
    written.push(...one.written);
  }
  return { findings, written };
}

async function restore(trials: Trial[], object: CrmObject, record: TestRecord): Promise<Found[]> {
  if (trials.length === 0) return [];
  const answer = await record.write(bodyOf(trials, ({ before }) => before)).catch(() => null);
  const left = trials.filter(({ line, before }) => !answer || !same(line, answer[line.key], before));
  if (left.length === 0) return [];
  const labels = left.map(({ line }) => `"${line.label}"`).join(", ");
  const message = `What the check wrote could not be taken back on the ${OBJECT_NAMES[object]}: ${labels}.`;
  const hint = "Clear these fields of the test record by hand.";
  return [{ code: "CANARY_NOT_RESTORED", at: ["verify", `${object}_id`], message, hint, object }];
}

/** What a trial was about to write, and what was there before: enough to take it back after its process died. */
export interface CanaryOrder {
  before: CustomFields;
  sent: CustomFields;
}

/** The values to put back: of fields that still show what the trial wrote. What somebody has changed since stays. */
export function valuesToRestore({ before, sent }: CanaryOrder, shown: CustomFields): CustomFields {
  return Object.fromEntries(
    Object.entries(before).filter(
      ([key, value]) => isCanary(shown[key], sent[key]) && !isDeepStrictEqual(shown[key], value),
    ),
  );
}

/** Pipedrive may have formatted a phone, reordered a set, or cut a text short. */
function isCanary(shown: unknown, sent: unknown): boolean {
  if (typeof shown === "string" && typeof sent === "string") {
    if (sent.startsWith("+")) return shown.replace(/\D/g, "") === sent.replace(/\D/g, "");
    return shown === sent || (sent.startsWith(shown) && shown.startsWith(CANARY_PREFIX));
  }
  if (Array.isArray(shown) && Array.isArray(sent)) return isDeepStrictEqual([...shown].sort(), [...sent].sort());
  return isDeepStrictEqual(shown, sent);
}

function bodyOf(trials: readonly Trial[], value: (trial: Trial) => unknown): CustomFields {
  return Object.fromEntries(trials.map((trial) => [trial.line.key, value(trial)]));
}

function judge({ line, before, sent }: Trial, answer: CustomFields): Found[] {
  const shown = answer[line.key];
  if (same(line, shown, sent)) return [];
  return [shown === undefined || same(line, shown, before) ? cannotWrite(line) : changed(line)];
}

/** Phones are formatted by Pipedrive, and nobody promises the order of a set. */
function same({ type }: CustomLine, a: unknown, b: unknown): boolean {
  const form = (value: unknown) => {
    if (type === "Phone" && typeof value === "string") return value.replace(/\D/g, "");
    if (Array.isArray(value)) return [...value].sort();
    return value === "" || value === undefined ? null : value;
  };
  return isDeepStrictEqual(form(a), form(b));
}

function cannotSee(line: CustomLine): Found {
  const message = `${nameOf(line)} is not shown to the service user.`;
  const hint = "Give that user the right to see the field, or make it visible to everyone.";
  return about(line, "key", "CANNOT_SEE_FIELD", message, hint);
}

function cannotWrite(line: CustomLine): Found {
  const message = `${nameOf(line)} is shown, but a value written by the service user does not stay.`;
  const hint =
    "Give that user the right to edit the field. Beyond the plan's limit fields cannot be edited by anybody.";
  return about(line, "key", "CANNOT_WRITE_FIELD", message, hint);
}

function changed(line: CustomLine): Found {
  const message = `${nameOf(line)} keeps another value than was written: it is shortened, or another automation changes it.`;
  const hint = "Use a field of the right type and length, and exempt it from other automations.";
  return about(line, "key", "CANARY_TRUNCATED", message, hint);
}

const CANARY_PREFIX = "partnersync-check-";
/** As long as an id may become. */
const CANARY_TEXT = CANARY_PREFIX.padEnd(64, "0123456789");

function trialOf(line: CustomLine, before: CustomFields, account: AccountSnapshot, document: MappingDocument): Trial[] {
  const field = account.fields[line.object].find(({ field_code }) => field_code === line.key);
  const was = before[line.key];
  const isWritten = line.direction !== "crm_to_program" && line.program !== STATUS;
  if (!field || was === undefined || !isWritten) return [];
  const canary = canariesOf(line, field, account, document).find((value) => !same(line, value, was));
  return canary === undefined ? [] : [{ line, before: was, sent: canary }];
}

/** Two values to choose from, so that one differs from what is there; none where the account has nothing to name. */
function canariesOf(
  line: CustomLine,
  field: AccountField,
  account: AccountSnapshot,
  { rules, verify }: MappingDocument,
): unknown[] {
  const options = resolveOptions(line, field).map(({ id }) => id);
  switch (line.type) {
    case "Single option":
      return options;
    case "Multiple options":
      return options.map((id) => [id]);
    case "Monetary":
      return [1.25, 2.5].map((value) => ({ value, currency: rules.default_currency }));
    case "Numerical":
      return [1.25, 2.5];
    case "Date":
      return ["2001-02-03", "2001-02-04"];
    case "Phone":
      return ["+4930901820", "+4930901821"];
    case "User":
      return [account.me.id, ...account.users.filter(({ email }) => fold(email) !== "").map(({ id }) => id)];
    case "Organization":
      return verify?.organization_id ? [verify.organization_id] : [];
    case "Person":
      return verify?.person_id ? [verify.person_id] : [];
    case "Text":
    case "Large text":
    case "Autocomplete":
      return [CANARY_TEXT, `${CANARY_TEXT.slice(0, -1)}x`];
    default:
      return [];
  }
}
