import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "@jest/globals";
import { ConnectionError, NoEffectError, NotFoundError, OutcomeUnknownError, ParkedError } from "../../src/errors.ts";
import type { ProgramCommand } from "../../src/partner/adapter.ts";
import type { Aggregate } from "../../src/sync/model.ts";
import {
  client,
  commandLog,
  eachWithAProgram,
  eventTypes,
  failure,
  faults,
  folder,
  program,
  refusal,
  secret,
  setUp,
  start,
  stop,
  tenant,
  upsert,
  url,
} from "./program-wire-rig.ts";

/* The sync's own client against the twin: two readings of one contract, written apart, have to agree. */

eachWithAProgram();

describe("an idempotency key", () => {
  test("answers a repeat as it did the first time, whatever has happened since", async () => {
    const create = upsert(7);
    const first = await program.apply(create);
    await program.apply(upsert(7, { fields: { name: "Renamed" }, expected_version: 1 }));
    expect(await program.apply({ ...create, cause: "poll_2" })).toEqual(first);
    expect(await eventTypes()).toEqual(["partner.created", "partner.updated"]);

    const refusedOnce = upsert(7, { expected_version: 9 });
    expect([await refusal(refusedOnce), await refusal(refusedOnce)]).toEqual(["version_conflict", "version_conflict"]);
    expect(await commandLog()).toMatchObject({
      total: 5,
      changed: 2,
      counts: { "partner.upsert_from_crm": { repeated: 2 } },
    });
  });

  test("stands for one command only", async () => {
    const create = upsert(7);
    await program.apply(create);
    expect(await refusal({ ...create, expected_version: 1 } as ProgramCommand)).toBe("idempotency_key_reused");
  });

  test.each(["lost_answer", "late_commit"] as const)("survives a %s: the repeat finds it done, once", async (kind) => {
    faults.add({ match: { side: "program", method: "POST" }, kind, ms: 50 });
    const create = upsert(7);
    expect(await failure(program.apply(create))).toBeInstanceOf(OutcomeUnknownError);
    while ((await eventTypes()).length === 0); // done without us asking again
    const { id } = await program.apply(create);
    expect(await program.get("partner", id)).toMatchObject({ version: 1 });
    expect(await eventTypes()).toEqual(["partner.created"]);
  });

  test("survives the twin itself being killed right after the effect", async () => {
    await stop();
    const script = `
      const { startTwin } = await import("./src/twin/index.ts");
      console.log((await startTwin({ seed: "rehearsal", dataDir: process.argv[1] })).url);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let first: Aggregate;
    const create = upsert(7);
    try {
      const [url] = (await once(createInterface(child.stdout), "line")) as [string];
      await setUp({}, url);
      first = await client({ baseUrl: `${url}/program/${tenant}` }).apply(create);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }

    await start();
    expect(await program.apply(create)).toEqual(first);
    expect(await program.get("partner", first.id)).toEqual(first);
    expect(await eventTypes()).toEqual(["partner.created"]);
    expect(await commandLog()).toMatchObject({ total: 2, changed: 1 });
  });
});

describe("trouble on the way", () => {
  test("a wrong secret pauses the connection", async () => {
    const stranger = client({ secrets: ["guess"] });
    for (const call of [stranger.apply(upsert(7)), stranger.get("partner", "prt_x"), stranger.fetchChanges(null)]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ problem: "UNAUTHORIZED" });
    }
    expect(await commandLog()).toMatchObject({ total: 0 });
  });

  test("a clock far off pauses the connection", async () => {
    const error = await failure(client({ now: () => Date.now() - 600_000 }).fetchChanges(null));
    expect(error).toMatchObject({ name: "ConnectionError", problem: "UNAUTHORIZED" });
  });

  test("a rotation of secrets goes unnoticed", async () => {
    await setUp({ secrets: ["next", secret] });
    expect(await program.fetchChanges(null)).toMatchObject({ events: [] });
    expect(await client({ secrets: ["next", secret] }).fetchChanges(null)).toMatchObject({ events: [] });
  });

  test("a limit reached parks, without effect", async () => {
    await setUp({ rate_limit_per_minute: 0 });
    expect(await failure(program.apply(upsert(7)))).toBeInstanceOf(ParkedError);
    await setUp({ rate_limit_per_minute: null });
    expect(await program.apply(upsert(7))).toMatchObject({ version: 1 });
  });

  test.each([
    ["status", OutcomeUnknownError, NoEffectError],
    ["reset", OutcomeUnknownError, NoEffectError],
    ["429_daily", ParkedError, ParkedError],
    ["html403", ConnectionError, ConnectionError],
  ] as const)("a %s is what it should be for a command and for a read", async (kind, forCommand, forRead) => {
    faults.add({ match: { side: "program", tenant }, kind, times: 2 });
    expect(await failure(program.apply(upsert(7)))).toBeInstanceOf(forCommand);
    expect(await failure(program.fetchChanges(null))).toBeInstanceOf(forRead);
    expect(await program.fetchChanges(null)).toMatchObject({ events: [] });
  });

  test("an answer later than we wait leaves the outcome open, and the effect there", async () => {
    faults.add({ match: { side: "program", method: "POST" }, kind: "latency", ms: 200 });
    const create = upsert(7);
    expect(await failure(client({ timeoutMs: 100 }).apply(create))).toBeInstanceOf(OutcomeUnknownError);
    expect(await program.apply(create)).toMatchObject({ version: 1 });
  });

  test("a tenant nobody set up is not there", async () => {
    const nobody = client({ baseUrl: `${url}/program/nobody` });
    expect(await failure(nobody.get("partner", "prt_x"))).toBeInstanceOf(NotFoundError);
  });

  test("an address nobody listens at pauses the connection", async () => {
    await stop();
    const error = await failure(program.apply(upsert(7)));
    expect(error).toMatchObject({ name: "ConnectionError", problem: "UNREACHABLE" });
    await start();
  });
});
