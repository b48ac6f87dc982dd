import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { QUEUE_NAMES } from "../../src/queues/queue-names.ts";
import { startTestApi, type TestApi } from "./api.ts";
import { openBrowser } from "./browser.ts";
import { ask } from "./test-server.ts";

const QUEUE = QUEUE_NAMES.inbound;
const FOREIGN = "Zürich 株式会社";
const LIST = `/api/queues?activeQueue=${QUEUE}&status=latest&page=1&jobsPerPage=10`;

let api: TestApi;
let tokens: Record<"viewer" | "operator" | "approver" | "admin" | "limited viewer" | "limited admin", string>;
let jobs: { bell: string; foreign: string };

beforeAll(async () => {
  api = await startTestApi();
  await api.addTenant("harbourline");
  tokens = {
    viewer: await api.tokenOf({ role: "viewer" }),
    operator: await api.tokenOf({ role: "operator" }),
    approver: await api.tokenOf({ role: "approver" }),
    admin: await api.tokenOf({ role: "admin" }),
    "limited viewer": await api.tokenOf({ role: "viewer", tenants: ["harbourline"] }),
    "limited admin": await api.tokenOf({ role: "admin", tenants: ["harbourline"] }),
  };
  const queue = api.doorbells.queues.inbound;
  const bell = await queue.add("harbourline organization 4711", { tenantId: "harbourline", laneId: 7, more: FOREIGN });
  const foreign = await queue.add("foreign", { customer: FOREIGN, tenantId: "harbourline" });
  jobs = { bell: String(bell.id), foreign: String(foreign.id) };
});
afterAll(() => api.stop());

const board = (who: keyof typeof tokens, path: string, method = "GET", body?: unknown) =>
  ask(`${api.base}/queues${path}`, tokens[who], method, { body });

interface Shown {
  queues: { name: string; readOnlyMode: boolean; jobs: { id: string; name: string; data: unknown }[] }[];
}
const shown = async (who: keyof typeof tokens) => ((await (await board(who, LIST)).json()) as Shown).queues;

describe("the queue board", () => {
  test.each<[keyof typeof tokens, boolean]>([
    ["viewer", true],
    ["operator", false],
    ["approver", false],
  ])("is for a %s read-only: %s", async (who, isReadOnly) => {
    expect((await shown(who)).map(({ readOnlyMode }) => readOnlyMode)).toEqual([isReadOnly, isReadOnly]);
  });

  test("is read-only for an operator's session once they are a viewer", async () => {
    await api.operators.add({ name: "otto", role: "operator" });
    const browser = openBrowser(api.base);
    const { code } = await api.operators.issueOnce("otto");
    await browser.post("/sign-in/once", { code, password: "four unrelated words here" });
    const read = async () => ((await (await browser.get(`/queues${LIST}`)).json()) as Shown).queues[0]?.readOnlyMode;
    expect(await read()).toBe(false);
    await api.operators.setRole("otto", { role: "viewer", tenants: null });
    await browser.signIn("otto", "four unrelated words here");
    expect(await read()).toBe(true);
  });

  test.each([
    ["PUT", `/api/queues/${QUEUE}/pause`],
    ["PUT", `/api/queues/${QUEUE}/empty`],
    ["PUT", `/api/queues/${QUEUE}/obliterate`],
    ["PUT", `/api/queues/${QUEUE}/clean/waiting`],
    ["PUT", `/api/queues/${QUEUE}/1/clean`],
    ["PUT", "/api/queues/pause"],
    ["POST", `/api/queues/${QUEUE}/add`],
    ["PATCH", `/api/queues/${QUEUE}/1/update-data`],
  ])("lets nobody change by %s %s who may only look", async (method, path) => {
    const body = { name: "x", data: {}, options: {}, jobData: {} };
    for (const who of ["viewer", "limited viewer"] as const) {
      const answer = await board(who, path, method, body);
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
        403,
        "ROLE_NEEDED",
      ]);
    }
    const queue = api.doorbells.queues.inbound;
    expect([await queue.isPaused(), await queue.count()]).toEqual([false, 2]);
  });

  test.each(["/", LIST, `/api/queues/${QUEUE}/1`, "/static/favicon.ico"])(
    "is not there for who sees only some tenants, whatever their role: %s",
    async (path) => {
      for (const who of ["limited viewer", "limited admin"] as const) {
        const answer = await board(who, path);
        const text = await answer.text();
        expect([answer.status, JSON.parse(text).error.code]).toEqual([403, "ALL_TENANTS_NEEDED"]);
        expect(text).not.toContain("harbourline");
      }
    },
  );

  test("shows of a job what a bell holds, and of any other nothing", async () => {
    for (const who of ["viewer", "operator"] as const) {
      const [inbound] = await shown(who);
      const data = Object.fromEntries(inbound?.jobs.map((job) => [job.id, job.data]) ?? []);
      const bell = { tenantId: "harbourline", laneId: 7 };
      expect([data[jobs.bell], data[jobs.foreign]].map(unpacked)).toEqual([bell, "(not shown)"]);
    }
  });

  test.each([LIST, () => `/api/queues/${QUEUE}/${jobs.foreign}`, () => `/api/queues/${QUEUE}/${jobs.bell}`])(
    "shows nothing else of it anywhere (%#)",
    async (path) => {
      const answer = await board("operator", typeof path === "string" ? path : path());
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text).toContain('"timestamp"');
      expect(text).not.toContain("Zürich");
    },
  );

  test("lets operators change, and has that on record", async () => {
    const queue = api.doorbells.queues.inbound;
    const since = await api.lastOfTrail();
    expect((await board("operator", `/api/queues/${QUEUE}/${jobs.foreign}/clean`, "PUT")).status).toBeLessThan(300);
    expect(await queue.count()).toBe(1);
    expect((await board("approver", `/api/queues/${QUEUE}/pause`, "PUT")).status).toBe(200);
    expect(await queue.isPaused()).toBe(true);
    const row = { tenant_id: null, before: null, after: null };
    const cleaned = { ...row, action: "queue.clean", target: `queueName ${QUEUE}, jobId ${jobs.foreign}` };
    const paused = { ...row, action: "queue.pause", target: `queueName ${QUEUE}` };
    expect((await api.trail(since)).map(({ code: _, ...rest }) => rest)).toEqual(
      [cleaned, paused].flatMap((act) => ["begun", "done"].map((phase) => ({ phase, ...act }))),
    );
  });

  test("has on record what was refused or failed, without what a job was to hold", async () => {
    const since = await api.lastOfTrail();
    const body = { jobData: { FOREIGN }, name: FOREIGN, data: FOREIGN };
    await board("viewer", `/api/queues/${QUEUE}/1/update-data`, "PATCH", body);
    await board("admin", `/api/queues/${QUEUE}/none/update-data`, "PATCH", body);
    await board("viewer", LIST);
    const rows = await api.trail(since);
    expect(rows).toMatchObject([
      { phase: "refused", action: "queue.update-data", code: "ROLE_NEEDED" },
      { phase: "begun", action: "queue.update-data" },
      { phase: "failed", action: "queue.update-data" },
    ]);
    expect(JSON.stringify(rows)).not.toContain("Zürich");
  });
});

/** The board hands data on as it is, or as JSON. */
function unpacked(data: unknown): unknown {
  return typeof data === "string" && /^["{]/.test(data) ? JSON.parse(data) : data;
}
