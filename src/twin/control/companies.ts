import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Company } from "../pipedrive/company.ts";
import { CREATABLE_TYPES, OPTION_TYPES, typeOfUiWord, UI_WORD_LIST } from "../pipedrive/field-types.ts";
import type { PipedriveTwin } from "../pipedrive/index.ts";
import { APPS, DENIABLE } from "../pipedrive/model.ts";
import { clashingField, companyOverview, setUpCompany } from "../pipedrive/setup.ts";
import { type Switches, switchProblem } from "../pipedrive/switches.ts";
import { accessChanges } from "./access-changes.ts";
import { ControlError, parse } from "./refusal.ts";

const field = z
  .strictObject({
    label: z.string().trim().min(1).max(255),
    type: z.string().optional(),
    field_type: z.string().optional(),
    options: z.array(z.string().trim().min(1).max(255)).optional(),
  })
  .transform(({ label, type, field_type, options }, context) => {
    const word = type ?? field_type ?? "";
    const known = typeOfUiWord(word) ?? CREATABLE_TYPES.find((one) => one === word);
    if (!known) context.addIssue(`"${label}": unknown type "${word}". Known: ${UI_WORD_LIST.join(", ")}, or API types`);
    if (known && OPTION_TYPES.has(known) && !options?.length) context.addIssue(`"${label}": needs options`);
    return { label, field_type: known ?? "", options };
  });

const limits = z.strictObject({
  dailyTokens: z.int().min(0).nullable().optional(),
  burstPer2s: z.int().min(1).nullable().optional(),
  off: z.boolean().optional(),
  abuseAfter: z.int().min(0).optional(),
});

const switches = z.record(z.string(), z.unknown()).transform((given, context): Partial<Switches> => {
  for (const [name, value] of Object.entries(given)) {
    const problem = switchProblem(name, value);
    if (problem) context.addIssue(problem);
  }
  return given as Partial<Switches>;
});

const setup = z.strictObject({
  domain: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, "is the part before .pipedrive.com: a-z, 0-9 and -"),
  name: z.string().optional(),
  plan: z.enum(["lite", "growth", "premium", "ultimate"]).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  limits: limits.optional(),
  switches: switches.optional(),
  users: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        email: z.email(),
        admin: z.boolean().optional(),
        active: z.boolean().optional(),
        ...accessChanges,
      }),
    )
    .default([]),
  permission_sets: z
    .array(
      z.strictObject({
        app: z.enum(APPS),
        name: z.string().min(1),
        type: z.enum(["admin", "manager", "regular", "custom"]).optional(),
        contents: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  roles: z.array(z.strictObject({ name: z.string().min(1), parent: z.string().optional() })).optional(),
  fields: z
    .strictObject({
      organization: z.array(field).optional(),
      person: z.array(field).optional(),
      deal: z.array(field).optional(),
    })
    .optional(),
  pipelines: z.array(z.strictObject({ name: z.string().min(1), stages: z.array(z.string().min(1)).min(1) })).optional(),
});

const denial = z.strictObject({ part: z.enum(DENIABLE), because: z.enum(["scope", "right"]).nullable() });
const budget = z.strictObject({ remaining: z.int().min(0) });

/** Sets accounts up and shows what they cost. */
export function companyRoutes(app: FastifyInstance, twin: PipedriveTwin): void {
  const { clock, journal, seed } = twin.ctx;

  app.post("/companies", async (request) => {
    const given = parse(setup, request.body);
    const known = twin.companies.get(given.domain);
    if (!known && given.users.length === 0) throw new ControlError(400, "users: a new company needs at least one user");
    const clash = clashingField(known, given);
    if (clash) {
      const { field_name, field_type } = clash.field;
      throw new ControlError(409, `"${field_name}" exists already with type ${field_type}, not ${clash.as}`);
    }
    const before = new Set(known?.users.keys());
    const company = journal.together(() => {
      const company = setUpCompany(twin.companies, seed, given, clock.now());
      for (const user of known ? company.users.values() : []) {
        if (!before.has(user.id))
          twin.webhooks.userChanged(company, user, null, {
            userId: [...company.users.keys()][0] ?? user.id,
            source: "app",
          });
      }
      return company;
    });
    return companyOverview(company);
  });
  app.get("/companies", async () => ({
    companies: twin.companies.all().map((company) => ({ domain: company.domain, name: company.info.name })),
  }));
  app.get("/companies/:domain", async (request) => companyOverview(companyAt(twin, request.params)));
  app.get("/companies/:domain/spend", async (request) => {
    const company = companyAt(twin, request.params);
    const { limit, remaining, endsAt } = twin.budget.today(company);
    const day = { limit, remaining, endsAt: new Date(endsAt).toISOString() };
    return { ...twin.spend.totals(company.domain), day };
  });
  app.post("/companies/:domain/deny", async (request) => {
    const company = companyAt(twin, request.params);
    const { part, because } = parse(denial, request.body);
    const { [part]: _, ...others } = company.info.denied ?? {};
    const denied = because === null ? others : { ...others, [part]: because };
    company.remember({ info: { ...company.info, denied } });
    return { denied };
  });
  app.post("/companies/:domain/budget", async (request) => {
    const company = companyAt(twin, request.params);
    twin.budget.leave(company, parse(budget, request.body).remaining);
    return { ...twin.budget.today(company) };
  });
}

/** @throws ControlError 404 naming the companies there are */
export function companyAt(twin: PipedriveTwin, params: unknown): Company {
  const { domain } = params as { domain: string };
  const company = twin.companies.get(domain);
  if (company) return company;
  const known = twin.companies.all().map((one) => one.domain);
  throw new ControlError(
    404,
    `no company "${domain}". Known: ${known.join(", ") || "none, POST /_twin/companies first"}`,
  );
}
