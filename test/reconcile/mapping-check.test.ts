import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { restoreCanaries } from "../../src/operations/canary-orders.ts";
import { checkMappingText } from "../../src/operations/check-mapping.ts";
import { loadMapping, MappingRefusedError } from "../../src/operations/load-mapping.ts";
import { type Bendable, BROKEN, TOKEN, VARIANTS } from "../fixtures/mapping/broken.ts";
import { type System, startSystem } from "../support/system.ts";
import { eventually } from "./channel.ts";

const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code).sort();

describe("a document checked with its account", () => {
  let system: System;
  /** The document in force: its keys are the twin's. */
  let live: string;
  const bent = (bend: (document: Bendable) => void) => {
    const document = JSON.parse(live);
    bend(document);
    return JSON.stringify({ ...document, revision: 2 }, null, 2);
  };
  const refusal = async (text: string) => {
    const error: unknown = await loadMapping(system.app, text, "tests").catch((thrown: unknown) => thrown);
    if (!(error instanceof MappingRefusedError)) throw new Error(`not refused: ${String(error)}`);
    return error.findings;
  };

  beforeAll(async () => {
    system = await startSystem({ workers: false });
    live = (await system.app.mappings.live("harbourline"))!.document;
  }, 60_000);
  afterAll(() => system.close());

  test("costs the listings and nothing more", async () => {
    const before = await system.of("harbourline").spend();
    const check = await checkMappingText(live, { live: true, app: system.app });
    const after = await system.of("harbourline").spend();
    expect(check).toMatchObject({ tenantId: "harbourline", findings: [], live: true, severity: 0 });
    expect(after.tokens - before.tokens).toBeLessThanOrEqual(62);
  });

  test("without the account costs nothing", async () => {
    const before = await system.of("harbourline").spend();
    expect(await checkMappingText(live)).toMatchObject({ findings: [], live: false, severity: 0 });
    expect(await system.of("harbourline").spend()).toEqual(before);
  });

  test("is answered like the document that loading refuses, mistake by mistake", async () => {
    const documents = [...Object.values(VARIANTS), ...Object.values(BROKEN)].flatMap(({ document }) => document ?? []);
    for (const bend of documents) {
      const text = bent(bend);
      const check = await checkMappingText(text, { live: true, app: system.app });
      if (check.severity === 0) continue;
      const found = await refusal(text);
      // Loading does not ask the account about a document that is wrong without it.
      for (const { code } of found) expect(codes(check.findings)).toContain(code);
      expect(JSON.stringify([check, found])).not.toContain(TOKEN);
    }
    expect((await system.app.mappings.live("harbourline"))?.revision).toBe(1);
  }, 60_000);

  test("tries to write on the test records, puts back what was there, and leaves linked ones alone", async () => {
    const twin = system.of("harbourline");
    const set = { "label:Allbound Deal ID": "was here" }; // no id of the record itself
    const organization = await twin.edit("organization", { name: "Test", ...set });
    const person = await twin.edit("person", { name: "Test" });
    const deal = await twin.edit("deal", { title: "Test" });
    const verify = { organization_id: organization.id, person_id: person.id, deal_id: deal.id };
    const text = bent((d) => (d.verify = verify));
    const before = await twin.spend();
    const check = await checkMappingText(text, { live: true, canary: true, app: system.app });
    const after = await twin.spend();
    expect(check).toMatchObject({ findings: [], severity: 0, tried: ["organization", "person", "deal"] });
    expect(check.canaryPrice).toBe(33 + 30);
    expect(after.tokens - before.tokens).toBeLessThanOrEqual(62 + 63);
    expect(after.byOperation["deals.update"]?.calls).toBe(2);
    const now = await twin.record("organization", organization.id);
    expect(now.labels).toMatchObject({ "Allbound ID": null, "Allbound Deal ID": "was here", "Allbound Status": null });

    const gone = bent((d) => (d.verify = { ...verify, deal_id: 999_999 }));
    const without = await checkMappingText(gone, { live: true, canary: true, app: system.app });
    expect(without).toMatchObject({ severity: 0, tried: ["organization", "person"] });
    expect(without.findings).toEqual([expect.objectContaining({ code: "VERIFY_UNUSABLE", line: expect.any(Number) })]);

    system.startWorkers();
    const partner = await twin.edit("organization", { name: "Nordlicht", "label:Allbound Status": "Active" });
    await system.quiet();
    const linked = bent((d) => (d.verify = { organization_id: partner.id }));
    const refused = await checkMappingText(linked, { live: true, canary: true, app: system.app });
    expect(refused).toMatchObject({ tried: [], findings: [{ code: "VERIFY_UNUSABLE" }] });
    await system.stopWorkers();
  });

  test("tells of ids and statuses that are there already, and when no webhook comes", async () => {
    const twin = system.of("harbourline");
    await twin.edit("organization", { name: "Earlier", "label:Allbound Status": "Pending" });
    const trial = await twin.edit("person", { name: "Trial", "label:Allbound ID": "usr_trial" });
    const person = await twin.edit("person", { name: "Unheard" });
    const text = bent((d) => (d.verify = { person_id: person.id }));
    const options = { live: true, canary: true, app: system.app } as const;
    const heard = await checkMappingText(text, options);
    expect(codes(heard.findings)).toEqual(["EXISTING_IDS", "STATUS_ALREADY_SET"]);
    const [ids, statuses] = heard.findings;
    expect(ids?.message).toContain(`1 that nothing is linked to carry an id already: ${trial.id}.`);
    expect(statuses?.message).toMatch(/1 carry a status already: 1 pending\.$/);
    expect(heard).toMatchObject({ severity: 0, tried: ["person"] });

    await twin.call("POST", "/deliveries", { pause: true });
    const silent = await checkMappingText(text, { ...options, heardWithinMs: 300 });
    expect(codes(silent.findings)).toEqual(["EXISTING_IDS", "STATUS_ALREADY_SET", "WEBHOOK_NOT_SEEN"]);
    const errorsOnly = await checkMappingText(text, { ...options, canary: "errors only" });
    expect(errorsOnly).toMatchObject({ findings: [], tried: ["person"] });
    await twin.call("POST", "/deliveries", { pause: false });
    await twin.edit("person", { "label:Allbound ID": null }, trial.id);
  });

  test("killed between its write and putting back, the workers put back what was there", async () => {
    const twin = system.of("harbourline");
    const set = { name: "Survivor", "label:Allbound Deal ID": "was here" };
    const { id } = await twin.edit("organization", set);
    const text = bent((d) => (d.verify = { organization_id: id }));
    const { clients } = system.app;
    let wrote = 0;
    const pipedrive: typeof clients.pipedrive = async (connection) => {
      const real = await clients.pipedrive(connection);
      return {
        ...real,
        async patch(...args) {
          if (wrote > 0) return new Promise<never>(() => {}); // the process is gone by now
          wrote += 1;
          return real.patch(...args);
        },
      };
    };
    const labels = async () => (await twin.record("organization", id)).labels;
    const dying = { ...system.app, clients: { ...clients, pipedrive } };
    void checkMappingText(text, { live: true, canary: "errors only", app: dying });
    await eventually("the canary is there", async () =>
      /^partnersync-check/.test(String((await labels())["Allbound ID"])),
    );

    const meanwhile = await checkMappingText(text, { live: true, canary: "errors only", app: system.app });
    expect(meanwhile).toMatchObject({ tried: [], findings: [{ code: "VERIFY_UNUSABLE" }] });
    await restoreCanaries(system.app);
    expect((await labels())["Allbound ID"]).toMatch(/^partnersync-check/); // its trial may be alive
    await system.database.pool.query("update canary_order set lease_until = now()"); // its lease has run out
    await twin.edit("organization", { "label:Allbound ID": "a person's own" }, id);
    system.startWorkers();
    await eventually("it was put back", async () => (await labels())["Allbound Deal ID"] === "was here");
    await system.stopWorkers();
    expect(await labels()).toMatchObject({ "Allbound ID": "a person's own", "Allbound Deal ID": "was here" });
    const left = await system.database.pool.query("select 1 from canary_order");
    expect(left.rows).toEqual([]);
    const again = await checkMappingText(text, { live: true, canary: "errors only", app: system.app });
    expect(again).toMatchObject({ tried: ["organization"], findings: [] });
  });

  test("finds a field that takes nothing", async () => {
    const twin = system.of("harbourline");
    const person = await twin.edit("person", { name: "Locked" });
    const { clients } = system.app;
    const pipedrive: typeof clients.pipedrive = async (connection) => {
      const real = await clients.pipedrive(connection);
      return { ...real, patch: (object, id) => real.get(object, id) };
    };
    const app = { ...system.app, clients: { ...clients, pipedrive } };
    const text = bent((d) => (d.verify = { person_id: person.id }));
    const check = await checkMappingText(text, { live: true, canary: "errors only", app });
    expect(check.severity).toBe(1);
    expect(codes(check.findings)).toEqual(["CANNOT_WRITE_FIELD", "CANNOT_WRITE_FIELD"]);
  });

  test("only loading puts a document in force", async () => {
    const files = await readdir("src", { recursive: true });
    const sources = files.filter((file) => file.endsWith(".ts") && !file.startsWith("store"));
    const texts = await Promise.all(sources.map((file) => readFile(join("src", file), "utf8")));
    const callers = sources.filter((_, i) => /\bsaveLive\(/.test(texts[i] ?? ""));
    expect(callers).toEqual([join("operations", "load-mapping.ts")]);
  });

  test("a draft passes the check, and is not put in force", async () => {
    const text = bent((d) => (d.state = "draft"));
    expect(await checkMappingText(text, { live: true, app: system.app })).toMatchObject({ severity: 0 });
    expect(await refusal(text)).toEqual([expect.objectContaining({ code: "NOT_APPROVED", severity: "error" })]);
  });

  test("warnings count only where strict is asked for", async () => {
    const text = bent((d) => (d.objects.organization.extra[1].on_conflict = "newest"));
    const options = { live: true, app: system.app };
    expect(await checkMappingText(text, options)).toMatchObject({ severity: 0, summary: { warnings: 1 } });
    expect(await checkMappingText(text, { ...options, strict: true })).toMatchObject({ severity: 2 });
  });

  test("of a tenant that has no account says what is wrong with the file, else that there is none", async () => {
    const elsewhere = bent((d) => (d.tenant = "nowhere"));
    await expect(checkMappingText(elsewhere, { live: true, app: system.app })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT",
    });
    const wrong = bent((d) => Object.assign(d, { tenant: "nowhere", stages: {} }));
    const check = await checkMappingText(wrong, { live: true, app: system.app });
    expect(check).toMatchObject({ live: false, severity: 1 });
  });
});

