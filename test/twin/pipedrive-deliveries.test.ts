import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { eventually, type Json, type Rig, startReceiver, startRig, subscribe } from "./pipedrive-rig.ts";

let rig: Rig;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  rig = await startRig({ deliveryTimeoutMs: 200 });
  receiver = await startReceiver();
  await subscribe(rig, receiver.url);
});
afterEach(async () => {
  await rig.twin.close();
  await receiver.close();
});

const deliveries = async (state?: string): Promise<Json[]> =>
  (await rig.control("GET", `/deliveries${state ? `?state=${state}` : ""}`)).body.deliveries;

/** Every pending delivery has been tried that often. */
const tried = (attempts: number, count = 1) =>
  eventually(async () => {
    const pending = await deliveries("pending");
    return pending.length === count && pending.every((one) => one.attempts === attempts);
  });

test("attempts are due 3, 30 and 150 seconds after the last one, and no more follow", async () => {
  receiver.answer(500);
  await rig.organization();
  for (const [attempt, waitMs] of [3_000, 30_000, 150_000].entries()) {
    await tried(attempt + 1);
    const [pending] = await deliveries("pending");
    expect(pending?.dueAt - rig.twin.clock.now()).toBe(waitMs);
    rig.twin.clock.advance(waitMs);
  }
  await eventually(async () => (await deliveries("failed")).length === 1);
  expect(receiver.received).toHaveLength(4);
});

test("who does not answer in time is tried again", async () => {
  receiver.answer(null);
  await rig.organization();
  await tried(1);
  const [late] = await deliveries("pending");
  expect([late?.lastStatus, late?.lastError]).toEqual([null, "no answer within 200 ms"]);
  receiver.answer(200);
  rig.twin.clock.advance(3_000);
  await eventually(async () => (await deliveries("delivered")).length === 1);
});

describe("a ban", () => {
  const fail = async (from: number, to: number) => {
    for (let i = from; i < to; i++) await rig.organization({ name: `Failing ${i}` });
  };
  const everBanned = async () => (await rig.control("GET", "/state")).body.companies[0].everBanned;
  const heard = async () => (await deliveries()).map((one) => one.payload.event.data.name);

  test("follows the tenth failed first attempt, whatever later ones do", async () => {
    receiver.answer(500);
    await fail(0, 9);
    await tried(1, 9);
    rig.twin.clock.advance(3_000);
    await tried(2, 9); // second attempts do not count
    await rig.organization({ name: "Tenth" });
    await eventually(async () => (await deliveries("pending")).every((one) => one.attempts > 0));
    expect(await heard()).toContain("Tenth");
    await rig.organization({ name: "Lost" });
    expect(await heard()).not.toContain("Lost");
  });

  test("ends after half an hour and not before, with a new count", async () => {
    receiver.answer(500);
    await fail(0, 9);
    await tried(1, 9);
    expect(await everBanned()).toBe(0);
    await fail(9, 10);
    await tried(1, 10);
    receiver.answer(200);
    rig.twin.clock.advance(30 * 60_000 - 1);
    await rig.organization({ name: "Lost" });
    rig.twin.clock.advance(1);
    await rig.organization({ name: "Heard" });
    const names = await heard();
    expect([names.includes("Lost"), names.includes("Heard")]).toEqual([false, true]);
    expect(await everBanned()).toBe(1); // nobody can tell what was lost
    await eventually(async () => (await deliveries("pending")).length === 0);
    receiver.answer(500);
    await fail(10, 19);
    await tried(1, 9);
    await rig.organization({ name: "Heard again" });
    expect(await heard()).toContain("Heard again");
  });
});

test("one that is sent again is pending again, and no longer listed as it ended", async () => {
  await rig.organization();
  await eventually(async () => (await deliveries("delivered")).length === 1);
  const [{ id }] = (await deliveries()) as [Json];
  await rig.control("POST", "/deliveries", { pause: true, resend: [id] });
  expect((await deliveries()).map((one) => [one.id, one.state, one.attempts])).toEqual([[id, "pending", 0]]);
});
