import { z } from "zod";
import { closeFinding } from "../../operations/close-finding.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { finding, moment, rowId, tenantId, tenantParams } from "./shapes.ts";
import { visible } from "./visible.ts";

const tag = "Findings";
const yes = z.enum(["true", "false"]).transform((word) => word === "true");
const place = z.tuple([moment, z.number().int()]);

export const findingRoutes = [
  route({
    method: "GET",
    path: "/findings",
    role: "viewer",
    reach: "visible",
    tag,
    summary: "What a person has to look at, the latest first",
    query: pageQuery.extend({ tenant: tenantId.optional(), closed: yes.default(false).describe("Closed ones too.") }),
    answer: pageOf(finding),
    async handle({ app, actor, query: { limit, cursor, tenant, closed } }) {
      const past = fromCursor(cursor, place);
      const only = await visible(app.tenants, actor, tenant);
      const rows = await app.findings.page({ only, closed, past, limit: limit + 1 });
      return toPage(rows, limit, ({ lastAt, id }) => [lastAt, id]);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/findings/:finding/close",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Say that a finding is dealt with",
    description: "What is not mended raises it again.",
    action: "finding.close",
    params: tenantParams.extend({ finding: rowId }),
    answer: z.object({ tenantId: z.string(), id: z.number(), closed: z.literal(true) }),
    async handle({ app, params: { tenant, finding }, changed }) {
      await closeFinding(app, tenant, finding);
      changed({ target: `finding ${finding}`, before: { closed: false }, after: { closed: true } });
      return { tenantId: tenant, id: finding, closed: true as const };
    },
  }),
];
