import { z } from "zod";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import { approveMapping, putMapping } from "../../operations/approve-mapping.ts";
import { checkMappingText } from "../../operations/check-mapping.ts";
import { draftMapping } from "../../operations/scaffold-mapping.ts";
import { effectiveMapping } from "../../sync/mapping/effective.ts";
import { locate } from "../../sync/mapping/locate.ts";
import { CRM_OBJECTS, ROLES } from "../../sync/model.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { route } from "./route.ts";
import { mappingFinding, tenantParams, text } from "./shapes.ts";
import { withPlaces } from "./with-places.ts";

const tag = "Mappings";

const head = z.object({ tenantId: z.string(), revision: z.number(), loadedBy: z.string(), loadedAt: z.date() });

const loaded = z.object({
  tenantId: z.string(),
  revision: z.number(),
  outcome: z.enum(["in force", "unchanged", "proposed"]).describe("`proposed`: it waits for a second person."),
  resumed: z.boolean().describe("The Pipedrive connection was paused and goes on."),
  findings: z.array(mappingFinding).describe("What a person should know although nothing forbids the document."),
});

/** As the database keeps them. */
const REVISION = z.number().int().min(1).max(2_147_483_647);

const loadedRevision = z.object({
  revision: z.number(),
  state: z.enum(["live", "retired"]),
  loadedBy: z.string().describe("With who approved it, where two people did."),
  loadedAt: z.date(),
  sha256: z.string().describe("Of the document."),
});

const effectiveLine = z.object({
  role: z.enum(ROLES),
  object: z.enum(CRM_OBJECTS),
  label: z.string(),
  program: z.string(),
  direction: z.enum(["program_to_crm", "crm_to_program"]),
  write: z.string(),
  onConflict: z.string().nullable(),
  detail: z.string(),
  implied: z.boolean(),
});

