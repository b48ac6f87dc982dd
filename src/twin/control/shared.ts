import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { TwinContext } from "../context.ts";
import { FAULT_KINDS } from "../faults.ts";
import { MEDDLE_KINDS } from "../meddling.ts";
import { ControlError, parse } from "./refusal.ts";

const advance = z.strictObject({ advanceMs: z.number().min(0) });

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
};

const fault = z.strictObject({
  id: z.string().min(1).optional(),
  match: z.strictObject({
    side: z.enum(["pipedrive", "program"]),
    method: z.string().optional(),
    path: z.string().refine(isPattern, "is not a regular expression").optional(),
    company: z.string().optional(),
    tenant: z.string().optional(),
  }),
  kind: z.enum(FAULT_KINDS),
  times: z.int().min(1).optional(),
  ms: z.number().min(0).max(600_000).optional(),
  status: z.int().min(400).max(599).optional(),
});

const order = z.strictObject({
  /** Stops or resumes all sending. */
  pause: z.boolean().optional(),
  /** Multiplies the waits between attempts. */
  retryFactor: z.number().min(0).optional(),
  /** Trouble for the next deliveries. */
  meddle: z
    .strictObject({
      kind: z.enum(MEDDLE_KINDS),
      count: z.int().min(1),
      ms: z.number().min(0).optional(),
      sender: z.enum(["pipedrive", "program"]).optional(),
      tenant: z.string().optional(),
    })
    .optional(),
  /** Forgets the trouble that is still arranged. */
  calm: z.literal(true).optional(),
  /** Ids of deliveries to send again. */
  resend: z.array(z.string()).optional(),
});

const filter = z.strictObject({
  sender: z.string().optional(),
  tenant: z.string().optional(),
  subject: z.string().optional(),
  state: z.enum(["pending", "delivered", "failed", "dropped"]).optional(),
});

/** Clock, faults and deliveries: what both halves of the twin share. */
export function sharedRoutes(app: FastifyInstance, ctx: TwinContext): void {
  const { clock, faults, deliveries } = ctx;
  const time = () => ({ now: new Date(clock.now()).toISOString(), offsetMs: clock.offset });
  const sending = () => {
    const { paused, retryFactor } = deliveries;
    return { paused, retryFactor, meddles: deliveries.meddles() };
  };

  app.get("/clock", async () => time());
  app.post("/clock", async (request) => {
    clock.advance(parse(advance, request.body).advanceMs);
    return time();
  });

  app.get("/faults", async () => ({ faults: faults.list() }));
  app.post("/faults", async (request) => faults.add(parse(fault, request.body)));
  app.delete("/faults", async () => ({ cleared: faults.clear() }));
  app.delete("/faults/:id", async (request) => {
    const { id } = request.params as { id: string };
    if (!faults.clear(id)) throw new ControlError(404, `no fault "${id}" is armed`);
    return { cleared: true };
  });

  app.get("/deliveries", async (request) => ({
    ...sending(),
    deliveries: deliveries.list(parse(filter, request.query)),
  }));
  app.post("/deliveries", async (request) => {
    const given = parse(order, request.body);
    const unknown = given.resend?.find((id) => !deliveries.list().some((delivery) => delivery.id === id));
    if (unknown) throw new ControlError(404, `no delivery "${unknown}"; GET /_twin/deliveries lists them`);
    if (given.retryFactor !== undefined) deliveries.retryFactor = given.retryFactor;
    if (given.calm) deliveries.calm();
    if (given.meddle) deliveries.meddle(given.meddle);
    if (given.pause === true) deliveries.pause();
    if (given.pause === false) deliveries.resume();
    for (const id of given.resend ?? []) deliveries.resend(id);
    return sending();
  });
}
