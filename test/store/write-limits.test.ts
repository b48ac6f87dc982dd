import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { HeldError } from "../../src/errors.ts";
import type { Claim } from "../../src/store/lane-rows.ts";
import {
  type CountedWrite,
  createWriteLimits,
  DEFAULT_LIMITS,
  type WriteLimits,
} from "../../src/store/write-limits.ts";
import type { Direction } from "../../src/sync/model.ts";
import { newIntent, openTestLanes, type TestLanes, type TestTenant } from "./test-lanes.ts";

let store: TestLanes;
let tenant: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  store = await openTestLanes();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  [tenant, other] = [await store.addTenant(), await store.addTenant()];
});

const rows = async (sql: string, ...values: unknown[]) => (await store.pool.query(sql, [tenant.id, ...values])).rows;
const limits = () => createWriteLimits(store.db, { key: () => Promise.reject(new Error("nothing is sealed here")) });
const none = { number: 1_000, share: 0 };
const allow = (changed: Partial<WriteLimits>) =>
  limits().set(
    tenant.id,
    { ...DEFAULT_LIMITS, ...{ changed: none, cleared: none, created: none }, ...changed },
    "tests",
  );

async function claimOf(crmId: number, of: TestTenant = tenant): Promise<Claim> {
  return store.claim(await of.takeWebhook({ crmId }));
}
/** What becomes of one write of that record. */
async function write(
  claim: Claim,
  counted: Partial<CountedWrite> = {},
  direction: Direction = "outbound",
): Promise<"open" | "held" | "lost"> {
  const named = { record: `organization ${claim.crmId}`, kinds: ["changed" as const], fields: ["Name"], ...counted };
  try {
    return (await store.writes.openIntent(claim, newIntent({ direction, counted: named }))) ? "open" : "lost";
  } catch (error) {
    if (error instanceof HeldError) return "held";
    throw error;
  }
}
async function writeAll(count: number, from = 1): Promise<string[]> {
  const outcomes: string[] = [];
  for (let i = 0; i < count; i++) outcomes.push(await write(await claimOf(from + i)));
  return outcomes;
}
const intents = async () => (await rows("select count(*)::int as n from intent where tenant_id = $1"))[0].n;

