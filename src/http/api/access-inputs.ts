import { z } from "zod";
import { LARGEST_BYTES } from "../../access/roster/read-rows.ts";
import { InputError } from "../../errors.ts";
import { mapAccount } from "../../operations/access/confirm.ts";
import { takeRoster } from "../../operations/access/import-roster.ts";
import { loadPolicy, policyInForce } from "../../operations/access/load-policy.ts";
import { takeSnapshot } from "../../operations/access/take-snapshot.ts";
import { route } from "./route.ts";
import { line, moment, rowId, tenantParams, text } from "./shapes.ts";

const tag = "Access reviews";

/** Base64 is a third longer; the rest of the body is short. */
const MOST_ROSTER_CHARACTERS = Math.ceil(LARGEST_BYTES / 3) * 4;
const MOST_POLICY_CHARACTERS = 5_000_000;

const snapshotHead = z.object({
  id: z.string(),
  takenAt: z.date(),
  sha256: z.string().describe("Of the snapshot's text, which stands in the evidence."),
  tokens: z.number().describe("What reading it cost."),
});

const rosterHead = z.object({
  version: z.number(),
  sha256: z.string().describe("Of the bytes as given."),
  timeZone: z.string(),
  asOf: z.date(),
  rows: z.number(),
  importedBy: z.string(),
  importedAt: z.date(),
});

const mapWish = z.object({
  userId: rowId.describe("The account: a user's id in Pipedrive."),
  staff: line(500).optional().describe("Whose it is: the employee_id of a row of the roster."),
  class: z.enum(["external", "not_a_person"]).optional().describe("Or what it is, where nobody on the roster has it."),
  comment: text(2_000).optional().describe("For a class: who or what uses it, and who vouches for that."),
});

export const accessInputRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/access/snapshots",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Read who can get into the account, and keep it",
    description:
      "42 tokens and 2 for each permission set. What completed reviews wanted removed or changed is looked for in it.",
    action: "access.snapshot",
    params: tenantParams,
    body: z.object({
      assignments: z.boolean().default(false).describe("Also who has each permission set (20 tokens) and role (10)."),
      userPermissions: z.boolean().default(false).describe("Also what each active user may do: 10 tokens a user."),
    }),
    answer: snapshotHead.extend({
      users: z.number().nullable().describe("Null: they could not be read."),
      notAssessed: z.array(z.object({ part: z.string(), code: z.string(), message: z.string() })),
      followUpsClosed: z.number().describe("Removals and changes of completed reviews that it shows done."),
    }),
    status: 201,
    async handle({ app, params: { tenant }, body, changed }) {
      const { snapshot, ...head } = await takeSnapshot(app, tenant, body);
      const { users, permissionSets, roles, userPermissions } = snapshot.content;
      changed({ target: `access snapshot ${head.id}`, after: { sha256: head.sha256, tokens: head.tokens } });
      const parts = Object.entries({ users, permissionSets, roles, userPermissions });
      const notAssessed = parts.flatMap(([part, one]) => (one.assessed ? [] : [{ part, ...one.reason }]));
      return { ...head, users: users.assessed ? users.value.length : null, notAssessed };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/snapshots",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The last 50 snapshots, the latest first, without what they show",
    params: tenantParams,
    answer: z.object({ items: z.array(snapshotHead) }),
    async handle({ app, params: { tenant } }) {
      await app.tenants.known(tenant);
      return { items: await app.access.snapshots.list(tenant, 50) };
    },
  }),
  route({
    method: "PUT",
    path: "/tenants/:tenant/access/roster",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Take a roster in, whole or not at all",
    description: "CSV with a header row, UTF-8, 10 MiB at most. Every fault is told with its line.",
    action: "access.roster",
    params: tenantParams,
    mostBodyBytes: MOST_ROSTER_CHARACTERS + 10_000,
    body: z.object({
      content: z
        .string()
        .min(1)
        .max(MOST_ROSTER_CHARACTERS)
        .regex(/^[A-Za-z0-9+/]+={0,2}$/)
        .describe("The file's bytes in base64."),
      timeZone: line(100).describe("Where working days end, e.g. Europe/Berlin."),
      asOf: moment.optional().describe("The moment the roster speaks of; default: now."),
    }),
    answer: rosterHead.extend({ ignoredColumns: z.array(z.string()).describe("Headers that mean no column.") }),
    async handle({ app, actor, params: { tenant }, body: { content, timeZone, asOf }, changed }) {
      const before = await app.access.rosters.head(tenant);
      const wish = { bytes: Buffer.from(content, "base64"), timeZone, asOf };
      const taken = await takeRoster(app, tenant, wish, actor);
      const { version, rows, sha256 } = taken;
      changed({
        target: "access roster",
        before: { version: before?.version ?? null },
        after: { version, rows, sha256 },
      });
      return taken;
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/roster",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The roster in force, without the people on it",
    params: tenantParams,
    answer: rosterHead,
    async handle({ app, params: { tenant } }) {
      await app.tenants.known(tenant);
      const head = await app.access.rosters.head(tenant);
      if (head) return head;
      const hint = `partnersync access roster import <file> --tenant ${tenant} --time-zone <zone>`;
      throw new InputError("NO_ACCESS_ROSTER", `${tenant} has no roster`, "tenant", hint);
    },
  }),
  route({
    method: "PUT",
    path: "/tenants/:tenant/access/policy",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Put an access policy in force, whole or not at all",
    description: "Every fault is told with its place.",
    action: "access.policy",
    params: tenantParams,
    mostBodyBytes: 2 * MOST_POLICY_CHARACTERS,
    body: z.object({ document: text(MOST_POLICY_CHARACTERS).describe("The file's text.") }),
    answer: z.object({ version: z.number(), changed: z.boolean().describe("False: this very text was in force.") }),
    async handle({ app, actor, params: { tenant }, body: { document }, changed }) {
      const loaded = await loadPolicy(app, tenant, document, actor);
      changed({ target: "access policy", after: loaded });
      return loaded;
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/policy",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The access policy in force, as it was loaded",
    action: "access.policy.read",
    params: tenantParams,
    answer: z.object({
      version: z.number(),
      sha256: z.string(),
      loadedBy: z.string(),
      loadedAt: z.date(),
      document: z.string(),
    }),
    async handle({ app, params: { tenant } }) {
      const { text: document, ...rest } = await policyInForce(app, tenant);
      return { ...rest, document };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/access/map",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Say whose an account is, or what it is",
    description: "By a signed-in person with an e-mail address; the newest word about an account counts.",
    action: "access.map",
    params: tenantParams,
    body: mapWish,
    answer: z.object({ userId: z.number(), confirmedAt: z.string() }),
    async handle({ app, actor, params: { tenant }, body, changed }) {
      const { userId, comment } = body;
      const entry = await mapAccount(
        app,
        tenant,
        { userId, belongsTo: toOwner(body), comment: comment ?? null },
        actor,
      );
      changed({ target: `account ${userId}`, after: { class: body.class ?? null, staff: body.staff !== undefined } });
      return { userId, confirmedAt: entry.confirmedAt };
    },
  }),
];

/** @throws InputError MAP_OWNER_UNCLEAR */
function toOwner({ staff, class: kind }: z.output<typeof mapWish>) {
  if (staff !== undefined && kind === undefined) return { employeeId: staff };
  if (kind !== undefined && staff === undefined) return { class: kind };
  const hint = "name the employee_id of its person as staff, or else a class";
  throw new InputError("MAP_OWNER_UNCLEAR", "an account is somebody's or of a class: one of both", "body", hint);
}
