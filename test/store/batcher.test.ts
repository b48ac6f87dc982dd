import { describe, expect, test } from "@jest/globals";
import { createBatcher } from "../../src/store/batcher.ts";

describe("a batcher", () => {
  test("runs calls of one turn together, and what comes meanwhile together in the next", async () => {
    const batches: number[][] = [];
    let release: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    const double = createBatcher(async (items: number[]) => {
      batches.push(items);
      if (batches.length === 1) await first;
      return items.map((item) => item * 2);
    });
    const early = [double(1), double(2)];
    await new Promise((resolve) => setImmediate(resolve));
    const late = [double(3), double(4), double(5)];
    release();
    expect(await Promise.all([...early, ...late])).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  test("lets a call that comes alone leave at once", async () => {
    const batches: number[][] = [];
    const same = createBatcher(async (items: number[]) => {
      batches.push(items);
      return items;
    });
    await same(1);
    await new Promise((resolve) => setImmediate(resolve));
    await same(2);
    expect(batches).toEqual([[1], [2]]);
  });

  test("takes no more than its size at once", async () => {
    const sizes: number[] = [];
    const same = createBatcher(
      async (items: number[]) => {
        sizes.push(items.length);
        return items;
      },
      { maxSize: 3 },
    );
    await Promise.all(Array.from({ length: 7 }, (_, i) => same(i)));
    expect(sizes).toEqual([3, 3, 1]);
  });

  test("fails a bad item alone: the others of its batch are run again without it", async () => {
    const check = createBatcher(async (items: number[]) => {
      if (items.includes(13)) throw new Error("13 is refused");
      return items;
    });
    const results = await Promise.allSettled([12, 13, 14].map(check));
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await check(15)).toBe(15);
  });
});
