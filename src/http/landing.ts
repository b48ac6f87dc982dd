import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../store/actor.ts";
import { escaped, page } from "./page.ts";

const LINKS = {
  queues: ["/queues", "Bull Board", "the queues, run by run"],
  api: ["/api/docs", "Admin API", "what scripts can ask, to read and to try"],
  access: ["/access", "Access reviews", "who can get into Pipedrive, customer by customer"],
  health: ["/healthz", "Health", "the process is up"],
  readiness: ["/readyz", "Readiness", "the inbox can be written"],
} as const;

/** `GET /`: who is signed in, and where to go from here. */
export function landing(server: FastifyInstance): void {
  const access = { role: "viewer", reach: "own" } as const;
  server.get("/", { config: { access } }, async (request, reply) => {
    const actor = request.actor as Actor;
    if (!wantsPage(request)) return { name: "partnersync", signedInAs: toWords(actor), links: paths() };
    return reply.type("text/html; charset=utf-8").send(toPage(actor));
  });
}

function wantsPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/.test(headers.accept ?? "");
}

function toWords({ name, role, tenants }: Actor) {
  return { name, role, tenants };
}

function paths() {
  return Object.fromEntries(Object.entries(LINKS).map(([name, [path]]) => [name, path]));
}

function toPage({ name, role, tenants }: Actor): string {
  const reach = tenants === null ? "all tenants" : tenants.join(", ") || "no tenant";
  const links = Object.values(LINKS).map(([path, title, what]) => `<li><a href="${path}">${title}</a>: ${what}</li>`);
  return page(
    "partnersync",
    `<p>Signed in as <strong>${escaped(name)}</strong>, ${role}, for ${escaped(reach)}.</p>
<ul>
${links.join("\n")}
</ul>
<form method="post" action="/sign-out"><button>Sign out</button></form>`,
  );
}
