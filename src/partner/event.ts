import { z } from "zod";
import { InputError } from "../errors.ts";
import { PROGRAM_KINDS, type ProgramKind } from "../sync/model.ts";
import type { ProgramEvent } from "./adapter.ts";

/** Largest `data` of one event, in characters of JSON: a full registration snapshot is about 2,000. */
const MAX_DATA_LENGTH = 131_072;

/** Printable, no spaces: ids are compared byte for byte and end up in log lines and URLs. */
const opaqueId = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x21-\x7e]+$/, "has to be printable ASCII without spaces");

/**
 * The neutral event envelope, `schema_version` 1. Unknown members are dropped, not refused: a program may add some.
 * The kind is left open here, because a program also reports things that no link of ours can belong to.
 */
export const programEvent = z.object({
  event_id: opaqueId(128),
  type: z
    .string()
    .max(64)
    .regex(/^[a-z_]+\.[a-z_]+$/, "has to look like partner.updated"),
  schema_version: z.literal(1),
  tenant_id: opaqueId(64),
  occurred_at: z.iso.datetime({ offset: true }),
  aggregate: z.object({ kind: z.string().min(1).max(32), id: opaqueId(64), version: z.int().positive() }),
  actor: z.object({
    kind: z.string().min(1).max(32),
    id: z.string().max(128),
    label: z.string().max(256).default(""),
  }),
  origin: z.enum(["program", "crm"]),
  correlation_id: z.string().max(200).default(""),
  causation_id: z.string().max(200).nullable().default(null),
  changed: z
    .array(z.object({ path: z.string().max(200), from: z.unknown().default(null), to: z.unknown().default(null) }))
    .max(200)
    .default([]),
  data: z
    .record(z.string().max(128), z.unknown())
    .refine((data) => JSON.stringify(data).length <= MAX_DATA_LENGTH, "is too large"),
});

/**
 * One event, checked.
 *
 * @param json the parsed body, or one element of the pull feed
 * @returns null for a well-formed event about something the sync does not keep in step (`sync.ping`, `lead.offered`):
 *   acknowledge it and go on
 * @throws InputError `EVENT_MALFORMED`, naming the member but never its value
 */
export function parseProgramEvent(json: unknown): ProgramEvent | null {
  const parsed = programEvent.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "(the event itself)";
    const message = `program event: ${where}: ${issue?.message ?? "is wrong"}`;
    const hint = "have the program correct this member and send the event again";
    throw new InputError("EVENT_MALFORMED", message, where, hint);
  }
  const { aggregate, ...rest } = parsed.data;
  return isProgramKind(aggregate.kind) ? { ...rest, aggregate: { ...aggregate, kind: aggregate.kind } } : null;
}

function isProgramKind(kind: string): kind is ProgramKind {
  return (PROGRAM_KINDS as readonly string[]).includes(kind);
}
