import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { unzipSync } from "fflate";
import { assess } from "../../../src/access/assess.ts";
import { canonicalJson, sha256 } from "../../../src/access/canonical-json.ts";
import { evidencePack, type StoredRun, toZip } from "../../../src/access/evidence/evidence-pack.ts";
import { completeReview, decide, observeLater, startReview } from "../../../src/access/review/steps.ts";
import { importRoster } from "../../../src/access/roster/import-roster.ts";
import { readSnapshot } from "../../../src/access/snapshot.ts";
import { INACTIVE, NOW, policyOf, rosterText, snapshotOf, user } from "../world.ts";

const run = promisify(execFile);
const BO = { name: "Bo <b>Boss</b>", email: "bo.boss@acme.example" };
const EVIL = '=HYPERLINK("http://x.example","click")';
const ROSTER = rosterText([
  "E2,Bea Berg,bea@acme.example,,employee,offboarded,,2026-03-10,Sales,boss@acme.example",
  "E3,=cmd|x!A1,cem@acme.example,,employee,active,,,Sales,",
]);
const USERS = [
  user(1, "Ana Alder", "ana@acme.example"),
  user(2, "Bea Berg", "bea@acme.example"),
  user(3, EVIL, "cem@acme.example"),
  user(4, "<script>alert(1)</script>", "eve@elsewhere.example"),
];

/** Everything made anew, so that nothing but the values can make two packs equal. */
function stored({ withReview = true } = {}): StoredRun {
  const snapshot = snapshotOf({ assessed: true, value: USERS });
  const roster = new TextEncoder().encode(ROSTER);
  const imported = importRoster(roster, { timeZone: "Europe/Berlin", asOf: "2026-03-19T06:00:00Z" });
  if (!imported.ok) throw new Error(imported.faults[0]?.message);
  const policy = policyOf();
  const assessed = assess({
    runId: "2026-03",
    at: new Date(NOW),
    toolVersion: "0.1.0",
    snapshot,
    roster: imported.roster,
    policy,
  });
  let review = startReview({ reviewId: "r1", run: assessed, by: BO, at: new Date(NOW) });
  const decision = { reviewer: BO, at: new Date("2026-03-21T09:00:00Z") };
  review = decide(review, { ...decision, userIds: [1], choice: "keep" });
  review = decide(review, { ...decision, userIds: [2, 3, 4], choice: "keep", comment: "=too, fast" });
  review = decide(review, { ...decision, userIds: [2], choice: "remove" });
  review = completeReview(review, { by: BO, at: new Date("2026-03-22T09:00:00Z") });
  const later = USERS.map((one) => (one.id === 2 ? { ...one, ...INACTIVE } : one));
  review = observeLater(review, snapshotOf({ assessed: true, value: later }, { takenAt: "2026-03-23T00:00:00.000Z" }));
  return { run: assessed, snapshot, roster, policy: policy.text, review: withReview ? review : null };
}

const textOf = (pack: ReturnType<typeof evidencePack>, name: string) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(pack.files.find((file) => file.name === name)?.bytes);
const rowsOf = (pack: ReturnType<typeof evidencePack>, name: string) =>
  parse(textOf(pack, name), { columns: true }) as Record<string, string>[];