export const mappingRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The mapping document in force",
    params: tenantParams,
    answer: head.extend({ document: z.string().describe("As it was loaded.") }),
    async handle({ app, params: { tenant } }) {
      const { revision, loadedBy, loadedAt, document } = await liveMapping(app, tenant);
      return { tenantId: tenant, revision, loadedBy, loadedAt, document };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/effective",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Everything that travels, listed in the document or not",
    params: tenantParams,
    answer: head.extend({ lines: z.array(effectiveLine) }),
    async handle({ app, params: { tenant } }) {
      const { revision, loadedBy, loadedAt, plan } = await liveMapping(app, tenant);
      return { tenantId: tenant, revision, loadedBy, loadedAt, lines: effectiveMapping(plan) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/revisions",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "What is and was in force, the newest first",
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(loadedRevision),
    async handle({ app, params: { tenant }, query: { limit, cursor } }) {
      await app.tenants.known(tenant);
      const before = fromCursor(cursor, REVISION);
      const rows = await app.mappings.revisions(tenant, { before, limit: limit + 1 });
      return toPage(rows, limit, ({ revision }) => revision);
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/revisions/:revision",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "A document that is or was in force",
    params: tenantParams.extend({ revision: z.coerce.number().pipe(REVISION) }),
    answer: loadedRevision.extend({ document: z.string().describe("As it was loaded.") }),
    async handle({ app, params: { tenant, revision } }) {
      await app.tenants.known(tenant);
      return app.mappings.revision(tenant, revision);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/scaffold",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Draft a document from the account",
    description:
      "At most 125 tokens: the account, and a search for test records. Where a person has to decide it has gaps, and cannot be put in force while it has any. Nothing is stored.",
    action: "mapping.scaffold",
    params: tenantParams,
    body: z.object({
      from: text(500_000).optional().describe("Another account's document: what was decided there is carried over."),
    }),
    answer: z.object({
      tenantId: z.string(),
      document: z.string(),
      gaps: z.array(z.object({ path: z.string(), what: z.string().describe("What has to be decided.") })),
      assumed: z
        .array(z.object({ path: z.string(), what: z.string() }))
        .describe("What was filled in for a person to confirm, and why."),
    }),
    async handle({ app, params: { tenant }, body: { from }, changed }) {
      changed({ target: "mapping" });
      return draftMapping(app, tenant, from);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/check",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Find every mistake in a document, with the live account, without putting it in force",
    description:
      "Up to 62 tokens; with `canary` at most `canaryPrice` more: 11 for each record that the document names in `verify`, and 30.",
    action: "mapping.check",
    params: tenantParams,
    body: z.object({
      document: text(500_000).describe("The file's text."),
      strict: z.boolean().default(false).describe("Warnings count as well."),
      canary: z
        .boolean()
        .default(false)
        .describe(
          "Writes to the `verify` records, puts back what was there and waits for the webhooks; looks for ids and statuses that are there already.",
        ),
    }),
    answer: z.object({
      tenantId: z.string().nullable(),
      findings: z.array(mappingFinding).describe("With their places, errors first."),
      summary: z.object({ errors: z.number(), warnings: z.number(), infos: z.number() }),
      live: z.boolean().describe("The account was looked at."),
      tried: z.array(z.enum(CRM_OBJECTS)).describe("Where writing was tried; of the others nothing is proven."),
      canaryPrice: z.number().nullable().describe("What `canary` costs at most, in tokens."),
      severity: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    }),
    async handle({ app, params: { tenant }, body: { document, ...options }, changed }) {
      changed({ target: options.canary ? "mapping, verify records" : "mapping" });
      return checkMappingText(document, { ...options, live: true, app, ofTenant: tenant });
    },
  }),
  route({
    method: "PUT",
    path: "/tenants/:tenant/mapping",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Check a document against the live account and put it in force",
    description:
      "Nothing changes when anything forbids it; all findings are told. Where the tenant wants four eyes it is kept as a proposal, for a second person to approve.",
    action: "mapping.load",
    params: tenantParams,
    body: z.object({ document: text(500_000).describe("The file's text.") }),
    answer: loaded,
    async handle({ app, actor, params, body: { document }, changed }) {
      const before = await app.mappings.live(params.tenant).catch(() => null);
      const put = await withPlaces(document, () => putMapping(app, params.tenant, document, actor));
      const { revision, outcome } = put;
      changed({ target: "mapping", before: { revision: before?.revision ?? null }, after: { revision, outcome } });
      return { ...put, findings: locate(put.findings, document) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/proposal",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The document that waits for a second person",
    params: tenantParams,
    answer: z.object({
      tenantId: z.string(),
      document: z.string(),
      sha256: z.string(),
      proposedBy: z.string(),
      proposedAt: z.date(),
    }),
    handle: ({ app, params }) => app.mappings.proposal(params.tenant),
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/proposal/approve",
    role: "approver",
    reach: "tenant",
    tag,
    summary: "Put the proposed document in force",
    description:
      "By somebody else than who proposed it: it is the signed-in person that counts, not what the document says.",
    action: "mapping.approve",
    params: tenantParams,
    body: z.object({
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .describe("Of the document that was read."),
    }),
    answer: loaded,
    async handle({ app, actor, params: { tenant }, body: { sha256 }, changed }) {
      const { document, proposedBy } = await app.mappings.proposal(tenant);
      const put = await withPlaces(document, () => approveMapping(app, tenant, sha256, actor));
      const { revision, outcome } = put;
      changed({ target: "mapping", before: { proposedBy }, after: { revision, outcome } });
      return { ...put, findings: locate(put.findings, document) };
    },
  }),
];

async function liveMapping(app: App, tenantId: string) {
  await app.tenants.known(tenantId);
  const live = await app.mappings.live(tenantId);
  if (live) return live;
  const hint = `partnersync mapping load mappings/${tenantId}.json`;
  throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant", hint);
}
