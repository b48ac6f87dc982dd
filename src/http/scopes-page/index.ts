import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { ACTIONS, actionsNamed } from "../../actions/catalogue.ts";
import { SCOPE_CHOICES, scopesFor } from "../../actions/scopes.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpError } from "../http-error.ts";
import { escaped } from "../page.ts";

const FILES = {
  "main.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
} as const;

const CALLBACK_PATH = "/connect/oauth2/pipedrive/callback";
const chosen = z.object({ actions: z.string().max(8_000), choose: z.enum(SCOPE_CHOICES) });
const open = {
  config: { public: "which scopes an app has to ask for is no secret, and is asked by who has no account here" },
};

/**
 * `GET /connect/scopes`: the scope calculator, for whoever sets up the OAuth app in Pipedrive. It opens without sign-in and
 * holds no secret; its address carries what was chosen.
 */
export function scopesPage(server: FastifyInstance, { config }: HttpDeps): void {
  const html = read("page.html");
  server.get("/connect/scopes", open, async ({ protocol, host }, reply) => {
    const callback = `${config.publicUrl ?? `${protocol}://${host}`}${CALLBACK_PATH}`;
    return send(reply, "text/html; charset=utf-8", html.replaceAll("{callback}", escaped(callback)));
  });
  for (const [name, type] of Object.entries(FILES)) {
    const text = read(name);
    server.get(`/connect/scopes/${name}`, open, async (_request, reply) => send(reply, type, text));
  }
  const actions = ACTIONS.map(({ id, label, guideScopes, scopes }) => ({ id, label, guideScopes, scopes }));
  server.get("/connect/scopes/actions.json", open, async (_request, reply) => {
    return send(reply, "application/json; charset=utf-8", JSON.stringify({ actions }));
  });
  server.get("/connect/scopes/advice.json", open, async ({ query }, reply) => {
    const asked = chosen.safeParse(query);
    if (!asked.success) {
      const hint = `choose is one of ${SCOPE_CHOICES.join(", ")}; actions are ids with commas between them`;
      throw new HttpError(400, "BAD_REQUEST", "this question makes no sense", hint);
    }
    const advice = scopesFor(actionsNamed(asked.data.actions), asked.data.choose);
    return send(reply, "application/json; charset=utf-8", JSON.stringify(advice));
  });
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
}

function send(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.header("cache-control", "public, max-age=300").type(type).send(text);
}
