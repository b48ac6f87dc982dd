import { z } from "zod";
import { provideSixFields, verifySixFields } from "../../operations/six-fields.ts";
import { validateCredentials } from "../../operations/validate-credentials.ts";
import { CRM_OBJECTS } from "../../sync/model.ts";
import { route } from "./route.ts";
import { address, environment, line, tenantParams } from "./shapes.ts";

const tag = "Accounts";
const object = z.enum(CRM_OBJECTS);

const sixFields = z.object({
  tenantId: z.string(),
  companyDomain: z.string().nullable(),
  fields: z.array(
    z.object({
      object,
      name: z.string().describe("Its fixed name in the mapping document."),
      label: z.string(),
      type: z.string(),
      state: z
        .enum(["ready", "missing", "options missing", "blocked"])
        .describe("`blocked`: a person has to decide in Pipedrive first."),
      key: z.string().nullable().describe("Masked."),
      options: z.array(z.string()).describe("Those that are to be added."),
      notes: z.array(z.string()).describe("What keeps it from being used, or is odd about it."),
    }),
  ),
  complete: z.boolean(),
  price: z.number().describe("Of providing what is missing, in tokens."),
});

export const accountRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/credentials/validate",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Find out what a Pipedrive token may do",
    description:
      "Of the tenant's connection, or of an address and a token that are not connected yet. Needs neither mapping nor fields. At most 42 tokens, with test records 45 more; those stay in the account for the customer to delete.",
    action: "credentials.validate",
    params: tenantParams,
    body: z.object({
      given: z
        .object({
          url: address.describe("The company's own address, e.g. https://acme.pipedrive.com."),
          environment: environment.default("production"),
          token: line(4_000).describe("Not kept."),
        })
        .optional(),
      withTestRecords: z.boolean().default(false).describe("Makes an organization, a person and a deal."),
    }),
    answer: z.object({
      tenantId: z.string(),
      baseUrl: z.string(),
      user: z.object({ id: z.number(), name: z.string(), email: z.string() }).nullable(),
      company: z.object({ id: z.number(), name: z.string(), domain: z.string() }).nullable(),
      checks: z.array(
        z.object({
          about: z.string().describe("`read deal`, `create person` …"),
          state: z.enum(["ok", "warning", "failed", "not proven"]),
          detail: z.string(),
        }),
      ),
      limits: z
        .object({
          dailyTokens: z.number().nullable(),
          dailyLeft: z.number().nullable(),
          perTwoSeconds: z.number().nullable(),
        })
        .describe("Null: no answer told it."),
      testRecords: z.array(z.object({ object, id: z.number(), name: z.string() })),
      tokens: z.number().describe("What it cost."),
    }),
    async handle({ app, params, body: { given, withTestRecords }, changed }) {
      const asked = given && { baseUrl: given.url, environment: given.environment, token: given.token };
      const report = await validateCredentials(app, { tenantId: params.tenant, given: asked, withTestRecords });
      const records = report.testRecords.map((one) => `${one.object} ${one.id}`);
      changed({ target: `Pipedrive at ${report.baseUrl}`, after: { testRecords: records } });
      return report;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/fields/verify",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "What the account has of the six fields",
    description: "30 tokens. Changes nothing, and needs no mapping.",
    action: "fields.verify",
    params: tenantParams,
    answer: sixFields,
    async handle({ app, params, changed }) {
      changed({ target: "the six fields" });
      return verifySixFields(app, params.tenant);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/fields/provision",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Create what the account lacks of the six fields",
    description:
      "Uses what is there, adds options that are missing, and touches nothing else; while anything is blocked it does nothing. Its price is told by `fields/verify`.",
    action: "fields.provision",
    params: tenantParams,
    answer: sixFields.extend({
      done: z.array(
        z.object({
          object,
          label: z.string(),
          what: z.enum(["created", "options added"]),
          options: z.array(z.string()),
        }),
      ),
    }),
    async handle({ app, params, changed }) {
      changed({ target: "the six fields" }); // also where it breaks off
      const provided = await provideSixFields(app, params.tenant);
      const done = provided.done.map((one) => `${one.object} "${one.label}" ${one.what}`);
      changed({ target: "the six fields", after: { done } });
      return provided;
    },
  }),
];
