import { describe, expect, test } from "@jest/globals";
import { NoEffectError, ParkedError } from "../../src/errors.ts";
import { createTokenWindow } from "../../src/pipedrive/token-window.ts";
import { fc } from "../support/seeded.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

function setUp(capacity = 20, options = {}) {
  const clock = new VirtualClock();
  const window = createTokenWindow({ capacity, clock, ...options });
  const left: (Left & { name: string })[] = [];
  const refused: { name: string; error: Error }[] = [];
  const take = (tokens: number, name = "", signal?: AbortSignal, kind: "general" | "search" = "general") =>
    window.take(tokens, kind, signal).then(
      () => void left.push({ atMs: clock.nowMs, tokens, name, kind }),
      (error: Error) => void refused.push({ name, error }),
    );
  return { clock, window, take, left, refused };
}

interface Left {
  atMs: number;
  tokens: number;
  kind: "general" | "search";
}

/** The most that left within any two seconds, by this count. */
function mostInTwoSeconds(left: Left[], count: (one: Left) => number): number {
  const sums = left.map(({ atMs }) =>
    left.filter((one) => one.atMs >= atMs && one.atMs < atMs + 2_000).reduce((sum, one) => sum + count(one), 0),
  );
  return Math.max(0, ...sums);
}
const ofGeneral = ({ kind, tokens }: Left) => (kind === "search" ? 1 : tokens);
const ofSearch = ({ kind }: Left) => (kind === "search" ? 1 : 0);

const kind = fc.constantFrom("general" as const, "search" as const);
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("take" as const), kind, tokens: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 2_500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), nth: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), ms: fc.integer({ min: 0, max: 4_000 }) }) },
);

describe("the two-second window", () => {
  test("never lets more leave in any two seconds than allowed, and loses nobody, whatever the interleaving", async () => {
    const commands = fc.array(command, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 20, max: 60 }), fc.nat(40), async (steps, capacity, lateMs) => {
        const { clock, window, take, left, refused } = setUp(capacity, { searchCapacity: 3 });
        const aborts: AbortController[] = [];
        for (const step of steps) {
          if (step.do === "advance") await clock.advance(step.ms, lateMs);
          else if (step.do === "abort") aborts[step.nth]?.abort();
          else if (step.do === "close") window.close(new Date(clock.wallMs() + step.ms));
          else {
            const abort = new AbortController();
            aborts.push(abort);
            void take(step.tokens, "", abort.signal, step.kind);
          }
        }
        await clock.advance(120_000, lateMs);
        expect(mostInTwoSeconds(left, ofGeneral)).toBeLessThanOrEqual(capacity);
        expect(mostInTwoSeconds(left, ofSearch)).toBeLessThanOrEqual(3);
        expect(left.length + refused.length).toBe(aborts.length);
      }),
      { numRuns: 300 },
    );
  });

  test("lets calls leave in the order they came, also a dear one before a cheap one", async () => {
    const { clock, take, left } = setUp(20);
    void take(15, "first");
    void take(20, "dear");
    await clock.advance(2_100);
    expect(left.map(({ name }) => name)).toEqual(["first", "dear"]);
    void take(1, "cheap");
    await clock.advance(2_100);
    expect(left.at(-1)).toMatchObject({ name: "cheap", tokens: 1, atMs: 4_200 });
  });

  test("keeps to nearly all of its allowance when there is always somebody waiting", async () => {
    const { clock, take, left } = setUp(20);
    const oneAfterTheOther = async () => {
      for (;;) await take(5);
    };
    void oneAfterTheOther();
    void oneAfterTheOther();
    await clock.advance(60_000);
    const spent = left.reduce((sum, { tokens }) => sum + tokens, 0);
    expect(spent).toBeGreaterThanOrEqual(0.95 * 20 * 30);
  });

  test("parks a call that would wait too long, and says until when", async () => {
    const { clock, take, left, refused } = setUp(20);
    for (let call = 0; call < 9; call += 1) void take(5, `call ${call}`);
    await clock.advance(2_100);
    expect(left).toHaveLength(8);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.error).toBeInstanceOf(ParkedError);
    expect((refused[0]!.error as ParkedError).until.toISOString()).toBe("2026-08-12T10:00:04.200Z");
  });

  test("lets ten searches leave in two seconds, each of them one of the general allowance too", async () => {
    const { clock, take, left } = setUp(20);
    for (let call = 0; call < 11; call += 1) void take(20, "search", undefined, "search");
    await settled();
    expect(left).toHaveLength(10);
    await clock.advance(2_100);
    expect(left).toHaveLength(11);
    void take(19, "everything else");
    void take(1, "too much");
    await settled();
    expect(left.at(-1)!.name).toBe("everything else");
  });

  test("counts calls instead of tokens when told so", async () => {
    const { take, left } = setUp(20, { countedIn: "calls" });
    for (let call = 0; call < 21; call += 1) void take(20);
    await settled();
    expect(left).toHaveLength(20);
  });

  test("lets a call that is dearer than the allowance leave into an empty window only", async () => {
    const { clock, take, left } = setUp(10);
    void take(1, "cheap");
    void take(20, "dear");
    await clock.advance(2_099);
    expect(left.map(({ name }) => name)).toEqual(["cheap"]);
    await clock.advance(1);
    expect(left.map(({ name }) => name)).toEqual(["cheap", "dear"]);
  });

  test("a waiting call that is aborted gives its place away", async () => {
    const { clock, take, left, refused } = setUp(20);
    const abort = new AbortController();
    void take(20, "first");
    void take(20, "aborted", abort.signal);
    await settled();
    abort.abort();
    void take(20, "next");
    await clock.advance(2_100);
    expect(refused.map(({ name }) => name)).toEqual(["aborted"]);
    expect(refused[0]!.error).toBeInstanceOf(NoEffectError);
    expect(left.map(({ name }) => name)).toEqual(["first", "next"]);
  });

  test("an aborted signal takes nothing", async () => {
    const { take, left, refused } = setUp(20);
    await take(20, "aborted", AbortSignal.abort());
    await take(20, "next");
    expect(refused.map(({ name }) => name)).toEqual(["aborted"]);
    expect(left.map(({ name }) => name)).toEqual(["next"]);
  });
});

