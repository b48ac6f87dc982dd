import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { TwinContext } from "../context.ts";
import { controlRoutes } from "./control.ts";
import type { ProgramEvent } from "./model.ts";
import { wireRoutes } from "./routes.ts";
import { SIGNATURE_HEADER, sign } from "./signature.ts";
import { createPrograms, type Programs } from "./state.ts";
import { turns } from "./turn.ts";

/** Waits before another attempt to push an event; after the last one only the feed still has it. */
const WAITS_MS = [1_000, 5_000, 30_000, 120_000, 600_000];
const SENDER = "program";

/** Where an event stands in its tenant's feed: a delivery need not carry it a second time. */
const pushed = z.object({ at: z.int() });

/**
 * The partner program half of the twin: many tenants under `/program/:tenant` with their own state, secrets and event
 * feed, and `/_twin/program/:tenant` to set them up and act as their people. To be called before the journal is
 * replayed.
 */
export function programTwin(app: FastifyInstance, ctx: TwinContext): Programs {
  const programs = createPrograms(ctx);
  registerSender(ctx, programs);
  const beginTurn = turns(ctx, programs, (event) => push(ctx, programs, event));
  app.register(wireRoutes(ctx, programs, beginTurn), { prefix: "/program/:tenant" });
  app.register(controlRoutes(ctx, programs, beginTurn), { prefix: "/_twin/program/:tenant" });
  return programs;
}

function push(ctx: TwinContext, programs: Programs, event: ProgramEvent): void {
  const program = programs.get(event.tenant_id);
  if (!program?.settings.events_url) return; // a tenant that only pulls
  ctx.deliveries.send({
    id: event.event_id,
    sender: SENDER,
    tenant: event.tenant_id,
    subject: event.aggregate.id,
    payload: { at: program.events.length - 1 },
  });
}

/** Each attempt is signed anew, with the first secret in force and to the address in force by then. */
function registerSender(ctx: TwinContext, programs: Programs): void {
  ctx.deliveries.register(SENDER, {
    waitsMs: WAITS_MS,
    render({ tenant, payload }) {
      const program = programs.get(tenant);
      const event = program?.events[pushed.parse(payload).at];
      const [secret] = program?.settings.secrets ?? [];
      const url = program?.settings.events_url;
      if (!event || !secret || !url) return null;
      const body = JSON.stringify(event);
      // Real time: the receiver's window knows nothing of the twin's clock.
      return { url, headers: { [SIGNATURE_HEADER]: sign(secret, body, Date.now()) }, body };
    },
  });
}
