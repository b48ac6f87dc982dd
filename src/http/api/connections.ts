import { z } from "zod";
import { connectPipedrive, connectProgram, rotateProgramSecret } from "../../operations/connect.ts";
import { pauseConnection, resumeConnection } from "../../operations/pause-connection.ts";
import type { Connection } from "../../store/connection-rows.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { address, connection, environment, line, tenantId, tenantParams } from "./shapes.ts";
import { visible } from "./visible.ts";

const tag = "Connections";
const one = tenantParams.extend({ connection: line(40).describe("A connection's id.") });
const secret = line(4_000).describe("Sealed at once; it is never shown again.");
const yes = z.enum(["true", "false"]).transform((word) => word === "true");

export const connectionRoutes = [
  route({
    method: "GET",
    path: "/connections",
    role: "viewer",
    reach: "visible",
    tag,
    summary: "Connections by tenant, with why one is paused",
    query: pageQuery.extend({
      tenant: tenantId.optional(),
      retired: yes.default(false).describe("Replaced ones too."),
    }),
    answer: pageOf(connection),
    async handle({ app, actor, query: { limit, cursor, tenant, retired } }) {
      const past = fromCursor(cursor, z.tuple([z.string(), z.string()]));
      const only = await visible(app.tenants, actor, tenant);
      const rows = await app.connections.page({ only, retired, past, limit: limit + 1 });
      return toPage(rows, limit, (row) => [row.tenantId, row.id]);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/pipedrive",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Connect a Pipedrive account",
    description:
      "Checks the API token and subscribes to changes. The connection before works until this one is complete.",
    action: "connection.pipedrive",
    params: tenantParams,
    body: z.object({
      url: address.describe("The company's own address, e.g. https://acme.pipedrive.com."),
      environment,
      token: secret,
      publicUrl: address.optional().describe("Where Pipedrive reaches this server; default: its PUBLIC_URL."),
    }),
    answer: connection.extend({
      notes: z.array(z.string()).describe("What earlier connections left in Pipedrive, and what to do about it."),
    }),
    status: 201,
    async handle({ app, params, body: { url, ...rest }, changed }) {
      const made = await connectPipedrive(app, { tenantId: params.tenant, baseUrl: url, ...rest });
      changed({ target: targetOf(made), after: shown(made) });
      return made;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/program",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Connect a partner program that speaks the neutral HTTP form",
    description: "The program is asked for an event first: one that refuses or does not answer is not connected.",
    action: "connection.program",
    params: tenantParams,
    body: z.object({ url: address.describe("Where the program's routes hang."), environment, secret }),
    answer: connection.extend({
      eventsUrl: z.string().nullable().describe("Where the program has to post its events."),
    }),
    status: 201,
    async handle({ app, params: { tenant }, body, changed }) {
      const wish = { tenantId: tenant, baseUrl: body.url, environment: body.environment, secrets: [body.secret] };
      const made = await connectProgram(app, wish);
      changed({ target: targetOf(made), after: shown(made) });
      const { publicUrl } = app.config;
      return { ...made, eventsUrl: publicUrl ? `${publicUrl}/events/${tenant}` : null };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/program/rotate-secret",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Give the connected program a new signing secret",
    description:
      "It signs from then on; events signed with the one before are still taken in, until the next rotation. Give it to the program first.",
    action: "connection.rotate-secret",
    params: tenantParams,
    body: z.object({ secret }),
    answer: connection,
    async handle({ app, params, body, changed }) {
      const rotated = await rotateProgramSecret(app, params.tenant, body.secret);
      changed({ target: targetOf(rotated) });
      return rotated;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/:connection/pause",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Send nothing over a connection",
    description: "What comes in is kept, and worked on when the connection is resumed.",
    action: "connection.pause",
    params: one,
    body: z.object({ reason: line(500).describe("For whoever wonders.") }),
    answer: connection,
    async handle({ app, actor, params, body, changed }) {
      const { before, after } = await pauseConnection(app, params.tenant, params.connection, body.reason, actor);
      changed({ target: targetOf(after), before: shown(before), after: shown(after) });
      return after;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/:connection/resume",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Go on with a paused connection, once its cause is mended",
    action: "connection.resume",
    params: one,
    answer: connection,
    async handle({ app, params, changed }) {
      const { before, after } = await resumeConnection(app, params.tenant, params.connection);
      changed({ target: targetOf(after), before: shown(before), after: shown(after) });
      return after;
    },
  }),
];

const targetOf = ({ id, side }: Connection) => `${side} connection ${id}`;

function shown({ state, environment, baseUrl, companyDomain, pausedCause }: Connection) {
  return { state, environment, baseUrl, companyDomain, pausedCause };
}
