import { InputError } from "../../errors.ts";
import type { Intake, IntakeEntry } from "../../sync/mapping/intake.ts";
import { intakeField, placeInSnapshot } from "../../sync/mapping/intake-fields.ts";
import type { ProgramKind } from "../../sync/model.ts";
import { ID_MEMBER } from "../aggregates.ts";
import type { Posted } from "./posted.ts";
import { intakeValue } from "./value.ts";

/** What one post tells of one aggregate: only what it names; everything else stays as it was. */
export interface PostedEvent {
  kind: ProgramKind;
  id: string;
  /** The program's own name for the event; null when it has none. */
  eventId: string | null;
  /** When the program says it happened, RFC 3339 UTC; null when it does not say. */
  occurredAt: string | null;
  /** Members of the snapshot, nested as the neutral model nests them. */
  told: Record<string, unknown>;
}

/**
 * Translates a post: one event for every entry of the mapping's intake that fits it.
 *
 * @throws InputError INTAKE_UNMATCHED when none does, INTAKE_ID, INTAKE_VALUE, INTAKE_TIME. None repeats what was posted.
 */
export function translatePost(intake: Intake, posted: Posted, defaultCurrency: string): PostedEvent[] {
  const fitting = intake.events.filter((entry) => fits(entry, posted));
  if (fitting.length === 0) {
    const hint = 'see "when" of the entries in the mapping\'s intake, and which workflow posts to this address';
    throw new InputError("INTAKE_UNMATCHED", "no entry of the mapping's intake fits this post", "intake.events", hint);
  }
  const eventId = nameOf(intake, posted);
  const occurredAt = timeOf(intake, posted);
  return fitting.map((entry) => ({
    kind: entry.kind,
    id: idOf(entry, posted),
    eventId,
    occurredAt,
    told: snapshotOf(entry, posted, defaultCurrency),
  }));
}

function fits({ when = {} }: IntakeEntry, posted: Posted): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const told = [posted.get(name) ?? []].flat().map(plain);
    const values = [wanted].flat().map(plain);
    return values.includes("*") ? told.length > 0 : values.some((value) => told.includes(value));
  });
}

const plain = (text: string) => text.normalize("NFKC").trim().toLowerCase();

function idOf({ kind, id }: IntakeEntry, posted: Posted): string {
  const told = posted.get(id);
  const text = typeof told === "string" ? told.trim() : "";
  if (/^[\x21-\x7e]{1,64}$/.test(text)) return text;
  const message = `"${id}" has to hold the id of the ${kind}: 1 to 64 printable characters without spaces`;
  throw new InputError("INTAKE_ID", message, id, "choose the id among the fields that the workflow posts");
}

function nameOf({ event_id }: Intake, posted: Posted): string | null {
  const told = event_id === undefined ? null : posted.get(event_id);
  return typeof told === "string" && told.trim() !== "" ? told.trim() : null;
}

/** RFC 3339, or seconds or milliseconds since 1970. */
function timeOf({ occurred_at: from }: Intake, posted: Posted): string | null {
  const told = from === undefined ? null : posted.get(from);
  if (from === undefined || typeof told !== "string") return null;
  const text = told.trim();
  const at = /^\d{9,14}$/.test(text)
    ? new Date(Number(text) * (text.length <= 11 ? 1000 : 1))
    : new Date(/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : Number.NaN);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  const message = `"${from}" has to hold the time of the event, e.g. 2026-03-09T10:15:30Z`;
  throw new InputError("INTAKE_TIME", message, from, 'leave "occurred_at" out of the intake if the program has none');
}

function snapshotOf(entry: IntakeEntry, posted: Posted, defaultCurrency: string): Record<string, unknown> {
  const told: Record<string, unknown> = { [ID_MEMBER[entry.kind]]: idOf(entry, posted) };
  for (const [name, spec] of Object.entries(entry.fields)) {
    const field = intakeField(entry.kind, name);
    if (!field || spec === undefined) continue;
    const value = intakeValue(name, field, spec, posted);
    if (value !== undefined) put(told, placeInSnapshot(name, field), value);
  }
  return withCurrency(told, defaultCurrency);
}

function put(into: Record<string, unknown>, [member, ...rest]: readonly string[], value: unknown): void {
  if (member === undefined) return;
  if (rest.length === 0) into[member] = value;
  else {
    into[member] ??= {};
    put(into[member] as Record<string, unknown>, rest, value);
  }
}

/** An amount is worth nothing without its currency, and a currency nothing without an amount. */
function withCurrency(told: Record<string, unknown>, currency: string): Record<string, unknown> {
  const { amount, ...rest } = told as { amount?: { value?: unknown; currency?: unknown } };
  if (!amount || amount.value === undefined) return rest;
  if (amount.value === null) return { ...rest, amount: null };
  return { ...rest, amount: { value: amount.value, currency: amount.currency ?? currency } };
}
