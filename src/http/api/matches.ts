import { z } from "zod";
import { decideMatch, matchReview } from "../../operations/match-reviews.ts";
import { MATCH_CHOICES, MATCH_STATES } from "../../store/match-reviews.ts";
import { CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../../sync/model.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { rowId, tenantParams, text } from "./shapes.ts";

const tag = "Matches";
const yes = z.enum(["true", "false"]).transform((word) => word === "true");
const params = tenantParams.extend({ match: rowId });
const maybe = z.date().nullable();

const candidate = z.object({
  object: z.enum(CRM_OBJECTS),
  id: z.number(),
  name: z.string().nullable(),
  website: z.string().nullable(),
  email: z.string().nullable(),
  by: z.enum(["id", "domain", "related_domain", "name_and_country", "name", "email", "email_elsewhere"]),
  exact: z.boolean().describe("No mere hint: one such record alone would have been linked."),
  takenBy: z.string().nullable().describe("What it stands for already: it cannot be linked."),
});

const summary = z.object({
  id: z.number(),
  tenantId: z.string(),
  kind: z.enum(PROGRAM_KINDS),
  programId: z.string(),
  role: z.enum(ROLES).describe("What the record would be."),
  because: z.enum(["several", "suspected", "taken"]),
  state: z.enum(MATCH_STATES),
  choice: z.enum(MATCH_CHOICES).nullable(),
  crmId: z.number().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: maybe,
  openedAt: z.date(),
  endedAt: maybe.describe("Carried out, or plain by itself."),
});
const match = summary.extend({
  comment: z.string().nullable(),
  evidence: z.object({
    sought: z.record(z.string(), z.string().nullable()).describe("What it was looked for by."),
    candidates: z.array(candidate).describe("As they were when it was opened."),
    tokens: z.number().describe("What looking cost."),
  }),
});

export const matchRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/matches",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Records that may be the one looked for, and wait for a person",
    params: tenantParams,
    query: pageQuery.extend({ all: yes.default(false).describe("Ended ones too.") }),
    answer: pageOf(summary),
    async handle({ app, params: { tenant }, query: { limit, cursor, all } }) {
      await app.tenants.known(tenant);
      const before = fromCursor(cursor, z.number().int());
      const rows = await app.matchReviews.page(tenant, { all, ...(before && { before }), limit: limit + 1 });
      const page = toPage(rows, limit, ({ id }) => id);
      return { ...page, items: page.items.map(({ evidence: _, comment: __, ...shown }) => shown) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/matches/:match",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "One of them with its candidates, as they were",
    action: "match.read",
    params,
    answer: match,
    async handle({ app, params: { tenant, match: id }, changed }) {
      changed({ target: `match ${id}` });
      return matchReview(app, tenant, id);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/matches/:match/decide",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Say which record it is, that it is a new one, or that it stays out of Pipedrive",
    description: "The workers carry it out within seconds. It may be decided again until then.",
    action: "match.decide",
    params,
    body: z.object({
      choice: z.enum(MATCH_CHOICES),
      crmId: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe("The candidate to link."),
      comment: text(1_000).optional().describe("Why. Kept sealed."),
    }),
    answer: match,
    async handle({ app, actor, params: { tenant, match: id }, body, changed }) {
      changed({ target: `match ${id}` });
      const { before, after } = await decideMatch(app, tenant, id, body, actor);
      const shown = ({ state, choice, crmId }: typeof after) => ({ state, choice, crmId });
      changed({
        target: `match ${id} of ${after.kind} ${after.programId}`,
        before: shown(before),
        after: shown(after),
      });
      return after;
    },
  }),
];
