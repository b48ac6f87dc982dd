import { z } from "zod";
import type { App } from "../../app.ts";
import { pauseTenant, resumeTenant } from "../../operations/pause-tenant.ts";
import type { Tenant } from "../../store/tenants.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { line, tenant, tenantId, tenantParams } from "./shapes.ts";

const tag = "Tenants";

const overview = tenant.extend({
  connections: z.array(z.object({ side: z.string(), state: z.string(), environment: z.string() })),
  mappingRevision: z.number().nullable(),
});

export const tenantRoutes = [
  route({
    method: "GET",
    path: "/tenants",
    role: "viewer",
    reach: "visible",
    tag,
    summary: "Tenants by id, with their connections and mapping",
    query: pageQuery,
    answer: pageOf(overview),
    async handle({ app, actor, query: { limit, cursor } }) {
      const after = fromCursor(cursor, z.string());
      const page = toPage(
        await app.tenants.list({ only: actor.tenants, after, limit: limit + 1 }),
        limit,
        ({ id }) => id,
      );
      return { ...page, items: await Promise.all(page.items.map((one) => look(app, one))) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants",
    role: "operator",
    reach: "whole",
    tag,
    summary: "Add a customer",
    action: "tenant.add",
    body: z.object({ id: tenantId, name: line(200).optional().describe("As people say it; default: the id.") }),
    answer: tenant,
    status: 201,
    async handle({ app, body: { id, name = id }, changed }) {
      changed({ target: `tenant ${id}` });
      const added = await app.tenants.create({ id, name });
      changed({ target: `tenant ${id}`, after: added });
      return added;
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "One tenant",
    params: tenantParams,
    answer: overview,
    handle: async ({ app, params }) => look(app, await app.tenants.known(params.tenant)),
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/pause",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Work on nothing of a tenant",
    description: "What comes in is kept, and worked on when the tenant is resumed.",
    action: "tenant.pause",
    params: tenantParams,
    answer: tenant,
    handle: ({ app, actor, params, changed }) => pauseTenant(app, params.tenant, actor, changed),
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/resume",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Go on with a paused tenant",
    action: "tenant.resume",
    params: tenantParams,
    answer: tenant,
    handle: ({ app, params, changed }) => resumeTenant(app, params.tenant, changed),
  }),
  route({
    method: "PUT",
    path: "/tenants/:tenant/four-eyes",
    role: "admin",
    reach: "tenant",
    tag,
    summary: "Have a second person approve each mapping of a tenant, or not",
    action: "tenant.four-eyes",
    params: tenantParams,
    body: z.object({ fourEyes: z.boolean() }),
    answer: tenant,
    async handle({ app, params, body, changed }) {
      const before = await app.tenants.known(params.tenant);
      const after = await app.tenants.setFourEyes(params.tenant, body.fourEyes);
      changed({ target: `tenant ${params.tenant}`, before: { fourEyes: before.fourEyes }, after: body });
      return after;
    },
  }),
];

async function look(app: App, one: Tenant) {
  const [mappingRevision, connections] = await Promise.all([
    app.mappings.liveRevision(one.id),
    app.connections.list(one.id),
  ]);
  const connected = connections.filter(({ state }) => state !== "retired");
  return {
    ...one,
    connections: connected.map(({ side, state, environment }) => ({ side, state, environment })),
    mappingRevision,
  };
}
