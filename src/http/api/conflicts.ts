import { z } from "zod";
import { describeConflict, stateText } from "../../operations/conflict-text.ts";
import { decideConflict, findConflict, listConflicts, listRewrites, undoConflict } from "../../operations/conflicts.ts";
import { CONFLICT_STATES } from "../../store/conflict-rows.ts";
import { CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../../sync/model.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { line, rowId, tenantParams } from "./shapes.ts";

const tag = "Conflicts";
const params = tenantParams.extend({ conflict: rowId });
const side = z.enum(["crm", "program"]);
const state = z.enum(CONFLICT_STATES);
const seen = z.number().int().min(1).describe("`version` of the conflict that was looked at.");

const summary = z.object({
  id: z.number(),
  tenantId: z.string(),
  role: z.enum(ROLES),
  object: z.enum(CRM_OBJECTS),
  crmId: z.number(),
  kind: z.enum(PROGRAM_KINDS),
  programId: z.string(),
  field: z.string(),
  label: z.string(),
  state: state.describe(
    "open: a person has to decide; apart: both values stand until one changes; decided; agreed: by the sides themselves; ended: overtaken.",
  ),
  verdict: z.enum(["crm", "program", "undo", "restore"]).nullable().describe("What is being carried out."),
  winner: side.nullable(),
  rule: z.string().nullable().describe('Why it won: a conflict rule, "person", "unseen", …'),
  revision: z.number().describe("Of the mapping by which it was found or decided."),
  note: z.string().nullable().describe("CHANGED_SINCE: what was asked for was not done, a side had changed by then."),
  version: z.number(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  openedAt: z.date(),
  lastAt: z.date(),
  closedAt: z.date().nullable(),
  stateText: z.string().describe("What has become of it, in words."),
});

const pair = z.object({ crm: z.unknown(), program: z.unknown() });
const view = summary.extend({
  evidence: pair.extend({
    crmAt: z.string().nullable().describe("When Pipedrive's value was first seen; null: no webhook told."),
    programAt: z.string().nullable(),
    base: pair.nullable().describe("What both had last agreed on."),
    after: pair.optional().describe("What each side answered once it was decided."),
  }),
  text: z.string().describe("All of that in words, for people."),
});

const said = z.object({ tenantId: z.string(), id: z.number(), state, verdict: summary.shape.verdict });

export const conflictRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/conflicts",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Fields on which both sides said something different, the latest first",
    description: "Without values: those are shown one conflict at a time.",
    params: tenantParams,
    query: pageQuery.extend({
      state: state.optional().describe("Default: of any."),
      field: line(200).optional().describe("By its label in Pipedrive, or its path in the program."),
    }),
    answer: pageOf(summary),
    async handle({ app, params: { tenant }, query: { limit, cursor, state, field } }) {
      const before = fromCursor(cursor, z.number().int());
      const states = state && [state];
      const rows = await listConflicts(app, tenant, { states, field, before, limit: limit + 1 });
      const shown = rows.map((row) => ({ ...row, stateText: stateText(row) }));
      return toPage(shown, limit, ({ id }) => id);
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/conflicts/:conflict",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "One conflict with all that it rests on",
    action: "conflict.read",
    params,
    answer: view,
    async handle({ app, params: { tenant, conflict }, changed }) {
      changed({ target: `conflict ${conflict}` });
      const { plan, ...found } = await findConflict(app, tenant, conflict);
      return { ...found, stateText: stateText(found), text: describeConflict(found, plan) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/conflicts/:conflict/decide",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Let one side's value stand",
    description: "Refused (409 CONFLICT_CHANGED) when a side has changed since it was looked at.",
    action: "conflict.decide",
    params,
    body: z.object({ winner: side, seen }),
    answer: said,
    async handle({ app, actor, params: { tenant, conflict }, body: { winner, seen }, changed }) {
      const now = await decideConflict(app, tenant, conflict, { choice: winner, seen, by: actor });
      changed({ target: `conflict ${conflict}`, before: { state: "open" }, after: { winner } });
      return toSaid(tenant, conflict, now);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/conflicts/:conflict/keep-apart",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Let both values stand",
    description: "They are no conflict until one of them changes.",
    action: "conflict.keep-apart",
    params,
    body: z.object({ seen }),
    answer: said,
    async handle({ app, actor, params: { tenant, conflict }, body: { seen }, changed }) {
      const now = await decideConflict(app, tenant, conflict, { choice: "apart", seen, by: actor });
      changed({ target: `conflict ${conflict}`, before: { state: "open" }, after: { state: "apart" } });
      return toSaid(tenant, conflict, now);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/conflicts/:conflict/undo",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Take a decision back",
    description:
      "The overwritten value is put back beside the one that won. Refused (409 CONFLICT_OVERTAKEN) when the field has changed since.",
    action: "conflict.undo",
    params,
    answer: said,
    async handle({ app, actor, params: { tenant, conflict }, changed }) {
      const now = await undoConflict(app, tenant, conflict, actor);
      changed({ target: `conflict ${conflict}`, after: now });
      return toSaid(tenant, conflict, now);
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/near-misses",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "How often each field had to be written again because somebody had set it back",
    params: tenantParams,
    answer: z.object({
      items: z.array(
        z.object({
          role: z.enum(ROLES),
          field: z.string(),
          label: z.string(),
          nearMisses: z.number().describe("Written a second time within ten minutes, and then left alone."),
          pauses: z.number().describe("Set back once more: the field was paused for that record."),
          lastAt: z.date(),
        }),
      ),
    }),
    handle: async ({ app, params: { tenant } }) => ({ items: await listRewrites(app, tenant) }),
  }),
];

function toSaid(tenantId: string, id: number, now: { state: string; verdict: string | null }) {
  return { tenantId, id, ...now } as z.output<typeof said>;
}
