import type { FastifyInstance } from "fastify";
import type { PipedriveTwin } from "../pipedrive/index.ts";
import { OBJECTS } from "../pipedrive/model.ts";
import { companyRoutes } from "./companies.ts";
import { humanRoutes } from "./records.ts";
import { answerMisuse } from "./refusal.ts";
import { settingsRoutes } from "./settings.ts";
import { sharedRoutes } from "./shared.ts";

/**
 * The twin's own API, `/_twin/*`: no authentication, so it answers callers on this machine only.
 *
 * | call | does |
 * | --- | --- |
 * | `POST /companies` | sets an account up, or adds what it lacks: `{ domain, name?, plan?, currency?, limits?, switches?, users, fields, pipelines }`; answers `{ company_id, api_token, users, fields, pipelines, … }` |
 * | `GET /companies`, `/companies/:domain` | what there is, with tokens, keys and option ids by name |
 * | `GET /companies/:domain/spend` | running totals `{ tokens, calls, refused, byEndpoint, byOperation, day }`: subtract to measure |
 * | `POST /companies/:domain/budget` | `{ remaining }` tokens of today |
 * | `POST /companies/:domain/edit` | a person's edit: `{ object, id?, set: { name, "label:Allbound Status": "Active" }, by? }`; `object: "user"` for `active_flag`, `is_deleted`, `email`, `last_login`, `permission_sets: ["sales:Deals admin"]`, `role` … |
 * | `POST /companies/:domain/deny` | `{ part: "users"|"user_permissions"|"permission_sets"|"roles", because: "scope"|"right"|null }`: 403 for every token |
 * | `POST /companies/:domain/restrict` | `{ object, label, as: "locked"|"hidden"|null }`: a field, for whoever is no administrator |
 * | `POST /companies/:domain/retype` | `{ object, label, type }`: a field keeps its key and gets another type |
 * | `POST /companies/:domain/stage` | `{ pipeline, stage?, archived?, name? }`: archives, restores or renames a stage or a pipeline |
 * | `POST /companies/:domain/delete`, `/merge` | `{ object, id, by? }`, `{ object, id, into, by? }` |
 * | `GET /companies/:domain/records/:object[/:id]`, `/notes` | records with a `labels` map, deleted ones included |
 * | `GET`, `POST /clock` | `{ advanceMs }` |
 * | `GET`, `POST`, `DELETE /faults[/:id]` | `{ match: { side, method?, path?, company? }, kind, times?, ms?, status? }` |
 * | `GET`, `POST /deliveries` | `{ pause?, retryFactor?, meddle?: { kind, count, ms? }, calm?, resend?: [ids] }` |
 * | `GET /programs` | the tenants that have a partner program here |
 * | `GET /state` | how much of everything there is |
 */
export function controlApi(app: FastifyInstance, twin: PipedriveTwin): void {
  app.register(
    async (part) => {
      part.setErrorHandler(answerMisuse);
      part.setNotFoundHandler((request, reply) =>
        reply.status(404).send({ error: `the twin's control API has no ${request.method} ${request.url}` }),
      );
      companyRoutes(part, twin);
      settingsRoutes(part, twin);
      humanRoutes(part, twin);
      sharedRoutes(part, twin.ctx);
      part.get("/state", async () => stateOf(twin));
    },
    { prefix: "/_twin" },
  );
}

/** Refuses callers from other machines, wherever the twin listens. To be called before any `/_twin` route exists. */
export function guardControl(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    // The route that answers: `/%5Ftwin` is another spelling of the same one. Only an unknown path has none.
    const path = request.routeOptions.url ?? request.url;
    if (!path.startsWith("/_twin") || isLoopback(request.ip)) return;
    return reply.status(403).send({ error: "the twin's control API answers callers on its own machine only" });
  });
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

function stateOf({ companies, ctx }: PipedriveTwin): Record<string, unknown> {
  const count = (state: "pending" | "delivered" | "failed" | "dropped") => ctx.deliveries.list({ state }).length;
  return {
    now: new Date(ctx.clock.now()).toISOString(),
    seed: ctx.seed,
    companies: companies.all().map((company) => ({
      domain: company.domain,
      users: company.users.size,
      ...Object.fromEntries(OBJECTS.map((object) => [`${object}s`, company.tables[object].size])),
      notes: company.notes.size,
      webhooks: [...company.webhooks.values()].filter((webhook) => webhook.remove_time === null).length,
      /** Webhooks that were banned at some time: nobody knows what they were not told. */
      everBanned: [...company.webhooks.values()].filter((webhook) => webhook.bannedUntil > 0).length,
    })),
    deliveries: { pending: count("pending"), delivered: count("delivered"), failed: count("failed") },
    faults: ctx.faults.list().length,
  };
}
