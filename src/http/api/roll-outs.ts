import { z } from "zod";
import {
  type ApplyOptions,
  applyMapping,
  applyProposal,
  continueRollOut,
  rollBack,
  rollOutOf,
} from "../../operations/apply-mapping.ts";
import { planMapping } from "../../operations/plan-mapping.ts";
import { ROLL_OUT_STAGES, ROLL_OUT_STATES, type RollOut } from "../../store/roll-outs.ts";
import { CHANGE_PARTS } from "../../sync/mapping/diff.ts";
import { locate } from "../../sync/mapping/locate.ts";
import { CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../../sync/model.ts";
import { route } from "./route.ts";
import { mappingFinding, tenantParams, text } from "./shapes.ts";
import { withPlaces } from "./with-places.ts";

const tag = "Mappings";
const maybeText = z.string().nullable();
const count = z.number();

const change = z.object({
  part: z.enum(CHANGE_PARTS).exclude(["paper"]),
  name: z.string(),
  member: maybeText,
  from: maybeText,
  to: maybeText,
  object: z.enum(CRM_OBJECTS).nullable(),
  role: z.enum(ROLES).nullable(),
  records: count.nullable().describe("Linked records it touches; null: only what comes from now on."),
});

const row = z.object({
  object: z.enum(CRM_OBJECTS),
  crmId: count,
  label: z.string(),
  to: z.enum(["pipedrive", "program"]),
  before: z.string(),
  after: z.string(),
});

const entry = z.object({
  outcome: z.enum(["created", "linked"]),
  in: z
    .enum(["pipedrive", "program"])
    .describe("Where it would be made; of what would be linked, where the id stands."),
  object: z.enum(CRM_OBJECTS).nullable(),
  crmId: count.nullable(),
  kind: z.enum(PROGRAM_KINDS),
  programId: maybeText,
  name: z.string(),
});

const dryRun = z.object({
  sampled: count,
  changed: z.object({ pipedrive: count, program: count }),
  rows: z.array(row),
  organizations: z.object({
    looked: count,
    more: z.boolean(),
    enrolled: count,
    carryingIds: count,
    carryingStatus: z.record(z.string(), count),
  }),
  entries: z.array(entry).describe("Some of what would be made on either side, or tied to what is there."),
});

const outlook = z.object({
  tenantId: z.string(),
  revision: count,
  against: count.nullable(),
  changes: z.array(change),
  linked: z.partialRecord(z.enum(ROLES), count),
  withoutRecord: z.partialRecord(z.enum(PROGRAM_KINDS), count),
  findings: z.array(mappingFinding),
  price: z.object({ look: count, rollOut: count, writes: count.nullable() }).describe("In Pipedrive's tokens."),
  takesS: count.describe("Of the roll-out, at the account's two-second allowance; seconds."),
  daily: z
    .object({ limit: count, left: count, days: count })
    .nullable()
    .describe(
      "The account's tokens per day as last seen, and on how many days the roll-out spends them; null: not seen.",
    ),
  spent: count,
  dryRun: dryRun.nullable(),
});

const rollOut = z.object({
  tenantId: z.string(),
  revision: count,
  former: count.nullable(),
  stage: z.enum(ROLL_OUT_STAGES),
  state: z.enum(ROLL_OUT_STATES),
  enrol: z.boolean(),
  existingIds: z.enum(["adopt", "clear"]).nullable(),
  first: count,
  trial: z.array(z.object({ object: z.enum(CRM_OBJECTS), crmId: count })),
  asked: count.describe("Records that the workers were asked to look at."),
  cause: maybeText.describe("Why it is paused."),
  startedBy: z.string(),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
});

const document = text(500_000).describe("The file's text.");
const existingIds = z
  .enum(["adopt", "clear"])
  .nullable()
  .default(null)
  .describe("What becomes of ids that unlinked records carry already.");
const options = z.object({
  first: z.number().int().min(0).max(100).default(5).describe("Records that are tried before all."),
  enrol: z.boolean().default(true).describe("Organizations that carry a status enter whatever sync.start_at says."),
  existingIds,
});
const applied = z.object({
  tenantId: z.string(),
  revision: count,
  outcome: z.enum(["begun", "proposed"]).describe("`proposed`: it waits for a second person."),
  findings: z.array(mappingFinding),
});

export const rollOutRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/plan",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Say what putting a document in force would change; nothing is written",
    description:
      "Without `spend` only what costs nothing, and the price of the rest: a look at the account and at some records.",
    action: "mapping.plan",
    params: tenantParams,
    body: z.object({
      document,
      spend: z.boolean().default(false),
      sample: z.number().int().min(1).max(100).default(20).describe("Linked records of each object."),
      enrol: z.boolean().default(true),
    }),
    answer: outlook,
    async handle({ app, params: { tenant }, body: { document, ...asked }, changed }) {
      changed({ target: asked.spend ? "mapping, sampled records" : "mapping" });
      const found = await withPlaces(document, () => planMapping(app, tenant, document, asked));
      return { ...found, findings: locate(found.findings, document) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/roll-out",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The latest roll-out, and how far it is",
    params: tenantParams,
    answer: rollOut,
    handle: async ({ app, params }) => shown(await rollOutOf(app, params.tenant)),
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/roll-out",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Roll a document out: test records, then some records, then all",
    description:
      "It stops by itself when errors are found. Where the tenant wants four eyes the document is kept as a proposal.",
    action: "mapping.apply",
    params: tenantParams,
    body: options.extend({ document }),
    answer: applied,
    async handle({ app, actor, params: { tenant }, body: { document, ...asked }, changed }) {
      const put = await withPlaces(document, () => applyMapping(app, tenant, document, asked, actor));
      changed({ target: "mapping", after: { revision: put.revision, outcome: put.outcome, ...asked } });
      return { ...put, findings: locate(put.findings, document) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/roll-out/approve",
    role: "approver",
    reach: "tenant",
    tag,
    summary: "Roll the proposed document out",
    description: "By somebody else than who proposed it.",
    action: "mapping.apply-proposal",
    params: tenantParams,
    body: options.extend({
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .describe("Of the document that was read."),
    }),
    answer: applied,
    async handle({ app, actor, params: { tenant }, body: { sha256, ...asked }, changed }) {
      const { document } = await app.mappings.proposal(tenant);
      const put = await withPlaces(document, () =>
        applyProposal(app, tenant, sha256, asked satisfies ApplyOptions, actor),
      );
      changed({ target: "mapping", after: { revision: put.revision, outcome: put.outcome, ...asked } });
      return { ...put, findings: locate(put.findings, document) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/roll-out/continue",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Go on with a roll-out that has stopped",
    action: "mapping.apply-continue",
    params: tenantParams,
    body: z.object({ existingIds }),
    answer: rollOut,
    async handle({ app, params: { tenant }, body, changed }) {
      const roll = await continueRollOut(app, tenant, body.existingIds);
      changed({ target: "mapping", after: { revision: roll.revision, stage: roll.stage } });
      return shown(roll);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/rollback",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Take the latest change of the mapping back",
    description:
      "The document before is rolled out to all under a new revision number. While a roll-out has only tried some records, they return to the revision in force.",
    action: "mapping.rollback",
    params: tenantParams,
    answer: z.object({ tenantId: z.string(), revision: count.nullable(), repeats: count.nullable() }),
    async handle({ app, actor, params: { tenant }, changed }) {
      const before = await app.mappings.liveRevision(tenant);
      const back = await rollBack(app, tenant, actor);
      changed({
        target: "mapping",
        before: { revision: before },
        after: { revision: back.revision, repeats: back.repeats },
      });
      return back;
    },
  }),
];

function shown(roll: RollOut) {
  const { tenantId, revision, former, stage, state, enrol, existingIds, first, trial, asked } = roll;
  const { cause, startedBy, startedAt, endedAt } = roll;
  const how = { enrol, existingIds, first, trial, asked };
  return { tenantId, revision, former, stage, state, ...how, cause, startedBy, startedAt, endedAt };
}
