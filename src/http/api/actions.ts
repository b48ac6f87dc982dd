import { z } from "zod";
import { ACTIONS, actionOf, actionsNamed } from "../../actions/catalogue.ts";
import { SCOPE_CHOICES, scopesFor } from "../../actions/scopes.ts";
import { route } from "./route.ts";
import { line, text } from "./shapes.ts";

const tag = "Actions";
const jsonSchema = z.record(z.string(), z.unknown()).describe("JSON Schema");
const parameter = z.object({ name: z.string(), required: z.boolean(), description: z.string(), schema: jsonSchema });

const action = z.object({
  id: z.string(),
  label: z.string(),
  version: z.enum(["v1", "v2"]),
  guideScopes: z.array(z.string()).describe("What the setup guide gives for it; for some that is too little."),
  operationId: z.string(),
  summary: z.string(),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: z.string(),
  deprecated: z.boolean(),
  tokens: z.number().describe("What one call costs."),
  writes: z.boolean(),
  idempotent: z.boolean(),
  scopes: z.array(z.string()).describe("Any one of them is enough; every app has base."),
  paging: z.enum(["cursor", "start"]).nullable(),
  pathParameters: z.array(parameter),
  query: z.array(parameter),
  body: z.object({ contentType: z.string(), schema: jsonSchema }).nullable(),
  successStatus: z.number(),
});

const MOST_TEXT = 8_000; // all 121 ids take half of it

export const actionRoutes = [
  route({
    method: "GET",
    path: "/actions",
    role: "viewer",
    reach: "own",
    tag,
    summary: "What can be done in a Pipedrive account, for machines",
    description: "Every action with its price, its scopes, and a JSON Schema of what it takes.",
    answer: z.object({ actions: z.array(action) }),
    handle: async () => ({ actions: [...ACTIONS] }),
  }),
  route({
    method: "GET",
    path: "/actions/:action",
    role: "viewer",
    reach: "own",
    tag,
    summary: "One action",
    params: z.object({ action: line(100) }),
    answer: action,
    handle: async ({ params }) => actionOf(params.action),
  }),
  route({
    method: "GET",
    path: "/scopes",
    role: "viewer",
    reach: "own",
    tag,
    summary: "The scopes that an OAuth app has to ask for",
    query: z.object({
      actions: text(MOST_TEXT).describe("Ids of actions with commas between them, or all."),
      choose: z.enum(SCOPE_CHOICES).default("minimal").describe("minimal: no more than needed, and no less."),
    }),
    answer: z.object({
      choice: z.enum(SCOPE_CHOICES),
      scopes: z.array(z.string()),
      enableNothing: z.array(z.string()),
      tooSmall: z.array(z.object({ id: z.string(), label: z.string(), needsOneOf: z.array(z.string()) })),
      enables: z.array(z.object({ scope: z.string(), actions: z.array(z.string()) })),
    }),
    handle: async ({ query: { actions, choose } }) => scopesFor(actionsNamed(actions), choose),
  }),
];
