import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
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
