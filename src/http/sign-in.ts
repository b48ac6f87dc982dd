import formbody from "@fastify/formbody";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import pLimit from "p-limit";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { AuditedAct } from "../store/audit.ts";
import type { Operator } from "../store/operator-rows.ts";
import { LEAST_PASSWORD } from "../store/password.ts";
import type { OnStranger } from "./access.ts";
import { line } from "./api/shapes.ts";
import { refuseOtherSites } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpError } from "./http-error.ts";
import { onRecord } from "./on-record.ts";
import { escaped, page } from "./page.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** A human types less, and hashing is meant to be slow. */
const TRIES_A_MINUTE = 20;
/**
 * Hashing takes all of Node's four threads for slow work if it is let, and whatever connects to the database or looks up a
 * name waits behind every guess of a flood, webhooks too. Half of them stay free.
 */
const AT_ONCE = 2;
/** Who comes after so many would be answered too late in any case. */
const MOST_WAITING = 50;
const SIGN_IN = "/sign-in";
const credentials = z.object({
  name: line(100),
  password: z.string().min(1).max(1_000),
  next: z.string().max(2_000).optional(),
});
const choice = z.object({ code: z.string().max(100), password: z.string().max(1_000) });
const isPublic = { public: "it is where people say who they are" };

/** A browser that asks for a page is shown where to sign in; everybody else is told in the usual form. */
export const sendToSignIn: OnStranger = ({ method, url, headers }, reply) => {
  const wantsPage =
    method === "GET" && headers.authorization === undefined && /\btext\/html\b/.test(headers.accept ?? "");
  if (wantsPage) reply.redirect(`${SIGN_IN}?next=${encodeURIComponent(url)}`, 303);
  return wantsPage;
};

/** Sign-in by password, the link that sets one, and sign-out: pages without scripts. */
export async function signIn(server: FastifyInstance, deps: HttpDeps, cookie: SessionCookie): Promise<void> {
  await server.register(formbody);
  await server.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after }) =>
      new HttpError(429, "TOO_MANY_REQUESTS", "too many sign-ins from your address", `try again in ${after}`),
  });
  const tries = { config: { ...isPublic, rateLimit: { max: TRIES_A_MINUTE, timeWindow: "1 minute" } } };
  const inTurn = takeTurns();
  // A page that has a form sends it from this very site.
  server.addHook("onRequest", async (request) => refuseOtherSites(request));

  server.get<{ Querystring: { next?: unknown } }>(SIGN_IN, { config: isPublic }, async ({ query }, reply) =>
    show(reply, 200, signInForm({ next: ownPath(query.next) })),
  );

  const byPassword = async (request: FastifyRequest, reply: FastifyReply) => {
    const { success, data } = credentials.safeParse(request.body);
    if (!success) return show(reply, 400, signInForm({ problem: "Type your name and your password." }));
    const { name, password } = data;
    const next = ownPath(data.next);
    const refused = await refusal(deps, request, name, password);
    if (typeof refused === "string") return show(reply, 401, signInForm({ next, name, problem: refused }));
    const act = actOf(request, toActor(refused), "session.begin");
    await begin(act, request, reply, async () => refused);
    return reply.redirect(next, 303);
  };
  server.post(SIGN_IN, tries, (request, reply) => inTurn(() => byPassword(request, reply)));

  server.get<{ Querystring: { code?: unknown } }>(`${SIGN_IN}/once`, { config: isPublic }, async ({ query }, reply) => {
    const code = String(query.code ?? "");
    const owner = await deps.operators.ofCode(code);
    return owner ? show(reply, 200, onceForm(code, owner.name)) : show(reply, 410, GONE);
  });

  const byLink = async (request: FastifyRequest, reply: FastifyReply) => {
    const { success, data } = choice.safeParse(request.body);
    const owner = success ? await deps.operators.ofCode(data.code) : null;
    if (!success || !owner) return show(reply, 410, GONE);
    const act = actOf(request, toActor(owner), "user.password");
    try {
      await begin(act, request, reply, () => deps.operators.usePassword(data.code, data.password));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (error.code !== "PASSWORD_TOO_WEAK") return show(reply, 410, GONE);
      return show(reply, 400, onceForm(data.code, owner.name, `${error.message}; ${error.hint}`));
    }
    return reply.redirect("/", 303);
  };
  server.post(`${SIGN_IN}/once`, tries, (request, reply) => inTurn(() => byLink(request, reply)));

  server.post("/sign-out", { config: { access: { role: "viewer", reach: "own" } } }, async (request, reply) => {
    const shown = cookie.read(request);
    await onRecord(deps.audit, request.log, actOf(request, request.actor as Actor, "session.end"), async () => {
      if (shown !== null) await deps.sessions.end(shown);
    });
    cookie.clear(reply);
    return reply.redirect(SIGN_IN, 303);
  });

  /** A new session, whoever was signed in with this browser before. @throws InputError LINK_USED where `whose` is nobody */
  async function begin(act: AuditedAct, request: FastifyRequest, reply: FastifyReply, whose: Whose) {
    const begun = await onRecord(deps.audit, request.log, act, async () => {
      const who = await whose();
      if (!who) throw new InputError("LINK_USED", "this link was used at the same moment");
      const earlier = cookie.read(request);
      if (earlier !== null) await deps.sessions.end(earlier);
      return deps.sessions.begin(who.id, request.ip);
    });
    cookie.set(reply, begun);
  }
}

