import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Job } from "bullmq";
import { bellName } from "../../src/queues/doorbells.ts";
import type { LaneName } from "../../src/store/lane-rows.ts";
import type { TestTenant } from "../store/test-lanes.ts";
import { eachBackend } from "../support/backends.ts";
import { gate, openTestBells, type TestBells, until, waitingBells } from "./test-bells.ts";

eachBackend((backend) => {
  let bells: TestBells;
  let tenant: TestTenant;
  let lane: LaneName;
  beforeAll(async () => {
    bells = await openTestBells(backend);
  }, 60_000);
  afterAll(() => bells.stop());
  beforeEach(async () => {
    tenant = await bells.addTenant();
    await tenant.takeWebhook({ crmId: 4711 });
    [lane] = (await bells.lanes.next(tenant.id, "inbound")) as [LaneName];
  });
  afterEach(() => bells.clear());

  const queue = () => bells.doorbells.queues.inbound;
  const ring = (options?: { fresh?: boolean }) => bells.doorbells.ring("inbound", [lane], options);
  const jobs = (state: "completed" | "failed", count: number): Promise<Job[]> =>
    until(async () => (await queue().getJobCountByTypes(state)) >= count).then(() => queue().getJobs([state]));

  describe("a doorbell", () => {
    test("carries tenant and lane and nothing else, under a name that people recognise and no id of its own", async () => {
      await ring();
      const [job] = await waitingBells(queue());
      expect(job?.name).toBe(`${tenant.id} organization 4711`);
      expect(job?.data).toEqual({ tenantId: tenant.id, laneId: lane.laneId });
      expect(job?.opts.jobId).toBeUndefined();
      expect(job?.opts).toMatchObject({ attempts: 1, deduplication: { id: `${lane.laneId}.inbound` } });
    });

    test("waits once, however often it is rung, and each queue for itself", async () => {
      for (let i = 0; i < 3; i++) await ring();
      await bells.doorbells.ring("outbound", [lane]);
      expect(await waitingBells(queue())).toHaveLength(1);
      expect(await waitingBells(bells.doorbells.queues.outbound)).toHaveLength(1);
    });

    test("rung afresh goes past one that is stuck", async () => {
      await ring();
      await ring({ fresh: true });
      expect(await waitingBells(queue())).toHaveLength(2);
    });

    test("is not rung afresh while the queue is paused, and a plain one waits for it", async () => {
      await queue().pause();
      await ring({ fresh: true });
      expect(await waitingBells(queue())).toHaveLength(0);
      await ring();
      expect(await waitingBells(queue())).toHaveLength(1);
      await queue().resume();
    });

    test("is not swallowed by a finished one that is kept to be seen", async () => {
      let runs = 0;
      bells.doorbells.listen("inbound", async () => `run ${++runs}`, 1);
      await ring();
      await jobs("completed", 1);
      await ring();
      expect((await jobs("completed", 2)).map((job) => job.returnvalue).sort()).toEqual(["run 1", "run 2"]);
    });

    test("rung while its lane's job is active leads to another run after it, never beside it", async () => {
      const [started, hold] = [gate(), gate()];
      const runs: string[] = [];
      const run = async () => {
        runs.push("start");
        started.open();
        await hold.opened;
        runs.push("end");
        return "done";
      };
      bells.doorbells.listen("inbound", run, 4);
      await ring();
      await started.opened;
      for (let i = 0; i < 3; i++) await ring();
      hold.open();
      await jobs("completed", 2);
      expect(runs).toEqual(["start", "end", "start", "end"]);
      expect(await waitingBells(queue())).toEqual([]);
    });

    test("whose run failed shows as failed with its cause, and is not tried again by the queue", async () => {
      let runs = 0;
      const run = async () => {
        runs++;
        throw new Error("organization 4711 was refused");
      };
      bells.doorbells.listen("inbound", run, 1);
      await ring();
      const [failed] = await jobs("failed", 1);
      expect(failed).toMatchObject({ failedReason: "organization 4711 was refused", attemptsMade: 1 });
      await ring();
      await jobs("failed", 2);
      expect(runs).toBe(2);
    });

    test("of a job that is not ours to read fails alone", async () => {
      bells.doorbells.listen("inbound", async () => "done", 1);
      await queue().add("someone else's", { customer: "x" }, { attempts: 1 });
      await ring();
      expect((await jobs("failed", 1)).map((job) => job.name)).toEqual(["someone else's"]);
      expect((await jobs("completed", 1)).map((job) => job.name)).toEqual([bellName(lane)]);
    });
  });

  describe("retrying from a dashboard", () => {
    test("a failed job while its lane is being worked on lets one of both through the claim", async () => {
      const [failing, hold] = [{ now: true }, gate()];
      let [inside, most] = [0, 0];
      const run = async () => {
        if (failing.now) throw new Error("refused");
        const claim = await bells.lanes.claim(lane.laneId, "inbound");
        if (!claim) return "taken";
        most = Math.max(most, ++inside);
        await hold.opened;
        inside--;
        return "worked";
      };
      bells.doorbells.listen("inbound", run, 4);
      await ring();
      const [failed] = await jobs("failed", 1);
      failing.now = false;
      await ring();
      await until(() => inside === 1);
      await failed?.retry("failed");
      await jobs("completed", 1);
      hold.open();
      expect((await jobs("completed", 2)).map((job) => job.returnvalue).sort()).toEqual(["taken", "worked"]);
      expect(most).toBe(1);
    });

    test("a finished job runs its lane once more and disturbs nothing", async () => {
      bells.doorbells.listen("inbound", (bell) => bells.settleLane(bell, "inbound"), 2);
      await ring();
      const [finished] = await jobs("completed", 1);
      const before = await bells.lane(lane.laneId);
      await finished?.retry("completed");
      await until(async () => (await bells.lane(lane.laneId)).epoch === before.epoch + 1);
      await jobs("completed", 1);
      expect(await bells.lane(lane.laneId)).toMatchObject({ due_inbound: null, lease_until: null, rung_inbound: null });
      await tenant.takeWebhook({ crmId: 4711 });
      await bells.ringer.ringDue(tenant.id);
      await until(async () => (await bells.dueLanes(tenant)) === 0);
    });
  });

  test("workers that come and go leave nothing behind on the shared pool", async () => {
    const before = bells.db.pool.listenerCount("error");
    for (let i = 0; i < 3; i++) {
      bells.doorbells.listen("inbound", async () => "done", 1);
      await ring({ fresh: true });
      await jobs("completed", i + 1);
      await bells.doorbells.stopListening();
    }
    expect(bells.db.pool.listenerCount("error")).toBe(before);
  });

  test("many doorbells ring in batches of at most 1,000", async () => {
    const addBulk = jest.spyOn(queue(), "addBulk").mockResolvedValue([]);
    await bells.doorbells.ring(
      "inbound",
      Array.from({ length: 2_500 }, (_, i) => ({ ...lane, laneId: i })),
    );
    expect(addBulk.mock.calls.map(([batch]) => batch.length)).toEqual([1_000, 1_000, 500]);
    addBulk.mockRestore();
  });
});

describe("the name of a doorbell", () => {
  test("is the record's, or the aggregate's while there is no record", () => {
    const lane = { laneId: 1, tenantId: "kestrel-obs", kind: "partner", programId: "prt_9" } as const;
    expect(bellName({ ...lane, object: "organization", crmId: 12 })).toBe("kestrel-obs organization 12");
    expect(bellName({ ...lane, object: null, crmId: null })).toBe("kestrel-obs partner prt_9");
  });
});
