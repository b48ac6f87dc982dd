import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { TwinContext } from "../context.ts";
import { installFaults } from "../fault-hooks.ts";
import { invalid, KINDS, notFound, Refusal } from "./model.ts";
import { commandDesk, parse } from "./receive.ts";
import { SIGNATURE_HEADER, signatureFault } from "./signature.ts";
import type { Program, Programs } from "./state.ts";
import type { BeginTurn } from "./turn.ts";

const BODY_LIMIT = 262_144;
const MINUTE_MS = 60_000;

const tenantParam = z.looseObject({ tenant: z.string() });
const idParam = z.looseObject({ id: z.string() });
const feedQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "is no cursor of ours")
    .default("0"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The program's own API under `/program/:tenant`: commands, aggregates and the feed, every request signed. */
export function wireRoutes(ctx: TwinContext, programs: Programs, beginTurn: BeginTurn) {
  const receive = commandDesk(ctx, programs, beginTurn);
  const overLimit = rateLimit(ctx);

  return async (app: FastifyInstance): Promise<void> => {
    // The signature covers bytes, so the body stays bytes until it is verified.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    app.setErrorHandler(answerRefusal);
    installFaults(app, { side: "program", faults: ctx.faults, tenantOf, answers: FAULT_ANSWERS });

    app.addHook("preHandler", async (request, reply) => {
      const program = programOf(request);
      const signed = request.body instanceof Buffer ? request.body : request.url;
      // Real time on both ends: days that pass on the twin's clock do not make a signature old.
      const fault = signatureFault(request.headers[SIGNATURE_HEADER], signed, program.settings.secrets, Date.now());
      if (fault) throw new Refusal(401, { error: fault });
      if (overLimit(program)) return reply.code(406).send({ error: "rate_limited" });
    });

    app.post("/commands", async (request, reply) => {
      const answer = receive(programOf(request), toJson(request.body));
      return reply.code(answer.status).type("application/json").send(answer.body);
    });

    for (const kind of KINDS) {
      app.get(`/${kind}/:id`, async (request) => {
        const { id } = parse(idParam, request.params);
        const aggregate = programOf(request).aggregates[kind].get(id);
        if (!aggregate || aggregate.version === 0) throw notFound(`${kind} ${id}`);
        return aggregate;
      });
    }

    app.get("/events", async (request) => {
      const { after, limit } = parse(feedQuery, request.query);
      const from = Number(after);
      const events = programOf(request).events.slice(from, from + limit);
      return { events, cursor: String(from + events.length) };
    });
  };

  function programOf(request: FastifyRequest): Program {
    const tenant = tenantOf(request);
    const program = programs.get(tenant);
    if (!program) throw notFound(`tenant ${tenant}`);
    return program;
  }
}

export function tenantOf(request: FastifyRequest): string {
  return parse(tenantParam, request.params).tenant;
}

export function answerRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (error instanceof Refusal) return reply.code(error.status).send(error.body);
  const status = z.object({ statusCode: z.int().min(400).max(499) }).safeParse(error).data?.statusCode;
  if (status !== undefined) return reply.code(status).send({ error: "invalid", message: String(error) });
  request.log.error({ err: error }, "the program twin broke");
  return reply.code(500).send({ error: "internal" });
}

const FAULT_ANSWERS = {
  status: (reply: FastifyReply, status: number) => reply.code(status).send({ error: "fault" }),
  html403: (reply: FastifyReply) => reply.code(403).type("text/html").send("<html><body>Forbidden</body></html>"),
  burst429: (reply: FastifyReply) => reply.code(429).header("retry-after", "2").send({ error: "rate_limited" }),
  daily429: (reply: FastifyReply) => reply.code(429).header("retry-after", "3600").send({ error: "rate_limited" }),
};

/** Requests of the running minute per tenant. The program it imitates says 406 beyond 20, without `Retry-After`. */
function rateLimit(ctx: TwinContext): (program: Program) => boolean {
  const minutes = new Map<string, { minute: number; count: number }>();
  return ({ tenant, settings }) => {
    if (settings.rateLimit === null) return false;
    const minute = Math.floor(ctx.clock.now() / MINUTE_MS);
    const known = minutes.get(tenant);
    const count = known?.minute === minute ? known.count + 1 : 1;
    minutes.set(tenant, { minute, count });
    return count > settings.rateLimit;
  };
}

function toJson(body: unknown): unknown {
  try {
    return JSON.parse(body instanceof Buffer ? body.toString("utf8") : "");
  } catch {
    throw invalid("the body is not JSON");
  }
}
