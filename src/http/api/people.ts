import { z } from "zod";
import type { App } from "../../app.ts";
import type { Operator } from "../../store/operator-rows.ts";
import { route } from "./route.ts";
import { line, operator, operatorToken, role, tenantLimit } from "./shapes.ts";

const tag = "People";
const name = line(100).describe("What they sign in with.");
/** As paths these two lead elsewhere: nobody could be asked for under them, or disabled. */
const newName = name.refine((text) => text !== "." && text !== "..", "it cannot be . or ..");
const one = z.object({ name });
const known = operator.extend({
  hasPassword: z.boolean(),
  tokensInForce: z.number(),
  lastSeenAt: z.date().nullable(),
});
const once = z.object({
  code: z.string(),
  url: z.string().nullable().describe("Where to choose a password; null where PUBLIC_URL is not set."),
  until: z.date(),
});
const days = z.number().int().min(1).max(3_650).nullable().describe("Null: until it is revoked.");
const DAY_MS = 24 * 60 * 60 * 1000;
const newToken = z.object({
  name: line(100).describe("What it is for."),
  role: role.optional().describe("Less than its owner may; default: as its owner."),
  tenants: tenantLimit.optional(),
  days: days.default(90),
});
const issued = operatorToken.extend({ token: z.string().describe("Shown this once.") });

export const peopleRoutes = [
  route({
    method: "GET",
    path: "/me",
    role: "viewer",
    reach: "own",
    tag,
    summary: "Who is asking",
    answer: z.object({
      name: z.string(),
      email: z.string().nullable(),
      role,
      tenants: z.array(z.string()).nullable(),
      via: z.enum(["session", "token", "local"]),
    }),
    handle: async ({ actor: { name, email, role, tenants, via } }) => ({
      ...{ name, email, role, via },
      tenants: tenants && [...tenants],
    }),
  }),
  route({
    method: "GET",
    path: "/users",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Everybody who may sign in, or once could",
    answer: z.object({ items: z.array(known) }),
    handle: async ({ app }) => ({ items: await app.operators.list() }),
  }),
  route({
    method: "POST",
    path: "/users",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Let somebody in",
    description: "The answer holds a link by which they choose their password, once and within a day.",
    action: "user.add",
    body: z.object({ name: newName, email: z.email().max(320).nullish(), role, tenants: tenantLimit.optional() }),
    answer: operator.extend({ signIn: once }),
    status: 201,
    answersSecret: true,
    async handle({ app, body, changed }) {
      changed({ target: `user ${body.name}` });
      await refuseUnknown(app, body.tenants);
      const added = await app.operators.add(body);
      changed({ target: `user ${added.name}`, after: shown(added) });
      return { ...added, signIn: toLink(app.config.publicUrl, await app.operators.issueOnce(added.name)) };
    },
  }),
  route({
    method: "PUT",
    path: "/users/:name/role",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Change what somebody may do, and for which tenants",
    description: "Their sessions end; their tokens never allow more than this.",
    action: "user.role",
    params: one,
    body: z.object({ role, tenants: tenantLimit.optional().describe("Left out: as they are.") }),
    answer: operator,
    async handle({ app, params, body, changed }) {
      const before = await app.operators.get(params.name);
      const { role, tenants = before.tenants } = body;
      await refuseUnknown(app, body.tenants);
      const after = await app.operators.setRole(params.name, { role, tenants });
      changed({ target: `user ${params.name}`, before: shown(before), after: shown(after) });
      return after;
    },
  }),
  route({
    method: "POST",
    path: "/users/:name/disable",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Let somebody in no more",
    description: "Nothing of theirs is in force from now on: password, sessions, tokens.",
    action: "user.disable",
    params: one,
    answer: operator,
    async handle({ app, params, changed }) {
      const before = await app.operators.get(params.name);
      const after = await app.operators.disable(params.name);
      changed({ target: `user ${params.name}`, before: shown(before), after: shown(after) });
      return after;
    },
  }),
  route({
    method: "POST",
    path: "/users/:name/enable",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Let somebody in again who was disabled",
    action: "user.enable",
    params: one,
    answer: operator,
    async handle({ app, params, changed }) {
      const before = await app.operators.get(params.name);
      const after = await app.operators.enable(params.name);
      changed({ target: `user ${params.name}`, before: shown(before), after: shown(after) });
      return after;
    },
  }),
  route({
    method: "POST",
    path: "/users/:name/sign-in",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Make a link by which somebody chooses a new password, once and within a day",
    action: "user.sign-in",
    params: one,
    answer: once,
    answersSecret: true,
    async handle({ app, params, changed }) {
      changed({ target: `user ${params.name}` });
      return toLink(app.config.publicUrl, await app.operators.issueOnce(params.name));
    },
  }),
  route({
    method: "GET",
    path: "/users/:name/tokens",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Somebody's tokens",
    params: one,
    answer: z.object({ items: z.array(operatorToken) }),
    handle: async ({ app, params }) => ({ items: await app.tokens.list(params.name) }),
  }),
  route({
    method: "POST",
    path: "/users/:name/tokens",
    role: "admin",
    reach: "whole",
    tag,
    summary: "Issue a token of somebody's",
    action: "token.issue",
    params: one,
    body: newToken,
    answer: issued,
    status: 201,
    answersSecret: true,
    async handle({ app, params, body: { days, ...wish }, changed }) {
      await refuseUnknown(app, wish.tenants);
      const { token, issued } = await app.tokens.issue(params.name, {
        ...wish,
        ttlMs: days === null ? null : days * DAY_MS,
      });
      changed({ target: `token ${issued.id} of ${params.name}`, after: issued });
      return { ...issued, token };
    },
  }),
  route({
    method: "POST",
    path: "/users/:name/tokens/revoke",
    role: "admin",
    reach: "whole",
    tag,
    summary: "End one token of somebody's, or all of them",
    action: "token.revoke",
    params: one,
    body: z.object({ id: z.uuid().optional().describe("Default: all of them.") }),
    answer: z.object({ revoked: z.array(operatorToken).describe("Those that were in force until now.") }),
    async handle({ app, params, body, changed }) {
      const revoked = await app.tokens.revoke(params.name, body.id);
      changed({ target: `tokens of ${params.name}`, before: { inForce: revoked.map(({ id }) => id) } });
      return { revoked };
    },
  }),
];

/** A slip of the pen lets somebody see nothing today, and whichever customer is added under that id later. */
async function refuseUnknown({ tenants }: App, ids: readonly string[] | null | undefined): Promise<void> {
  for (const id of ids ?? []) await tenants.known(id);
}

function shown({ role, tenants, email, disabledAt }: Operator) {
  return { role, tenants, email, disabledAt };
}

function toLink(publicUrl: string | undefined, { code, until }: { code: string; until: Date }) {
  return { code, url: publicUrl ? `${publicUrl}/sign-in/once?code=${code}` : null, until };
}
