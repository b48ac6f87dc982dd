import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Desk, openDesk, TENANT } from "../conflicts/desk.ts";
import { cli, json } from "./cli-under-test.ts";

/* What ops do about fields that both sides changed. */

const environment = { ...process.env };
let desk: Desk;
let id: string;

beforeAll(async () => {
  desk = await openDesk();
  const { app, database } = desk.channel.system;
  const masterKey = app.config.masterKeys.get(1)?.toString("base64");
  Object.assign(process.env, { DATABASE_URL: database.url, MASTER_KEY: masterKey });
  delete process.env.REDIS_URL;
  await desk.next();
  id = String(await desk.disagree());
}, 90_000);
afterAll(async () => {
  process.env = environment;
  await desk?.channel.close();
});

const tenant = ["--tenant", TENANT];

describe("conflict", () => {
  test("list, show and record say what a person has to decide; a message holds no value", async () => {
    const { out: listed } = await cli(["conflict", "list", ...tenant, "--field", "registration.amount"]);
    expect(listed).toMatch(new RegExp(`^${id} +deal ${desk.deal.id} +\\S.* +waits for a person to decide`, "m"));
    const { out } = await cli(["conflict", "show", id, ...tenant]);
    expect(out).toMatch(/Pipedrive +10 EUR +\d{4}-.* +1200 EUR/);
    expect(out).toMatch(/partner program +20 EUR +\d{4}-.* +1200 EUR/);
    expect(out).toContain(`partnersync conflict decide crm ${id} --tenant ${TENANT} --seen 1`);
    const { out: record } = await cli(["record", "deal", String(desk.deal.id), ...tenant]);
    expect(record).toContain(`conflict ${id}: to be decided`);
    expect((await cli(["conflict", "list", ...tenant, "--decided"])).out).toBe("no such conflicts\n");
  });

  test("decide refuses who has not seen the newest values, and is carried out for who has", async () => {
    const late = await cli(["conflict", "decide", "program", id, ...tenant, "--seen", "7"]);
    expect([late.code, late.err]).toEqual([1, expect.stringContaining("look at it and decide again")]);
    expect((await cli(["conflict", "decide", "program", id, ...tenant, "--seen", "1"])).code).toBe(0);
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([20, 20]);
    const [row] = await json<{ winner: string; decidedBy: string }[]>(["conflict", "list", ...tenant, "--decided"]);
    expect(row).toMatchObject({ winner: "program", decidedBy: expect.stringContaining("command line") });
  });

  test("undo and keep-apart", async () => {
    await desk.channel.later();
    expect((await cli(["conflict", "undo", id, ...tenant])).out).toContain("is being undone");
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([10, 20]);
    const { version } = await json<{ version: number }>(["conflict", "show", id, ...tenant]);
    const apart = await cli(["conflict", "keep-apart", id, ...tenant, "--seen", String(version)]);
    expect(apart.out).toContain("stand until one of them changes");
    expect((await cli(["conflict", "list", ...tenant, "--apart"])).out).toContain("kept apart by");
    expect((await cli(["conflict", "list", ...tenant, "--near-misses"])).out).toContain(
      "no field had to be written again",
    );
  });
});
