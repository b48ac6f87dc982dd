import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";

/** The one shape in which errors leave the server. */
export const errorShape = z.object({
  error: z.object({
    code: z.string().describe("For programs, e.g. UNKNOWN_TENANT."),
    message: z.string().describe("What is wrong."),
    where: z.string().optional().describe("Where: a member of the body, a parameter, a side."),
    hint: z.string().optional().describe("What to do about it."),
    findings: z.array(z.unknown()).optional().describe("Of a document that was refused: all of them."),
    correlationId: z.string().describe("Under this the server's log and the audit trail tell more."),
  }),
});

const DESCRIPTION = `What the command line does, for scripts and pages. Sign in with \`Authorization: Bearer <token>\`
(\`partnersync user token\`), or with the session of a browser.

- **Errors** have one form: what, where, what to do, and a correlation id.
- **Lists** come in pages: pass \`next\` of one as \`cursor\` of the following.
- **Writes** may carry an \`Idempotency-Key\`: repeated within a day they get the first one's answer, marked
  \`Idempotency-Replayed\`, and nothing happens twice. An answer that holds a new secret is not kept.
- **Too many requests** of one token are answered 429 with \`Retry-After\`.
- Whoever is limited to some tenants is told of others that they do not exist.`;

/** The document is made of the very schemas that requests are checked with. */
export async function describeApi(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "partnersync admin API", version: "1", description: DESCRIPTION },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer", description: "An operator's token." },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "partnersync",
            description: "Of a browser that has signed in.",
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({
      zodToJsonConfig: {
        override: ({ zodSchema, jsonSchema }) => {
          if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
        },
      },
    }),
  });
}

/** The document, and a page to read it and try it out. */
export async function describeItself(server: FastifyInstance): Promise<void> {
  const access = { role: "viewer", reach: "own" } as const;
  server.addHook("onRoute", (options) => {
    options.config ??= { access };
    options.schema = { ...options.schema, hide: true };
  });
  server.get("/api/openapi.json", { config: { access } }, async () => server.swagger());
  await server.register(swaggerUi, {
    routePrefix: "/api/docs",
    // Without the bar that asks for the address of another document.
    uiConfig: { docExpansion: "list", defaultModelsExpandDepth: -1, layout: "BaseLayout" },
  });
}
