import { z } from "zod";
import { InputError } from "../../errors.ts";
import { type ReplayAsked, replay } from "../../operations/replay.ts";
import { toName } from "./record-name.ts";
import { route } from "./route.ts";
import { line, moment, recordObject, tenantParams } from "./shapes.ts";

const body = z.object({
  finding: z.number().int().min(1).optional().describe("The record that this finding is about."),
  record: z
    .object({ object: recordObject, id: line(100) })
    .optional()
    .describe("This record."),
  since: moment.optional().describe("Every record that has stopped since then, up to 500 at once."),
  dryRun: z.boolean().default(false).describe("Only say which they are."),
});

export const replayRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/replay",
    role: "operator",
    reach: "tenant",
    tag: "Records",
    summary: "Begin the work of records again, once what stopped them is mended",
    description: "Exactly one of `finding`, `record` and `since`. Each record is read afresh (1 token).",
    action: "replay",
    params: tenantParams,
    body,
    answer: z.object({
      tenantId: z.string(),
      dryRun: z.boolean(),
      records: z.array(z.object({ name: z.string(), stoppedAt: z.date().nullable(), cause: z.string().nullable() })),
      left: z.number().describe("Stopped since then too, and left for another replay."),
      tokens: z.number().describe("Pipedrive's tokens that looking at them takes at most."),
    }),
    async handle({ app, params: { tenant }, body, changed }) {
      const replayed = await replay(app, tenant, toAsked(body), { dryRun: body.dryRun });
      const { records, left, dryRun } = replayed;
      const target = records.length === 1 ? records[0]?.name : `${records.length} records`;
      changed({ target: target ?? "records", after: { replayed: records.length, left, dryRun } });
      return replayed;
    },
  }),
];

/** @throws InputError REPLAY_WHAT */
function toAsked({ finding, record, since }: z.output<typeof body>): ReplayAsked {
  const given: ReplayAsked[] = [
    ...(finding !== undefined ? [{ finding }] : []),
    ...(record ? [{ record: toName(record) }] : []),
    ...(since ? [{ since }] : []),
  ];
  const [asked] = given;
  if (asked && given.length === 1) return asked;
  const hint = "say which: --finding, --record or --since";
  throw new InputError("REPLAY_WHAT", "a replay takes exactly one of finding, record and since", "body", hint);
}
