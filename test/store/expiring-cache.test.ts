import { describe, expect, test } from "@jest/globals";
import { createExpiringCache } from "../../src/store/expiring-cache.ts";

function counting() {
  let asked = 0;
  return { ask: async () => ++asked, count: () => asked };
}

describe("an expiring cache", () => {
  test("asks once for all who ask at the same time, and again after its time", async () => {
    const source = counting();
    const cache = createExpiringCache<number>({ ttlMs: 60_000 });
    expect(await Promise.all([cache.get("a", source.ask), cache.get("a", source.ask)])).toEqual([1, 1]);
    const brief = createExpiringCache<number>({ ttlMs: 0 });
    expect([await brief.get("a", source.ask), await brief.get("a", source.ask)]).toEqual([2, 3]);
  });

  test("keeps neither failures nor absences", async () => {
    const cache = createExpiringCache<number>({ ttlMs: 60_000 });
    await expect(cache.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await cache.get("a", async () => null)).toBeNull();
    expect(await cache.get("a", async () => 7)).toBe(7);
  });

  test("forgets what it is told to, and the oldest when it is full", async () => {
    const source = counting();
    const cache = createExpiringCache<number>({ ttlMs: 60_000, max: 2 });
    for (const key of ["a", "b", "c"]) await cache.get(key, source.ask);
    expect(await cache.get("c", source.ask)).toBe(3);
    expect(await cache.get("a", source.ask)).toBe(4);
    cache.forget("a");
    expect(await cache.get("a", source.ask)).toBe(5);
    cache.clear();
    expect(await cache.get("c", source.ask)).toBe(6);
  });

  test("does not let a failure that was overtaken forget a newer answer", async () => {
    const cache = createExpiringCache<number>({ ttlMs: 60_000 });
    let fail = (_error: Error) => {};
    const slow = cache.get("a", () => new Promise<number>((_, reject) => (fail = reject)));
    cache.forget("a");
    await cache.get("a", async () => 2);
    fail(new Error("late"));
    await expect(slow).rejects.toThrow("late");
    expect(await cache.get("a", async () => 3)).toBe(2);
  });
});
