import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import type { Programs } from "../program/state.ts";

/** Files that the page is made of: no build step, no packages, nothing from elsewhere. */
const FILES = {
  "main.js": "text/javascript; charset=utf-8",
  "sides.js": "text/javascript; charset=utf-8",
  "settings.js": "text/javascript; charset=utf-8",
  "forms.js": "text/javascript; charset=utf-8",
  "dom.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "page.html": "text/html; charset=utf-8",
} as const;
type FileName = keyof typeof FILES;

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/**
 * `GET /_twin/`: both sides of a rehearsal beside each other, to edit a record on either and watch the change arrive. It
 * reads and writes through the control API, as any script could.
 */
export function twinPage(app: FastifyInstance, programs: Pick<Programs, "all">): void {
  app.register(
    async (part) => {
      part.get("/", async (_request, reply) => send(reply, "page.html"));
      for (const name of Object.keys(FILES) as FileName[]) {
        if (name !== "page.html") part.get(`/page/${name}`, async (_request, reply) => send(reply, name));
      }
      part.get("/programs", async () => ({ programs: programs.all().map(({ tenant }) => ({ tenant })) }));
    },
    { prefix: "/_twin" },
  );
}

interface Reply {
  headers(values: Record<string, string>): Reply;
  type(type: string): Reply;
  send(body: Buffer): unknown;
}

/** Read anew each time: a few kilobytes, and whoever works on the page sees it at once. */
function send(reply: Reply, name: FileName) {
  const body = readFileSync(new URL(name, import.meta.url));
  return reply.headers(HEADERS).type(FILES[name]).send(body);
}
