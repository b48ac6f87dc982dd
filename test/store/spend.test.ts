import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createSpend } from "../../src/store/spend.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

const today = () => new Date().toISOString().slice(0, 10);
const patch = { purpose: "live", operation: "organization.patch", tokens: 5 };

describe("token spend", () => {
  test("adds up per operation, purpose and day, over processes", async () => {
    const connectionId = randomUUID();
    const [one, other] = [createSpend(store.db, { onError: () => {} }), createSpend(store.db, { onError: () => {} })];
    for (const spend of [one, one, other]) spend.record(connectionId, "harbourline", patch);
    one.record(connectionId, "harbourline", { purpose: "setup", operation: "users.list", tokens: 20 });
    await Promise.all([one.close(), other.close()]);
    expect(await one.totals("harbourline", today())).toEqual([
      { connectionId, day: today(), purpose: "live", operation: "organization.patch", tokens: 15, calls: 3 },
      { connectionId, day: today(), purpose: "setup", operation: "users.list", tokens: 20, calls: 1 },
    ]);
    expect(await one.totals("harbourline", "2020-01-01")).toEqual([]);
    expect(await one.totals("kestrel-obs")).toEqual([]);
  });

  test("shows a process its own spending before it is written down", async () => {
    const spend = createSpend(store.db, { onError: () => {}, everyMs: 60_000 });
    spend.record(randomUUID(), "own", patch);
    expect(await spend.totals("own")).toMatchObject([{ tokens: 5, calls: 1 }]);
    await spend.close();
  });

  test("is written down by itself", async () => {
    const written = new Promise<void>((resolve) => {
      const watched = {
        ...store.db,
        pool: Object.assign(Object.create(store.db.pool), {
          async query(sql: string, values: unknown[]) {
            await store.db.pool.query(sql, values);
            resolve();
          },
        }),
      };
      const spend = createSpend(watched, { onError: () => {}, everyMs: 5 });
      spend.record(randomUUID(), "timer", patch);
    });
    await written;
    expect(await createSpend(store.db, { onError: () => {} }).totals("timer")).toMatchObject([{ tokens: 5 }]);
  });

  test("that could not be written down is kept for the next time", async () => {
    const failures: unknown[] = [];
    const spend = createSpend(store.db, { onError: (error) => failures.push(error), everyMs: 60_000 });
    await store.db.pool.query("alter table token_spend rename to token_spend_gone");
    spend.record(randomUUID(), "late", patch);
    await spend.flush();
    expect(failures).toHaveLength(1);
    await store.db.pool.query("alter table token_spend_gone rename to token_spend");
    expect(await spend.totals("late")).toMatchObject([{ tokens: 5, calls: 1 }]);
    await spend.close();
  });
});
