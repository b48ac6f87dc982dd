import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./deps.ts";

/** `GET /`: who is signed in, and where to go from here. */
export function landing(server: FastifyInstance, { config }: HttpDeps): void {
  const base = config.publicUrl ?? "";
  server.get("/", async (request) => ({
    name: "partnersync",
    signedInAs: { name: request.operator?.name, role: request.operator?.role },
    links: { queues: `${base}/queues`, health: `${base}/healthz`, readiness: `${base}/readyz` },
  }));
}
