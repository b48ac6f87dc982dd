import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { TwinContext } from "../context.ts";
import { act, actorKind, perform } from "./acts.ts";
import { KINDS, notFound } from "./model.ts";
import { parse } from "./receive.ts";
import { answerRefusal, tenantOf } from "./routes.ts";
import type { Program, Programs } from "./state.ts";
import type { BeginTurn } from "./turn.ts";

const tenantName = z.string().regex(/^[a-z0-9-]{2,40}$/, "has to be 2 to 40 of a-z, 0-9 and -");
const settings = z.strictObject({
  secrets: z.array(z.string().min(1).max(256)).min(1).max(4),
  events_url: z.url({ protocol: /^https?$/ }).nullable(),
  idFormat: z.enum(["prefixed", "opaque"]).optional(),
  /** Requests a minute before 406; null switches it off. */
  rate_limit_per_minute: z.int().min(0).nullable().optional(),
});
const aggregateParams = z.looseObject({ kind: z.enum(KINDS), id: z.string().optional() });

/** Sets tenants up, acts as the portal's people and shows what the program knows: `/_twin/program/:tenant`. */
export function controlRoutes(ctx: TwinContext, programs: Programs, beginTurn: BeginTurn) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(answerRefusal);

    app.put("/", async (request) => {
      const tenant = parse(tenantName, tenantOf(request));
      const { secrets, events_url, idFormat, rate_limit_per_minute: rateLimit } = parse(settings, request.body);
      const known = programs.get(tenant)?.settings ?? { idFormat: "prefixed" as const, rateLimit: null };
      const program = programs.setUp(tenant, {
        secrets,
        events_url,
        idFormat: idFormat ?? known.idFormat,
        rateLimit: rateLimit === undefined ? known.rateLimit : rateLimit,
      });
      return overview(program);
    });

    app.get("/", async (request) => overview(programOf(request)));

    app.post("/act", async (request) => {
      const program = programOf(request);
      const given = parse(act, request.body);
      const kind = actorKind(given);
      return ctx.journal.together(() =>
        perform(
          given,
          beginTurn(program, { origin: "program", actor: { kind, id: kind, label: LABELS[kind] }, causationId: null }),
        ),
      );
    });

    app.get("/aggregates", async (request) => {
      const { aggregates } = programOf(request);
      return Object.fromEntries(KINDS.map((kind) => [kind, [...aggregates[kind].values()]]));
    });

    app.get("/aggregates/:kind", async (request) => {
      const { kind } = parse(aggregateParams, request.params);
      return [...programOf(request).aggregates[kind].values()];
    });

    app.get("/aggregates/:kind/:id", async (request) => {
      const { kind, id = "" } = parse(aggregateParams, request.params);
      const aggregate = programOf(request).aggregates[kind].get(id);
      if (!aggregate) throw notFound(`${kind} ${id}`);
      return aggregate;
    });

    app.get("/commands", async (request) => commandLog(programOf(request)));
    app.get("/findings", async (request) => programOf(request).findings);
    app.get("/events", async (request) => programOf(request).events);
  };

  function programOf(request: FastifyRequest): Program {
    const tenant = tenantOf(request);
    const program = programs.get(tenant);
    if (!program) throw notFound(`tenant ${tenant}: set it up with PUT first`);
    return program;
  }
}

const LABELS = { partner_user: "Partner user", vendor_user: "Channel desk", system: "Program" } as const;

function overview({ tenant, settings: { secrets: _, ...rest }, aggregates, events, commands }: Program) {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, aggregates[kind].size]));
  return { tenant, ...rest, aggregates: counts, events: events.length, commands: commands.length };
}

/** Every command as it came, and per command how many changed something, changed nothing, were refused or repeated. */
function commandLog({ commands }: Program) {
  const counts: Record<string, Record<string, number>> = {};
  for (const { command, outcome } of commands) {
    counts[command] ??= { received: 0, changed: 0, unchanged: 0, refused: 0, repeated: 0 };
    const count = counts[command];
    count.received = (count.received ?? 0) + 1;
    count[outcome] = (count[outcome] ?? 0) + 1;
  }
  const changed = commands.filter(({ outcome }) => outcome === "changed").length;
  const log = commands.map(({ digest: _, answer, ...rest }) => ({ ...rest, answer: JSON.parse(answer) as unknown }));
  return { total: commands.length, changed, counts, log };
}
