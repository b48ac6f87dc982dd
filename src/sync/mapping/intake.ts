import { z } from "zod";
import { PROGRAM_KINDS, type ProgramKind } from "../model.ts";
import { INTAKE_FIELDS, type IntakeField } from "./intake-fields.ts";

/*
 * The `intake` part of a mapping document: how what a program posts, with fields somebody chose there, becomes events of
 * the neutral model.
 */

const SPEC_SHAPES = 'Expected the posted field\'s name, or { "from": …, "values": … }, or { "constant": … }.';

const posted = z
  .string()
  .min(1, "A posted field's name is empty.")
  .max(200, "A posted field's name is too long.")
  .describe("A posted field's name; in JSON a dotted path reaches into objects.");
const value = z.string().max(500, "A value is too long.");

const spec = z
  .union(
    [
      posted,
      z.strictObject({
        from: posted,
        values: z
          .record(value, value)
          .optional()
          .describe("What is posted, paired with the word it stands for. Anything else posted is refused."),
        date: z
          .enum(["iso", "mdy", "dmy"])
          .optional()
          .describe("Order of a date's parts: iso 2026-03-09, mdy 3/9/2026, dmy 9.3.2026."),
      }),
      z.strictObject({ constant: value.min(1, "A constant is empty.") }),
    ],
    { error: SPEC_SHAPES },
  )
  .describe("Where the value comes from.");

const when = z
  .record(posted, z.union([value, z.array(value).min(1, "At least one value.")]))
  .describe('Only posts whose fields hold these values; of several any will do, and "*" is anything but nothing.');

const eventOf = (kind: ProgramKind) => {
  const fields: Record<string, IntakeField> = INTAKE_FIELDS[kind];
  return z.strictObject({
    kind: z.literal(kind),
    when: when.optional(),
    id: posted.describe("The posted field that holds the program's id of it: the same in every post about it."),
    fields: z.strictObject(
      Object.fromEntries(
        Object.entries(fields).map(([name, { values }]) => [
          name,
          values ? spec.describe(`One of ${values.join(", ")}.`).optional() : spec.optional(),
        ]),
      ),
    ),
  });
};

export const intake = z
  .strictObject({
    event_id: posted.optional().describe("The posted field that names the event, the same when it is posted again."),
    occurred_at: posted
      .optional()
      .describe("The posted field that says when it happened: a post older than the last one is left out."),
    events: z
      .array(z.discriminatedUnion("kind", [eventOf("partner"), eventOf("contact"), eventOf("deal_registration")]))
      .min(1, "At least one event.")
      .describe("What a post tells; every entry that fits it speaks."),
  })
  .describe("For a program that can only post: its fields, translated. Nothing is ever sent to such a program.");

export type Intake = z.output<typeof intake>;
export type IntakeEntry = Intake["events"][number];
export type IntakeSpec = z.output<typeof spec>;

export function isProgramKind(kind: unknown): kind is ProgramKind {
  return (PROGRAM_KINDS as readonly unknown[]).includes(kind);
}