describe("the evidence of a run", () => {
  test("has the files that were promised, in a folder of the run", () => {
    const pack = evidencePack(stored());
    expect(pack.folder).toBe("access-review-2026-03");
    expect(pack.files.map(({ name }) => name)).toEqual([
      "accounts.csv",
      "decisions.csv",
      "findings.csv",
      "manifest.sha256",
      "policy.json",
      "report.html",
      "roster.csv",
      "snapshot_users.json",
      "summary.json",
      "vanta_access_file.csv",
    ]);
  });

  test("is the same to the byte when it is made again, also from what was stored as text", () => {
    const [first, second] = [stored(), stored()];
    const reread: StoredRun = {
      run: JSON.parse(canonicalJson(second.run)),
      snapshot: readSnapshot(second.snapshot.text, second.run.snapshot.sha256),
      roster: second.roster,
      policy: second.policy,
      review: JSON.parse(canonicalJson(second.review)),
    };
    expect(evidencePack(reread)).toEqual(evidencePack(first));
    expect(sha256(toZip(evidencePack(reread)))).toBe(sha256(toZip(evidencePack(first))));
  });

  test("is the same to the byte on a machine in another time zone, years later", async () => {
    const script = `
      const { zipSync } = await import("fflate");
      const { toZip } = await import("./src/access/evidence/evidence-pack.ts");
      const { sha256 } = await import("./src/access/canonical-json.ts");
      process.stdout.write(sha256(toZip({ folder: "f", files: [{ name: "a.txt", bytes: new TextEncoder().encode("abc".repeat(99)) }] })));`;
    const zip = async (TZ: string) =>
      (
        await run(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
          env: { ...process.env, TZ },
        })
      ).stdout;
    const digests = await Promise.all(["UTC", "Pacific/Kiritimati"].map(zip));
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[0]).toBe(digests[1]);
  });

  test("is verified by sha256sum -c, which sees a changed byte", async () => {
    const folder = await mkdtemp(join(tmpdir(), "evidence-"));
    try {
      for (const { name, bytes } of evidencePack(stored()).files) await writeFile(join(folder, name), bytes);
      const verify = () => run("sha256sum", ["--strict", "-c", "manifest.sha256"], { cwd: folder });
      const { stdout } = await verify();
      expect(stdout.trim().split("\n")).toHaveLength(9);
      expect(stdout).not.toContain("FAILED");
      await writeFile(join(folder, "decisions.csv"), `${await readFile(join(folder, "decisions.csv"), "utf8")} `);
      await expect(verify()).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining("decisions.csv: FAILED"),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("the zip holds the same files under the folder", () => {
    const pack = evidencePack(stored());
    const files = unzipSync(toZip(pack));
    expect(Object.keys(files)).toEqual(pack.files.map(({ name }) => `${pack.folder}/${name}`));
    for (const { name, bytes } of pack.files)
      expect(Buffer.from(files[`${pack.folder}/${name}`]!)).toEqual(Buffer.from(bytes));
  });

  test("holds what it was made of as it was given, and the snapshot under its digest", () => {
    const given = stored();
    const pack = evidencePack(given);
    expect(textOf(pack, "roster.csv")).toBe(ROSTER);
    expect(textOf(pack, "policy.json")).toBe(given.policy);
    expect(sha256(textOf(pack, "snapshot_users.json"))).toBe(given.run.snapshot.sha256);
    expect(JSON.parse(textOf(pack, "snapshot_users.json")).users.value[2].name).toBe(EVIL);
  });

  test("no cell of a table begins a formula, whoever named their account", () => {
    const pack = evidencePack(stored());
    expect(rowsOf(pack, "accounts.csv")[2]?.name).toBe(`'${EVIL}`);
    expect(rowsOf(pack, "decisions.csv")[1]?.comment).toBe("'=too, fast");
    for (const { name, bytes } of pack.files.filter(
      (file) => file.name.endsWith(".csv") && file.name !== "roster.csv",
    )) {
      const cells = (parse(Buffer.from(bytes)) as string[][]).flat();
      expect([name, cells.filter((cell) => /^[=+@\t\r-]/.test(cell))]).toEqual([name, []]);
    }
  });

  test("tables say per account, finding and decision what was asked for", () => {
    const pack = evidencePack(stored());
    const [, bea, , eve] = rowsOf(pack, "accounts.csv");
    expect(bea).toMatchObject({
      user_id: "2",
      staff_id: "E2",
      match_kind: "work_email",
      staff_status: "offboarded",
      admin: "no",
    });
    expect(bea).toMatchObject({ verdict: "attention", codes: "AR-OFFBOARDED-ACTIVE; AR-OFFBOARDED-LOGIN" });
    expect(eve).toMatchObject({ match_kind: "none", codes: "AR-UNIDENTIFIED", last_login: "2026-03-19T08:00:00.000Z" });
    const late = rowsOf(pack, "findings.csv").find(({ code }) => code === "AR-OFFBOARDED-ACTIVE");
    expect(late).toMatchObject({
      severity: "critical",
      account: "bea@acme.example",
      first_seen: NOW,
      due_at: "2026-03-11T23:00:00.000Z",
      state: "open",
      owner: "boss@acme.example",
      overdue: "yes",
    });
    expect(late?.control_ids).toContain("ISO27001:A.5.18");
    expect(rowsOf(pack, "decisions.csv").filter(({ user_id }) => user_id === "2")).toEqual([
      expect.objectContaining({ decision: "keep", in_force: "no", follow_up: "" }),
      expect.objectContaining({ decision: "remove", in_force: "yes", follow_up: "inactive", reviewer: BO.email }),
    ]);
    expect(rowsOf(pack, "vanta_access_file.csv")[3]).toEqual({
      "Account name": "eve@elsewhere.example",
      "Account owner": "No owner",
      Role: "global:Global regular user,sales:Deals regular user",
      Status: "Active",
    });
  });

  test("the summary counts each check, and what was not assessed", () => {
    const summary = JSON.parse(textOf(evidencePack(stored()), "summary.json"));
    expect(summary).toMatchObject({ run_id: "2026-03", assessed_at: NOW, tool: { version: "0.1.0" } });
    const check = (id: string) => summary.checks.find((one: { id: string }) => one.id === id);
    expect(check("identified")).toMatchObject({ outcome: "fail", passed: 3, failed: 1, not_assessed: 0 });
    expect(check("offboarded")).toMatchObject({ outcome: "fail", passed: 2, failed: 1, not_assessed: 1 });
    expect(summary.review).toMatchObject({
      state: "completed",
      undecided: 0,
      decisions: { keep: 3, remove: 1 },
      follow_ups: { all: 1, closed: 1 },
    });
  });

  test("the report stands alone, is made for paper, and shows names as text", () => {
    const html = textOf(evidencePack(stored()), "report.html");
    expect(html).toContain("@media print");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("Bo &lt;b&gt;Boss&lt;/b&gt;");
    expect(html).not.toMatch(/<script|<img|<link|src=|href=|@import|url\(/i);
    for (const word of ["AR-OFFBOARDED-ACTIVE", "Not assessed", "inactive, seen 2026-03-23"])
      expect(html).toContain(word);
  });

  test("without a review the table of decisions has only its header", () => {
    const pack = evidencePack(stored({ withReview: false }));
    expect(rowsOf(pack, "decisions.csv")).toEqual([]);
    expect(textOf(pack, "report.html")).toContain("No review was held");
  });

  test.each([
    ["roster", (it: StoredRun) => ({ ...it, roster: new Uint8Array([65]) })],
    ["roster", (it: StoredRun) => ({ ...it, roster: null })],
    ["policy", (it: StoredRun) => ({ ...it, policy: `${it.policy} ` })],
    ["snapshot", (it: StoredRun) => ({ ...it, snapshot: snapshotOf({ assessed: true, value: [] }) })],
    ["review", (it: StoredRun) => ({ ...it, review: { ...it.review!, runId: "other" } })],
  ])("is not made with another %s", (where, bend) => {
    expect(() => evidencePack(bend(stored()))).toThrow(expect.objectContaining({ code: "EVIDENCE_MISMATCH", where }));
  });
});