type Whose = () => Promise<Operator | null>;

/** Hands out turns. @throws HttpError 503 BUSY when too many wait for theirs */
function takeTurns() {
  const limit = pLimit(AT_ONCE);
  return <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount < MOST_WAITING) return limit(work);
    throw new HttpError(503, "BUSY", "too many people sign in at this moment", "try again in a few seconds");
  };
}

/** Who signs in, or what to tell them. Wrong name and wrong password are answered alike. */
async function refusal(
  deps: HttpDeps,
  request: FastifyRequest,
  name: string,
  password: string,
): Promise<Operator | string> {
  const { guessing, operators } = deps;
  const from = normalizeIP(request.ip); // one line to the internet has 2^64 addresses of IPv6: they count as one
  const waitMs = await guessing.waitMs(name, from);
  if (waitMs > 0) return `Too many wrong passwords. Try again in ${seconds(waitMs)}.`;
  const who = await operators.verifyPassword(name, password);
  if (who) {
    await guessing.succeeded(name, from);
    return who;
  }
  const nextMs = await guessing.failed(name, from);
  await noteWrongPassword(deps, request, name);
  const wait = nextMs > 0 ? ` The next try is looked at in ${seconds(nextMs)}.` : "";
  return `Name or password is wrong.${wait}`;
}

/** Whose door somebody tried is on record; what strangers type for a name may be a password, and is not. */
async function noteWrongPassword(deps: HttpDeps, request: FastifyRequest, name: string): Promise<void> {
  request.log.warn({ address: request.ip }, "a sign-in was refused");
  const owner = await deps.operators.find(name);
  if (!owner) return;
  const act = actOf(request, toActor(owner), "session.begin");
  await deps.audit.note(act, { phase: "refused", code: "WRONG_PASSWORD" });
}

const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;

function toActor({ id: operatorId, name, email, role, tenants }: Operator): Actor {
  return { operatorId, name, email, role, tenants, via: "session", credentialId: null };
}

function actOf({ ip: address, id: correlationId }: FastifyRequest, actor: Actor, action: string): AuditedAct {
  return { actor, address, correlationId, action, tenantId: null, target: `user ${actor.name}` };
}

/** Where to go after signing in: only ever a path of this server. */
function ownPath(next: unknown): string {
  return typeof next === "string" && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/";
}

function show(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).header("cache-control", "no-store").type("text/html; charset=utf-8").send(html);
}

const problemOf = (problem: string | undefined) => (problem ? `<p class="problem">${escaped(problem)}</p>` : "");

function signInForm({ next = "/", name = "", problem }: { next?: string; name?: string; problem?: string }): string {
  return page(
    "Sign in",
    `${problemOf(problem)}
<form method="post" action="${SIGN_IN}">
<input type="hidden" name="next" value="${escaped(next)}">
<label for="name">Name</label>
<input id="name" name="name" value="${escaped(name)}" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
<p class="hint">No password yet, or forgotten? An admin makes a link for you: <code>partnersync user sign-in &lt;name&gt;</code></p>`,
  );
}

function onceForm(code: string, name: string, problem?: string): string {
  return page(
    "Choose a password",
    `${problemOf(problem)}
<p>For <strong>${escaped(name)}</strong>, with which you sign in from now on.</p>
<form method="post" action="${SIGN_IN}/once">
<input type="hidden" name="code" value="${escaped(code)}">
<input type="hidden" name="username" value="${escaped(name)}" autocomplete="username">
<label for="password">Password, at least ${LEAST_PASSWORD} characters</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="${LEAST_PASSWORD}" required autofocus>
<button>Set it and sign in</button>
</form>`,
  );
}

const GONE = page(
  "This link is used up",
  `<p>It works once, and for a day. An admin makes a new one: <code>partnersync user sign-in &lt;name&gt;</code></p>
<p><a href="${SIGN_IN}">Sign in with a password</a></p>`,
);