describe("writes that are counted", () => {
  test("go on to the limit, and not one of them beyond it, until a person looked", async () => {
    await allow({ changed: { number: 2, share: 0 } });
    expect(await writeAll(4)).toEqual(["open", "open", "held", "held"]);
    expect(await intents()).toBe(2);
    expect(await write(await claimOf(9), { kinds: ["created"] })).toBe("held"); // the whole direction stands still
    expect(await write(await claimOf(10), {}, "inbound")).toBe("open");
    const [finding] = await rows("select message from finding where tenant_id = $1 and code = 'TOO_MANY_WRITES'");
    expect(finding.message).toMatch(/more than 2 records would be changed within 10 minutes.*organization 3 \(Name\)/);
    await limits().resume(tenant.id, { direction: "outbound", openMinutes: null, by: "ada" });
    await store.expire((await claimOf(11)).laneId);
    expect(await writeAll(3, 20)).toEqual(["open", "open", "held"]);
  });

  test("count each record once within the window, each kind for itself, and each tenant's alone", async () => {
    await allow({ changed: { number: 2, share: 0 }, cleared: { number: 1, share: 0 } });
    const claim = await claimOf(1);
    for (let i = 0; i < 4; i++) expect(await write(claim)).toBe("open");
    expect(await write(await claimOf(2), { kinds: ["cleared"] })).toBe("open");
    for (let crmId = 1; crmId <= 4; crmId++) expect(await write(await claimOf(crmId, other))).toBe("open");
    expect(await write(await claimOf(3))).toBe("open");
    expect(await write(claim)).toBe("open"); // as many as are allowed, and this is one of them
    expect(await write(await claimOf(4), { kinds: ["changed", "cleared"] })).toBe("held");
    expect(await rows("select kind from breaker where tenant_id = $1 and tripped_at is not null")).toHaveLength(1);
  });

  test("no longer count once the window has passed over them", async () => {
    await allow({ changed: { number: 2, share: 0 }, windowMinutes: 5 });
    expect(await writeAll(2)).toEqual(["open", "open"]);
    await rows("update counted_write set at = at - interval '6 minutes' where tenant_id = $1");
    expect(await writeAll(3, 10)).toEqual(["open", "open", "held"]);
  });

  test("are let through together with what they lead to: a new record's own changes follow from its creation", async () => {
    await allow({ changed: { number: 1, share: 0 }, created: { number: 1, share: 0 } });
    const created = await claimOf(1);
    expect(await write(created, { record: "new deal", kinds: ["created"] })).toBe("open");
    expect(await writeAll(1, 10)).toEqual(["open"]);
    for (const record of ["deal 1", "deal 2", "deal 3"]) expect(await write(created, { record })).toBe("open");
    expect(await writeAll(1, 11)).toEqual(["held"]);
  });

  test("far from the limit wait for nobody, near it until all who count beside them have committed", async () => {
    await allow({ changed: { number: 40, share: 0 } });
    const another = await store.pool.connect();
    try {
      await another.query("begin");
      await another.query("select pg_advisory_xact_lock_shared(hashtextextended('writes ' || $1 || ' outbound', 0))", [
        tenant.id,
      ]);
      expect(await writeAll(8)).toEqual(Array(8).fill("open"));
      let isOpen = false;
      const near = claimOf(9).then((claim) => write(claim));
      void near.then(() => {
        isOpen = true;
      });
      await store.somebodyWaits();
      expect(isOpen).toBe(false);
      await another.query("commit");
      expect(await near).toBe("open");
    } finally {
      another.release();
    }
    expect((await writeAll(32, 10)).filter((one) => one === "open")).toHaveLength(31);
  });

  test("of a batch are opened up to the limit, in order; from there on not even a record that was counted", async () => {
    await allow({ changed: { number: 3, share: 0 } });
    const claims: Claim[] = [];
    for (let crmId = 1; crmId <= 4; crmId++) claims.push(await claimOf(crmId));
    const [first, ...others] = claims as [Claim, ...Claim[]];
    expect(await write(first)).toBe("open");
    const batch = [...others, first].map((claim) => write(claim));
    expect(await Promise.all(batch)).toEqual(["open", "open", "held", "held"]);
  });

  test("may be as many as the share of linked records where that is more", async () => {
    await allow({ changed: { number: 1, share: 50 } });
    for (let crmId = 101; crmId <= 104; crmId++)
      await rows(
        `insert into link (tenant_id, lane_id, role, object, crm_id, kind, program_id, created_by)
           values ($1, 1, 'partner', 'organization', $2, 'partner', $3, 'create')`,
        crmId,
        `prt_${crmId}`,
      );
    expect(await writeAll(3)).toEqual(["open", "open", "held"]);
  });

  test("are not made, nor counted, once the claim is lost", async () => {
    await allow({ changed: { number: 1, share: 0 } });
    const claim = await claimOf(1);
    await store.expire(claim.laneId);
    const next = await claimOf(1);
    expect(await write(claim)).toBe("lost");
    expect(await rows("select 1 from counted_write where tenant_id = $1")).toEqual([]);
    await store.pool.query("update lane set lease_until = clock_timestamp() + interval '10 seconds' where id = $1", [
      next.laneId,
    ]);
    expect(await write(next)).toBe("lost"); // its call would not fit into what is left
    expect(await intents()).toBe(0);
  });
});

describe("what a person let go on", () => {
  test("is what waited then, with all that it leads to, and no more", async () => {
    await allow({ changed: { number: 1, share: 0 } });
    const waiting = await claimOf(2);
    expect([await write(await claimOf(1)), await write(waiting)]).toEqual(["open", "held"]);
    await limits().resume(tenant.id, { direction: "outbound", openMinutes: null, by: "ada" });
    for (const record of ["organization 2", "person 5", "person 6"])
      expect(await write(waiting, { record })).toBe("open");
    await store.pool.query("update lane set due_inbound = clock_timestamp(), due_outbound = null where id = $1", [
      waiting.laneId,
    ]);
    expect(await write(waiting, { record: "person 7" })).toBe("open"); // it is that record's work still
    expect(await writeAll(2, 30)).toEqual(["open", "held"]);
  });

  test("for some minutes is everything, and does not count afterwards", async () => {
    await allow({ changed: { number: 1, share: 0 } });
    await limits().resume(tenant.id, { direction: "outbound", openMinutes: 5, by: "ada" });
    expect(await writeAll(4)).toEqual(["open", "open", "open", "open"]);
    await rows("update breaker set open_until = clock_timestamp() where tenant_id = $1");
    expect(await writeAll(2, 30)).toEqual(["open", "held"]);
  });
});
