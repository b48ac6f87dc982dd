import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { addMatch } from "../http/match-rows.ts";
import { type System, startSystem } from "../support/system.ts";
import { cli, json } from "./cli-under-test.ts";

/* What ops see of a record that the workers have brought into step. */

const environment = { ...process.env };
let system: System;
let organizationId: number;

beforeAll(async () => {
  system = await startSystem();
  const masterKey = system.app.config.masterKeys.get(1)?.toString("base64");
  Object.assign(process.env, { DATABASE_URL: system.database.url, MASTER_KEY: masterKey });
  delete process.env.REDIS_URL;
  const made = await system.of("harbourline").call<{ id: number }>("POST", "/companies/harbourline-security/edit", {
    object: "organization",
    set: { name: "Northlight", "label:Website": "https://northlight.example", "label:Allbound Status": "Pending" },
  });
  organizationId = made.id;
  await system.quiet();
});

afterAll(async () => {
  process.env = environment;
  await system?.close();
});

describe("record", () => {
  test("shows link, both sides and the decisions in words, by labels and option names", async () => {
    const { code, out } = await cli(["record", "organization", String(organizationId), "--tenant", "harbourline"]);
    expect(code).toBe(0);
    expect(out).toMatch(/as partner: organization \d+ = partner prt_\w+/);
    expect(out).toMatch(/Allbound Status +-> +Pending +Pending +yes/);
    expect(out).toMatch(/Website +-> +https:\/\/northlight\.example +https:\/\/northlight\.example +yes/);
    expect(out).toMatch(/Allbound ID .*written.*prt_\w+ +written only when empty/);
    expect(out).toContain("open writes: none");
    expect(out).not.toMatch(/[0-9a-f]{40}/); // keys mean nothing to people
  });

  test("finds the same record by its id in the program", async () => {
    type View = { lane: { crmId: number }; links: { programId: string }[] };
    const view = await json<View>(["record", "organization", String(organizationId), "--tenant", "harbourline"]);
    const programId = view.links[0]?.programId ?? "";
    const same = await json<View>(["record", "partner", programId, "--tenant", "harbourline"]);
    expect(same.lane.crmId).toBe(organizationId);
  });
});

describe("match", () => {
  test("lists what waits for a person, shows its candidates, and takes a decision", async () => {
    const { app } = system;
    const connection = await app.connections.active("harbourline", "program");
    const whose = { tenantId: "harbourline", connectionId: connection?.id ?? "", mark: "Twofold AG" };
    const id = String(await addMatch(app, { ...whose, programId: "reg_twofold" }));
    expect((await cli(["match", "list", "harbourline"])).out).toMatch(
      /deal_registration reg_twofold +customer_org +several +open/,
    );
    const shown = (await cli(["match", "show", "harbourline", id])).out;
    expect(shown).toMatch(/organization 12 +Twofold AG .*domain/);
    expect(shown).toMatch(/organization 13 .*stands for prt_other/);
    expect((await cli(["match", "decide", "harbourline", id])).err).toContain("CANDIDATE_MISSING");
    expect((await cli(["match", "decide", "harbourline", id, "--link", "13"])).err).toContain("CANDIDATE_TAKEN");
    expect((await cli(["match", "decide", "harbourline", id, "--link", "12", "--choice", "drop"])).code).toBe(2);
    const { code, out } = await cli(["match", "decide", "harbourline", id, "--choice", "drop", "--comment", "a test"]);
    expect([code, out]).toEqual([
      0,
      `match ${id} of harbourline: leave it out of Pipedrive; the workers carry it out\n`,
    ]);
    expect((await cli(["match", "list", "harbourline"])).out).toMatch(/decided: leave it out/);
    expect((await cli(["match", "show", "harbourline", "999"])).err).toContain("UNKNOWN_MATCH");
  });
});
