import { z } from "zod";
import { toZip } from "../../access/evidence/evidence-pack.ts";
import type { Finding } from "../../access/run.ts";
import { accessRun, assessAccess } from "../../operations/access/assess-access.ts";
import { evidenceOf } from "../../operations/access/evidence.ts";
import { runSummary } from "../../store/access-summary.ts";
import { fileAnswer, route } from "./route.ts";
import { line, tenantParams } from "./shapes.ts";

const tag = "Access reviews";

export const runId = line(64).describe("A run's id, or `latest`.");
const params = tenantParams.extend({ run: runId });
const nullable = z.string().nullable();

const runHead = z.object({
  id: z.string(),
  at: z.date(),
  rosterVersion: z.number().nullable(),
  policyVersion: z.number().nullable(),
  toolVersion: z.string(),
  summary: runSummary,
});

const finding = z.object({
  key: z.string(),
  code: z.string(),
  check: z.string(),
  severity: z.enum(["critical", "high", "medium", "low"]),
  state: z.enum(["open", "excepted", "closed"]),
  userId: z.number().nullable(),
  account: nullable,
  detail: z.string(),
  advice: z.string(),
  controls: z.array(z.string()),
  firstSeenAt: z.string(),
  dueAt: nullable,
  overdue: z.boolean(),
  owner: nullable,
});

const account = z.object({
  userId: z.number(),
  name: z.string(),
  email: z.string(),
  active: z.boolean(),
  lastLoginAt: nullable,
  admin: z.boolean().nullable(),
  access: z.array(z.string()),
  staff: z.object({ employeeId: z.string(), fullName: z.string(), status: z.string(), staffRole: nullable }).nullable(),
  class: nullable,
  matchKind: z.string(),
  suggested: z.array(z.object({ employeeId: z.string() })).describe("Who might be meant: for a person to confirm."),
  verdict: z.string(),
  codes: z.array(z.string()),
});

const check = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(["pass", "fail", "not_assessed"]),
  ...{ passed: z.number(), failed: z.number(), excepted: z.number(), notAssessed: z.number() },
  reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
});

export const accessRunRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/access/runs",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Assess the newest snapshot by the roster, policy and map in force",
    action: "access.assess",
    params: tenantParams,
    answer: runHead.extend({
      opened: z.number().describe("Findings that were not open before."),
      closed: z.number().describe("Findings that are mended."),
    }),
    status: 201,
    async handle({ app, params: { tenant }, changed }) {
      const assessed = await assessAccess(app, tenant);
      const { id, opened, closed, summary } = assessed;
      changed({ target: `access run ${id}`, after: { openFindings: summary.openFindings, opened, closed } });
      return assessed;
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/runs",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The last 50 assessments, the latest first, in numbers",
    params: tenantParams,
    answer: z.object({ items: z.array(runHead) }),
    async handle({ app, params: { tenant } }) {
      await app.tenants.known(tenant);
      return { items: await app.access.runs.list(tenant, 50) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/runs/:run",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "One assessment: accounts, checks and findings",
    action: "access.run.read",
    params,
    answer: runHead.extend({
      snapshot: z.object({
        sha256: z.string(),
        takenAt: z.string(),
        notAssessed: z.array(z.object({ part: z.string(), code: z.string(), message: z.string() })),
      }),
      reviewId: nullable,
      accounts: z.array(account),
      checks: z.array(check),
      findings: z.array(finding),
    }),
    async handle({ app, params: { tenant, run: asked }, changed }) {
      const { run, ...head } = await accessRun(app, tenant, asked);
      changed({ target: `access run ${head.id}` });
      const review = await app.access.reviews.ofRun(tenant, head.id);
      const { snapshot, accounts, checks, findings } = run;
      return { ...head, snapshot, reviewId: review?.review.reviewId ?? null, accounts, checks, findings };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/runs/:run/evidence.zip",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The evidence of a run and its review, as a zip",
    description: "What it was made of byte for byte, what was concluded, and a manifest for `sha256sum -c`.",
    action: "access.evidence",
    params,
    file: "application/zip",
    answer: fileAnswer,
    async handle({ app, params: { tenant, run }, changed }) {
      const pack = await evidenceOf(app, tenant, run);
      changed({ target: pack.folder });
      return { name: `${pack.folder}.zip`, bytes: toZip(pack) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/findings",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "What runs found and nobody has mended, with due times",
    action: "access.findings.read",
    params: tenantParams,
    query: z.object({
      closed: z
        .enum(["true", "false"])
        .transform((word) => word === "true")
        .default(false)
        .describe("Mended ones too."),
    }),
    answer: z.object({
      items: z.array(finding.extend({ runId: z.string(), lastSeenAt: z.date(), closedAt: z.date().nullable() })),
    }),
    async handle({ app, params: { tenant }, query: { closed } }) {
      await app.tenants.known(tenant);
      const found = await app.access.findings.list(tenant, { closed });
      return { items: found.map(({ finding: told, ...row }) => toAnswer(told, row)) };
    },
  }),
];

/** What is stored of a finding, with where it stands now. */
function toAnswer<R extends { firstSeenAt: Date }>(told: Finding, { firstSeenAt, ...row }: R) {
  return { ...told, ...row, firstSeenAt: firstSeenAt.toISOString() };
}
