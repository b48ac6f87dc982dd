import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Job } from "bullmq";
import type { App } from "../../src/app.ts";
import { ConnectionError, NoEffectError, ParkedError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";
import { type Direction, ROLES } from "../../src/sync/model.ts";
import { answerBell } from "../../workers/answer-bell.ts";
import { openTestBells, type TestBells, until } from "../queues/test-bells.ts";
import type { TestTenant } from "../store/test-lanes.ts";
import { eachBackend } from "../support/backends.ts";

eachBackend((backend) => {
  let bells: TestBells;
  let tenant: TestTenant;
  let lane: number;
  beforeAll(async () => {
    bells = await openTestBells(backend);
  }, 60_000);
  afterAll(() => bells.stop());
  beforeEach(async () => {
    tenant = await bells.addTenant();
    lane = await tenant.takeWebhook();
  });
  afterEach(() => bells.clear());

  /** Lets a worker answer the lane's bell, when its tenant's context is this one or cannot be opened. */
  async function answered(context: Promise<unknown>, state: "completed" | "failed", direction: Direction = "inbound") {
    context.catch(() => {}); // asked for later
    const timings = { leaseMs: 60_000, callTimeoutMs: 10_000, callMarginMs: 5_000, graceMs: 60_000, sweepMs: 5_000 };
    const { lanes, writes, links, ringer } = bells;
    const connections = { pause: async () => true, park: async () => true };
    const parts = { lanes, writes, links, ringer, connections, log: createLogger({ level: "silent" }) };
    const app = { ...parts, contexts: () => context, config: { timings } } as unknown as App;
    bells.doorbells.listen(direction, (bell) => answerBell(bell, direction, app), 1);
    await ringer.ringDue(tenant.id, [direction]);
    const queue = bells.doorbells.queues[direction];
    await until(async () => (await queue.getJobCountByTypes(state)) > 0);
    const [job] = await queue.getJobs([state]);
    return job as Job;
  }
  const refused = (error: Error) => Promise.reject(error);

  describe("a run in the dashboard", () => {
    test("that parks completes, and its return value says until when", async () => {
      const until = new Date(Date.now() + 60_000);
      const job = await answered(refused(new ParkedError("program", until, "daily budget used up")), "completed");
      expect(job.returnvalue).toBe(`parked until ${until.toISOString()}: daily budget used up`);
      expect(await bells.lane(lane)).toMatchObject({
        due_inbound: until,
        attempts: 0,
        rung_inbound: null,
        cause: null,
      });
    });

    test("that fails shows as failed with its cause, and its lane knows when it is tried again", async () => {
      const job = await answered(refused(new NoEffectError("the read of organization 1 failed")), "failed");
      expect(job.failedReason).toBe("the read of organization 1 failed");
      expect(await bells.lane(lane)).toMatchObject({
        due_inbound: expect.any(Date),
        now_inbound: false,
        attempts: 1,
        cause: "the read of organization 1 failed",
      });
    });

    test("that meets a refused credential shows as failed, and uses no attempt", async () => {
      const job = await answered(
        refused(new ConnectionError("program", "UNAUTHORIZED", "signature refused")),
        "failed",
      );
      expect(job.failedReason).toBe("signature refused");
      expect(await bells.lane(lane)).toMatchObject({ attempts: 0, due_inbound: expect.any(Date) });
    });

    test("that finds its lane taken completes and says so", async () => {
      await bells.ringer.ringDue(tenant.id, ["inbound"]);
      await bells.claim(lane, "outbound");
      const job = await answered(refused(new Error("not reached")), "completed");
      expect(job.returnvalue).toBe("its holder will see our rows");
      expect(await bells.lane(lane)).toMatchObject({ now_inbound: true, rung_inbound: null });
    });

    test("that waits for another record completes, and its return value says which", async () => {
      const contact = { contact_id: "cnt_1", partner_id: "prt_404", email: "jo@nordlicht.example", status: "active" };
      const aggregate = { kind: "contact", id: "cnt_1", version: 1 };
      const payload = Buffer.from(
        JSON.stringify({ aggregate, actor: {}, changed: [], data: contact, occurred_at: "2026-11-22" }),
      );
      const waiter = await tenant.takeEvent({ kind: "contact", programId: "cnt_1", payload });
      const job = await answered(Promise.resolve(contextWithoutFields(tenant.id)), "completed", "outbound");
      expect(job.name).toBe(`${tenant.id} contact cnt_1`);
      expect(job.returnvalue).toContain("waits for partner prt_404");
      expect(await bells.lane(waiter)).toMatchObject({ blocked_kind: "partner", blocked_id: "prt_404", attempts: 0 });
    });
  });
});

/** A tenant that maps no field at all, and seals nothing. */
function contextWithoutFields(tenantId: string) {
  return {
    tenantId,
    key: {
      sealJson: (_: string, value: unknown) => Buffer.from(JSON.stringify(value)),
      unsealJson: (_: string, sealed: Buffer) => JSON.parse(sealed.toString()),
    },
    plan: {
      tenantId,
      revision: 1,
      paused: false,
      roles: Object.fromEntries(ROLES.map((role) => [role, []])),
      rules: { createOn: "approved" },
      users: [],
    },
    connections: { pipedrive: "", program: "" },
    clockOffsetMs: 0,
  };
}
