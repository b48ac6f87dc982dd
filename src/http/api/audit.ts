import { z } from "zod";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { auditEntry, line, moment, tenantId } from "./shapes.ts";
import { visible } from "./visible.ts";

export const auditRoutes = [
  route({
    method: "GET",
    path: "/audit",
    role: "admin",
    reach: "visible",
    tag: "Audit",
    summary: "Who did what to whom, from where, before and after",
    description:
      "Newest first; with `oldestFirst` in the order of an export, which goes on where it ended. What concerns no tenant is shown to those who see all.",
    query: pageQuery.extend({
      tenant: tenantId.optional(),
      actor: line(200).optional(),
      action: line(100).optional(),
      from: moment.optional(),
      to: moment.optional().describe("Up to, and without, this instant."),
      oldestFirst: z
        .enum(["true", "false"])
        .transform((word) => word === "true")
        .default(false),
    }),
    answer: pageOf(auditEntry),
    async handle({ app, actor, query: { limit, cursor, tenant, actor: who, ...rest } }) {
      const past = fromCursor(cursor, z.number().int());
      const tenants = await visible(app.tenants, actor, tenant);
      const rows = await app.audit.list({ ...rest, actor: who, tenants, past, limit: limit + 1 });
      return toPage(rows, limit, ({ id }) => id);
    },
  }),
];