describe("what Pipedrive says", () => {
  test("a smaller limit is learnt at once, a larger one only up to the setting", async () => {
    const { clock, window, take, left } = setUp(40);
    window.learn("general", 20);
    void take(20, "one");
    void take(20, "two");
    await settled();
    expect(left).toHaveLength(1);
    await clock.advance(10_000);
    window.learn("general", 4_000);
    for (const name of ["three", "four", "five"]) void take(20, name);
    await settled();
    expect(left.map(({ name }) => name)).toEqual(["one", "two", "three", "four"]);
  });

  test.each([0, -1, Number.NaN])("a limit of %d is not believed", async (limit) => {
    const { window, take, left } = setUp(20);
    window.learn("general", limit);
    await take(20);
    expect(left).toHaveLength(1);
  });

  test("a short refusal closes the window for everybody until then", async () => {
    const { clock, window, take, left } = setUp(20);
    window.close(new Date(clock.wallMs() + 1_500));
    void take(1, "general");
    void take(1, "search", undefined, "search");
    await clock.advance(1_499);
    expect(left).toEqual([]);
    await clock.advance(1);
    expect(left).toHaveLength(2);
  });

  test("a long refusal parks new and waiting calls until its end, and is tried again after a minute", async () => {
    const { clock, window, take, left, refused } = setUp(20);
    const midnight = new Date("2026-08-13T00:00:00Z");
    void take(20, "before");
    void take(20, "waiting");
    await settled();
    window.close(midnight);
    void take(1, "new");
    await settled();
    expect(refused.map(({ name }) => name).toSorted()).toEqual(["new", "waiting"]);
    for (const { error } of refused) expect((error as ParkedError).until).toEqual(midnight);
    await clock.advance(60_000);
    await take(1, "a minute later");
    expect(left.map(({ name }) => name)).toEqual(["before", "a minute later"]);
  });

  test("a short refusal after a long one that was lifted is short", async () => {
    const { clock, window, take, refused } = setUp(20);
    window.close(new Date("2026-08-13T00:00:00Z"));
    await clock.advance(60_000);
    window.close(new Date(clock.wallMs() + 5_000));
    await take(1);
    expect((refused[0]!.error as ParkedError).until.getTime()).toBe(clock.wallMs() + 5_000);
  });
});

test("real time: a full window delays the next call, and no longer than needed", async () => {
  const window = createTokenWindow({ capacity: 1, spacingMs: 60 });
  const startedAt = performance.now();
  await window.take(1, "general");
  await window.take(1, "general");
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(60);
});

test("an allowance below one is refused", () => {
  expect(() => createTokenWindow({ capacity: 0 })).toThrow(RangeError);
  expect(() => createTokenWindow({ capacity: Number.NaN })).toThrow(RangeError);
});