describe("mapping check on the command line", () => {
  let folder: string;
  const run = (...args: string[]) => {
    const command = ["scripts/run.mjs", "src/cli/index.ts", "mapping", "check", ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const file = async (bend: (document: Bendable) => void) => {
    const document = JSON.parse(await readFile("mappings/harbourline.json", "utf8"));
    bend(document);
    const path = join(folder, "document.json");
    await writeFile(path, JSON.stringify(document, null, 2));
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mapping-check-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("ends with 0 for a sound document", () => {
    const { status, stdout } = run("mappings/harbourline.json");
    expect(status).toBe(0);
    expect(stdout).toContain("0 errors, 0 warnings");
  });

  test("ends with 1 for errors, all of them on stdout, and no secret", async () => {
    const path = await file((d) => {
      d.pipedrive.api_token = TOKEN;
      d.objects.deal.fields.allbound_id.key = "PASTE KEY HERE";
    });
    const { status, stdout, stderr } = run(path);
    expect(status).toBe(1);
    for (const code of ["SECRET_IN_DOCUMENT", "UNKNOWN_MEMBER", "KEY_PLACEHOLDER"]) expect(stdout).toContain(code);
    expect(stdout + stderr).not.toContain(TOKEN);
    const json = run(path, "--json");
    expect(json.status).toBe(1);
    expect(codes((JSON.parse(json.stdout) as { findings: { code: string }[] }).findings)).toEqual([
      "KEY_PLACEHOLDER",
      "SECRET_IN_DOCUMENT",
      "UNKNOWN_MEMBER",
    ]);
    expect(json.stdout).not.toContain(TOKEN);
  });

  test("ends with 2 for warnings under --strict only", async () => {
    const path = await file((d) => (d.objects.deal.fields.allbound_id.type = "Single Line Text"));
    expect(run(path).status).toBe(0);
    expect(run(path, "--strict").status).toBe(2);
  });
});
