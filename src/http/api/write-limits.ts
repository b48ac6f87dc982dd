import { z } from "zod";
import { heldWrites, resumeWrites, setWriteLimits, writeLimitsOf } from "../../operations/write-limits.ts";
import { LONGEST_WINDOW_MINUTES, WRITE_KINDS, type WriteLimits } from "../../store/write-limits.ts";
import { DIRECTIONS } from "../../sync/model.ts";
import { route } from "./route.ts";
import { tenantParams } from "./shapes.ts";

const tag = "Limits";

const limit = z.object({
  number: z.number().int().min(0).max(10_000_000).describe("Records that are always allowed."),
  share: z.number().min(0).max(100).describe("Percent of the linked records, where that is more."),
});
const limits = z.object({
  windowMinutes: z.number().int().min(1).max(LONGEST_WINDOW_MINUTES).describe("How far back is counted."),
  changed: limit,
  cleared: limit.describe("Records that lose a value."),
  created: limit,
});
const direction = z.enum(DIRECTIONS).describe("inbound writes to the partner program, outbound to Pipedrive.");
const moment = z.date().nullable();
const view = z.object({
  tenantId: z.string(),
  limits,
  setBy: z.string().nullable().describe("Null: nobody, these are the defaults."),
  linked: z.number().describe("Linked records: what the shares are of."),
  breakers: z.array(
    z.object({
      direction,
      trippedAt: moment.describe("When writes were paused because there were too many; null: they flow."),
      kind: z.enum(WRITE_KINDS).nullable(),
      counted: z.number().nullable().describe("Records that were written to before."),
      most: z.number().nullable().describe("Records that were allowed."),
      waiting: z.number().describe("Records with work for that direction."),
      openUntil: moment.describe("Nothing is limited before then."),
    }),
  ),
});

export const writeLimitRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/limits",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "How many records may be written to within a while, and whether writes are paused for it",
    params: tenantParams,
    answer: view,
    handle: ({ app, params }) => writeLimitsOf(app, params.tenant),
  }),
  route({
    method: "PUT",
    path: "/tenants/:tenant/limits",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Set how many records may be changed, cleared and created within a while, in either direction",
    description: "What is left out stays as it is. Beyond a limit nothing is written until a person says so.",
    action: "limits.set",
    params: tenantParams,
    body: limits.partial().extend({ defaults: z.literal(true).optional().describe("As nobody had set any.") }),
    answer: view,
    async handle({ app, actor, params, body: { defaults, ...set }, changed }) {
      const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
      const { before, after } = await setWriteLimits(
        app,
        params.tenant,
        defaults ? null : (given as Partial<WriteLimits>),
        actor,
      );
      changed({ target: "limits", before, after: after.limits });
      return after;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/limits/resume",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Let what waits because it was too much go on, once",
    action: "limits.resume",
    params: tenantParams,
    body: z.object({
      direction: direction.optional(),
      minutes: z.number().int().min(1).max(LONGEST_WINDOW_MINUTES).optional().describe("Limit nothing for so long."),
    }),
    answer: view.extend({ resumed: z.array(direction) }),
    async handle({ app, actor, params: { tenant }, body, changed }) {
      const how = { direction: body.direction ?? null, minutes: body.minutes ?? null };
      changed({ target: "limits" });
      const resumed = await resumeWrites(app, tenant, how, actor);
      changed({ target: "limits", after: { resumed, minutes: how.minutes } });
      return { ...(await writeLimitsOf(app, tenant)), resumed };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/limits/held",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Some of the writes that were held, with what is there and what would be written",
    description: "Opens what people's records hold: it is on record who looked.",
    action: "limits.held",
    params: tenantParams,
    answer: z.array(
      z.object({
        direction,
        record: z.string(),
        fields: z.array(z.object({ label: z.string(), before: z.unknown(), after: z.unknown() })),
        at: z.date(),
      }),
    ),
    async handle({ app, params, changed }) {
      changed({ target: "limits" });
      return heldWrites(app, params.tenant);
    },
  }),
];
