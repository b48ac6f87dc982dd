import type { FastifyInstance } from "fastify";
import type { TwinContext } from "../context.ts";
import { installFaults } from "../fault-hooks.ts";
import { type Companies, createCompanies } from "./company.ts";
import { createDailyBudget, type DailyBudget } from "./daily-budget.ts";
import { createGate, type Gate, sendAbusePage } from "./gate.ts";
import { createLimits, type Limits } from "./limits.ts";
import { Problem, v1Problem } from "./problem.ts";
import { createRecords, type Records } from "./records.ts";
import { fieldRoutes } from "./routes/fields.ts";
import { mergeRoutes } from "./routes/merge.ts";
import { noteRoutes } from "./routes/notes.ts";
import { permissionRoutes } from "./routes/permissions.ts";
import { pipelineRoutes } from "./routes/pipelines.ts";
import { recordRoutes } from "./routes/records.ts";
import { searchRoutes } from "./routes/search.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { createSpend, type Spend } from "./spend.ts";
import { createWebhooks, type Webhooks } from "./webhooks.ts";

/** The Pipedrive half, as the control API works on it. */
export interface PipedriveTwin {
  ctx: TwinContext;
  companies: Companies;
  records: Records;
  budget: DailyBudget;
  limits: Limits;
  spend: Spend;
  webhooks: Webhooks;
}

/** Registers the imitation of Pipedrive: `/api/v2/*` and `/api/v1/*` (also `/v1/*`), all accounts under one host. */
export function pipedriveTwin(app: FastifyInstance, ctx: TwinContext): PipedriveTwin {
  const { clock, journal } = ctx;
  const companies = createCompanies(ctx);
  const webhooks = createWebhooks({ clock, deliveries: ctx.deliveries, companies });
  const records = createRecords({ clock, journal, changed: webhooks.recordChanged });
  const budget = createDailyBudget(ctx);
  const limits = createLimits(clock, budget);
  const spend = createSpend();
  const gate = createGate({ companies, limits, spend });
  const twin: PipedriveTwin = { ctx, companies, records, budget, limits, spend, webhooks };

  app.addHook("onClose", async () => budget.keep());
  app.register(async (part) => v2(part, twin, gate), { prefix: "/api/v2" });
  for (const prefix of ["/api/v1", "/v1"]) app.register(async (part) => v1(part, twin, gate), { prefix });
  return twin;
}

function v2(part: FastifyInstance, twin: PipedriveTwin, gate: Gate): void {
  const unknown = { success: false, error: "Not found", code: "ERR_NOT_FOUND" };
  const malformed = { success: false, error: "Malformed body", code: "ERR_SCHEMA_VALIDATION_FAILED" };
  const broken = { success: false, error: "Internal Server Error", code: "ERR_UNKNOWN" };
  common(part, twin, gate, { unknown, malformed, broken });
  const route = gate.routes(part);
  recordRoutes(route, twin.records, twin.ctx.clock);
  searchRoutes(route, twin.ctx.clock);
  fieldRoutes(route, twin.ctx.clock);
  pipelineRoutes(route);
}

function v1(part: FastifyInstance, twin: PipedriveTwin, gate: Gate): void {
  const unknown = v1Problem(404, "Unknown method .").body;
  const malformed = v1Problem(400, "Bad request").body;
  const broken = v1Problem(500, "Internal Server Error").body;
  common(part, twin, gate, { unknown, malformed, broken });
  const route = gate.routes(part);
  userRoutes(route, { ...twin.ctx, webhooks: twin.webhooks });
  permissionRoutes(route);
  webhookRoutes(route, twin.ctx.clock);
  noteRoutes(route, twin.ctx.clock);
  mergeRoutes(route, { records: twin.records, clock: twin.ctx.clock, journal: twin.ctx.journal });
}

interface Envelopes {
  unknown: unknown;
  malformed: unknown;
  broken: unknown;
}

/** Faults, and each version's own wording of errors. */
function common(part: FastifyInstance, twin: PipedriveTwin, gate: Gate, envelopes: Envelopes): void {
  const { limits, ctx } = twin;
  installFaults(part, {
    side: "pipedrive",
    faults: ctx.faults,
    tenantOf: (request) => gate.companyOf(request)?.domain,
    answers: {
      status: (reply, status) => reply.status(status).send(envelopes.broken),
      html403: sendAbusePage,
      burst429: (reply) => {
        const { headers, problem } = limits.refusal(gate.companyOf(reply.request), "burst");
        return reply.headers(headers).status(429).send(problem.body);
      },
      daily429: (reply) => {
        const { headers, problem } = limits.refusal(gate.companyOf(reply.request), "daily");
        return reply.headers(headers).status(429).send(problem.body);
      },
    },
  });
  part.setNotFoundHandler((_request, reply) => reply.status(404).send(envelopes.unknown));
  part.setErrorHandler((error, request, reply) => {
    if (error instanceof Problem) return reply.status(error.status).send(error.body);
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status < 500) return reply.status(400).send(envelopes.malformed);
    ctx.log.error({ err: error, url: request.url }, "the twin broke");
    return reply.status(500).send(envelopes.broken);
  });
}
