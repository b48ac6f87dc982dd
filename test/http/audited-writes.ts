import { readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { POLICY, rosterText, snapshotOf, user } from "../access/world.ts";
import type { TestApi } from "./api.ts";
import { conflictWrites } from "./conflict-rows.ts";
import { addMatch } from "./match-rows.ts";
import { planOf } from "./two-tenants.ts";

export const TENANT = "harbourline";
export const SECRET = "planted-secret-which-nobody-may-see";

type Ending = "done" | "failed";
/** A write, and what the trail has to say about it. */
export interface Row {
  /** What has to be there that no row before brings about. */
  given?: () => Promise<unknown>;
  path: () => string | Promise<string>;
  body?: unknown;
  ends: [Ending, code?: string];
  target?: RegExp;
  before?: unknown;
  after?: unknown;
}

interface Audited {
  api: TestApi;
  /** Of the tenant's connections. */
  ids: { pipedrive: string; program: string };
}

const away = { url: "http://127.0.0.1:1", environment: "rehearsal", publicUrl: "http://127.0.0.1:1" };
export const of = (rest: string) => () => `/tenants/${TENANT}${rest}`;
const anything = expect.anything();
export const document = readFileSync(`mappings/${TENANT}.json`, "utf8");
const ofPosts = readFileSync("mappings/lumenfield.json", "utf8").replace('"lumenfield"', `"${TENANT}"`);
const posted = { trigger: "Registered a company", company_id: "co_1", company_name: SECRET };
export async function ofReview(api: TestApi, rest: string): Promise<string> {
  const [review] = await api.access.reviews.list(TENANT, 1);
  return of(`/access/reviews/${review?.id}${rest}`)();
}

/** One that has stopped before its first step. */
async function addStoppedRollOut({ rollOuts }: TestApi) {
  const plan = { ...planOf(TENANT), revision: 3 };
  const what = { tenantId: TENANT, revision: 3, document, plan, former: 2, enrol: true, existingIds: null, first: 5 };
  await rollOuts.pause(await rollOuts.begin({ ...what, startedBy: "a" }), "test");
}

/** As of now, so that a review of it can be completed. */
function addSnapshot({ api, ids }: Audited) {
  const users = [user(1, "Ana Alder", "ana@acme.example"), user(2, SECRET, `${SECRET}@elsewhere.example`)];
  const snapshot = snapshotOf({ assessed: true, value: users }, { takenAt: new Date().toISOString() });
  return api.access.snapshots.add(TENANT, ids.pipedrive, snapshot);
}

/** Every write, in an order in which each finds what it needs. @param on what there is once the tests begin */
export const auditedWrites = (on: () => Audited): Record<string, Row> => ({
  "POST /tenants": {
    path: () => "/tenants",
    body: { id: "new-one" },
    ends: ["done"],
    target: /^tenant new-one$/,
    after: { id: "new-one" },
  },
  "POST /tenants/:tenant/pause": {
    path: of("/pause"),
    ends: ["done"],
    before: { pausedBy: null },
    after: { pausedBy: "root" },
  },
  "POST /tenants/:tenant/resume": {
    path: of("/resume"),
    ends: ["done"],
    before: { pausedBy: "root" },
    after: { pausedBy: null },
  },
  "PUT /tenants/:tenant/four-eyes": {
    path: of("/four-eyes"),
    body: { fourEyes: true },
    ends: ["done"],
    before: { fourEyes: false },
    after: { fourEyes: true },
  },
  "POST /tenants/:tenant/connections/pipedrive": {
    path: of("/connections/pipedrive"),
    body: { ...away, token: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/program": {
    path: of("/connections/program"),
    body: { ...away, publicUrl: undefined, secret: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/program/rotate-secret": {
    path: of("/connections/program/rotate-secret"),
    body: { secret: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/:connection/pause": {
    path: () => of(`/connections/${on().ids.program}/pause`)(),
    body: { reason: "because" },
    ends: ["done"],
    target: /^program connection /,
    before: { state: "active" },
    after: { state: "paused", pausedCause: "because" },
  },
  "POST /tenants/:tenant/connections/:connection/resume": {
    path: () => of(`/connections/${on().ids.program}/resume`)(),
    ends: ["done"],
    before: { state: "paused" },
    after: { state: "active" },
  },
  "POST /tenants/:tenant/connections/intake": {
    path: of("/connections/intake"),
    body: { environment: "rehearsal", publicUrl: away.publicUrl },
    ends: ["done"],
    target: /^program connection /,
    after: { state: "active", environment: "rehearsal" },
  },
  "POST /tenants/:tenant/connections/intake/rotate-secret": {
    path: of("/connections/intake/rotate-secret"),
    body: { publicUrl: away.publicUrl },
    ends: ["done"],
    target: /^program connection /,
  },
  "POST /tenants/:tenant/credentials/validate": {
    path: of("/credentials/validate"),
    body: { given: { url: away.url, environment: "rehearsal", token: SECRET } },
    ends: ["done"],
    target: /^Pipedrive at http:/,
    after: { testRecords: [] },
  },
  "POST /tenants/:tenant/fields/verify": {
    path: of("/fields/verify"),
    ends: ["failed", "UNREACHABLE"],
    target: /^the six fields$/,
  },
  "POST /tenants/:tenant/fields/provision": {
    path: of("/fields/provision"),
    ends: ["failed", "UNREACHABLE"],
    target: /^the six fields$/,
  },
  "POST /tenants/:tenant/records/:object/:id/undo/plan": {
    path: of("/records/organization/4711/undo/plan"),
    body: {},
    ends: ["failed", "NOT_LINKED"],
    target: /^organization 4711$/,
  },
  "POST /tenants/:tenant/records/:object/:id/undo/create": {
    path: of("/records/organization/4711/undo/create"),
    body: { confirm: true },
    ends: ["failed", "NOT_CREATED"],
    target: /^organization 4711$/,
  },
  "POST /tenants/:tenant/records/:object/:id/undo": {
    path: of("/records/organization/4711/undo"),
    body: { plan: "no plan" },
    ends: ["failed", "BAD_PLAN"],
    target: /^organization 4711$/,
  },
  "POST /tenants/:tenant/history/verification": {
    path: of("/history/verification"),
    body: {},
    ends: ["done"],
    target: /^history from 1$/,
    after: { broken: null },
  },
  "POST /tenants/:tenant/mapping/scaffold": {
    path: of("/mapping/scaffold"),
    body: {},
    ends: ["failed", "UNREACHABLE"],
    target: /^mapping$/,
  },
  "POST /tenants/:tenant/mapping/intake-try": {
    path: of("/mapping/intake-try"),
    body: { sample: JSON.stringify(posted), document: ofPosts },
    ends: ["done"],
  },
  "POST /tenants/:tenant/mapping/plan": {
    path: of("/mapping/plan"),
    body: { document: document.replace('"revision": 1', '"revision": 3') },
    ends: ["done"],
    target: /^mapping$/,
  },
  "POST /tenants/:tenant/mapping/drift": { path: of("/mapping/drift"), ends: ["failed", "UNREACHABLE"] },
  "POST /tenants/:tenant/mapping/paused-fields": {
    path: of("/mapping/paused-fields"),
    body: { field: "partner.name" },
    ends: ["done"],
    target: /^field partner\.name$/,
    after: { paused: true, object: null },
  },
  "POST /tenants/:tenant/mapping/paused-fields/resume": {
    path: of("/mapping/paused-fields/resume"),
    body: { field: "partner.name", object: "organization" },
    ends: ["done"],
    target: /^field partner\.name$/,
    after: { paused: false, object: "organization" },
  },
  "POST /tenants/:tenant/mapping/check": {
    path: of("/mapping/check"),
    body: { document: `{"token": "${SECRET}"}`, canary: true },
    ends: ["done"],
    target: /^mapping, verify records$/,
  },
  "PUT /tenants/:tenant/mapping": {
    path: of("/mapping"),
    body: { document: `{"token": "${SECRET}"}` },
    ends: ["failed", expect.anything() as never],
  },
  "POST /tenants/:tenant/mapping/proposal/approve": {
    path: of("/mapping/proposal/approve"),
    body: { sha256: "0".repeat(64) },
    ends: ["failed", "NO_PROPOSAL"],
  },
  "POST /tenants/:tenant/mapping/roll-out": {
    path: of("/mapping/roll-out"),
    body: { document: `{"token": "${SECRET}"}` },
    ends: ["failed", anything as never],
  },
  "POST /tenants/:tenant/mapping/roll-out/approve": {
    path: of("/mapping/roll-out/approve"),
    body: { sha256: "0".repeat(64) },
    ends: ["failed", "NO_PROPOSAL"],
  },
  "POST /tenants/:tenant/mapping/roll-out/continue": {
    given: () => addStoppedRollOut(on().api),
    path: of("/mapping/roll-out/continue"),
    body: {},
    ends: ["done"],
    target: /^mapping$/,
    after: { revision: 3, stage: "canary" },
  },
  "POST /tenants/:tenant/mapping/rollback": {
    path: of("/mapping/rollback"),
    ends: ["done"],
    target: /^mapping$/,
    before: { revision: 2 },
    after: { revision: 2, repeats: null },
  },
  "POST /tenants/:tenant/access/snapshots": {
    path: of("/access/snapshots"),
    body: {},
    ends: ["failed", "UNREACHABLE"],
  },
  "PUT /tenants/:tenant/access/roster": {
    path: of("/access/roster"),
    body: { content: Buffer.from(rosterText([])).toString("base64"), timeZone: "Europe/Berlin" },
    ends: ["done"],
    target: /^access roster$/,
    before: { version: null },
    after: { version: 1, rows: 2 },
  },
  "PUT /tenants/:tenant/access/policy": {
    path: of("/access/policy"),
    body: { document: JSON.stringify({ ...POLICY, two_factor: { ...POLICY.two_factor, evidence_file: SECRET } }) },
    ends: ["done"],
    target: /^access policy$/,
    after: { version: 1, changed: true },
  },
  "POST /tenants/:tenant/access/map": {
    given: () => addSnapshot(on()),
    path: of("/access/map"),
    body: { userId: 2, class: "external", comment: SECRET },
    ends: ["done"],
    target: /^account 2$/,
    after: { class: "external", staff: false },
  },
  "POST /tenants/:tenant/access/runs": {
    path: of("/access/runs"),
    ends: ["done"],
    target: /^access run /,
    after: { openFindings: anything, opened: anything, closed: 0 },
  },
  "POST /tenants/:tenant/access/reviews": {
    path: of("/access/reviews"),
    body: {},
    ends: ["done"],
    target: /^access review /,
    after: { state: "open", accounts: 2 },
  },
  "POST /tenants/:tenant/access/reviews/:review/decisions": {
    path: () => ofReview(on().api, "/decisions"),
    body: { userIds: [1, 2], choice: "remove", comment: SECRET },
    ends: ["done"],
    target: /^access review /,
    after: { userIds: [1, 2], choice: "remove" },
  },
  "POST /tenants/:tenant/access/reviews/:review/complete": {
    path: () => ofReview(on().api, "/complete"),
    ends: ["done"],
    target: /^access review /,
    after: { state: "completed", undecided: 0, openFollowUps: 2 },
  },
  "POST /tenants/:tenant/access/reviews/:review/removals": {
    path: () => ofReview(on().api, "/removals"),
    body: { userId: 2, confirm: true },
    ends: ["failed", "REMEDIATION_BY_HAND"],
    target: /^access review .*, account 2$/,
  },
  "POST /tenants/:tenant/records/:object/:id/sync": {
    path: of("/records/deal/12/sync"),
    ends: ["done"],
    target: /^deal 12$/,
  },
  "POST /tenants/:tenant/links": {
    path: of("/links"),
    body: { object: "organization", crmId: 12, kind: "partner", programId: "prt_1" },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/links/unlink": {
    path: of("/links/unlink"),
    body: { object: "organization", crmId: 12, kind: "partner", programId: "prt_1" },
    ends: ["failed", "NOT_LINKED"],
  },
  "POST /tenants/:tenant/findings/:finding/close": {
    path: of("/findings/1/close"),
    ends: ["done"],
    target: /^finding 1$/,
    before: { closed: false },
    after: { closed: true },
  },
  "POST /tenants/:tenant/matches/:match/decide": {
    given: () =>
      addMatch(on().api, { tenantId: TENANT, connectionId: on().ids.program, mark: SECRET, programId: "reg_1" }),
    path: of("/matches/1/decide"),
    body: { choice: "link", crmId: 12, comment: SECRET },
    ends: ["done"],
    target: /^match 1 of deal_registration reg_/,
    before: { state: "open", choice: null, crmId: null },
    after: { state: "decided", choice: "link", crmId: 12 },
  },
  "POST /tenants/:tenant/replay": {
    path: of("/replay"),
    body: { record: { object: "deal", id: "12" } },
    ends: ["done"],
    target: /^deal 12$/,
    after: { replayed: 1, left: 0, dryRun: false },
  },
  "PUT /tenants/:tenant/limits": {
    path: of("/limits"),
    body: { windowMinutes: 5 },
    ends: ["done"],
    target: /^limits$/,
    before: { windowMinutes: 10 },
    after: { windowMinutes: 5 },
  },
  "POST /tenants/:tenant/limits/resume": {
    path: of("/limits/resume"),
    body: { minutes: 5 },
    ends: ["done"],
    target: /^limits$/,
    after: { resumed: [], minutes: 5 },
  },
  ...conflictWrites(on, SECRET),
  "POST /users": {
    path: () => "/users",
    body: { name: "otto", role: "operator", email: "otto@example.com" },
    ends: ["done"],
    target: /^user otto$/,
    after: { role: "operator", tenants: null },
  },
  "PUT /users/:name/role": {
    path: () => "/users/otto/role",
    body: { role: "viewer", tenants: [TENANT] },
    ends: ["done"],
    target: /^user otto$/,
    before: { role: "operator", tenants: null },
    after: { role: "viewer", tenants: [TENANT] },
  },
  "POST /users/:name/disable": {
    path: () => "/users/otto/disable",
    ends: ["done"],
    before: { disabledAt: null },
    after: { disabledAt: anything },
  },
  "POST /users/:name/enable": {
    path: () => "/users/otto/enable",
    ends: ["done"],
    before: { disabledAt: anything },
    after: { disabledAt: null },
  },
  "POST /users/:name/sign-in": { path: () => "/users/otto/sign-in", ends: ["done"], target: /^user otto$/ },
  "POST /users/:name/tokens": {
    path: () => "/users/otto/tokens",
    body: { name: "script" },
    ends: ["done"],
    target: /^token .* of otto$/,
    after: { name: "script", role: "viewer" },
  },
  "POST /users/:name/tokens/revoke": {
    path: () => "/users/otto/tokens/revoke",
    body: {},
    ends: ["done"],
    target: /^tokens of otto$/,
    before: { inForce: [anything] },
  },
});
