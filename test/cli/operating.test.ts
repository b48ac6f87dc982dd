import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { rollOutOf } from "../../src/operations/apply-mapping.ts";
import { type Channel, eventually, openChannel, type Partner } from "../reconcile/channel.ts";
import { cli, json } from "./cli-under-test.ts";

/* What ops do with a customer that is live: roll a document out, answer to limits, begin stopped work again, tie pairs. */

const TENANT = "harbourline";
const environment = { ...process.env };
const titles = ["Fleet renewal", "Night shift", "Cold store"];
let channel: Channel;
let partner: Partner;
let folder: string;
let file: string;

const notes = async () =>
  (await channel.twin.records("deal")).flatMap((deal) => (deal.labels["Partner notes"] as string | null) ?? []).sort();

/** A document that has notes of the program written to every Deal. */
async function nextDocument(): Promise<string> {
  const { app, twin } = channel.system;
  const connection = await app.connections.current(TENANT, "pipedrive");
  const { token } = await app.connections.pipedriveSecrets(connection?.id ?? "");
  const made = await fetch(`${twin.url}/api/v2/dealFields`, {
    method: "POST",
    headers: { "x-api-token": token, "content-type": "application/json" },
    body: JSON.stringify({ field_name: "Partner notes", field_type: "text" }),
  });
  const { field_code: key } = ((await made.json()) as { data: { field_code: string } }).data;
  const document = JSON.parse((await app.mappings.live(TENANT))?.document ?? "null");
  Object.assign(document, { revision: 2, verify: undefined });
  document.objects.deal.extra.push({
    ...{ program: "registration.description", key, label: "Partner notes", type: "Large text" },
    ...{ direction: "program_to_crm", write: "always" },
  });
  return JSON.stringify(document, null, 2);
}

beforeAll(async () => {
  channel = await openChannel();
  const { app, database } = channel.system;
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    MASTER_KEY: app.config.masterKeys.get(1)?.toString("base64"),
    BURST_TOKENS: "100000",
  });
  delete process.env.REDIS_URL;
  partner = await channel.partner("Nordlicht");
  const rep = await channel.rep(partner, "mara@nordlicht.example");
  for (const title of titles)
    await channel.approve(await channel.register(partner, rep, title, { description: `about ${title}` }));
  await channel.system.quiet();
  folder = await mkdtemp(join(tmpdir(), "partnersync-operating-"));
  file = join(folder, "next.json");
  await writeFile(file, await nextDocument());
}, 90_000);
afterAll(async () => {
  process.env = environment;
  await channel?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe("mapping", () => {
  const rollOut = () => cli(["mapping", "roll-out", TENANT]);
  /** Until it has ended or stopped. */
  async function rolledOut() {
    const { app } = channel.system;
    const state = async () => (await rollOutOf(app, TENANT)).state;
    await eventually("the roll-out ends or stops", async () => (await state()) !== "running", 30_000);
    await channel.system.quiet();
    return rollOut();
  }

  test("plan says what changes, for how many records and what it costs; with --yes on live records", async () => {
    const planned = await cli(["mapping", "plan", file]);
    expect(planned.code).toBe(0);
    expect(planned.out).toContain(`${TENANT}: revision 2 in place of revision 1`);
    expect(planned.out).toMatch(/Deal "Partner notes" +registration\.description, program_to_crm, always +3$/m);
    expect(planned.out).toMatch(/looking at the account and at some records costs 122 tokens: --yes\n$/);
    const looked = await cli(["mapping", "plan", file, "--yes"]);
    expect(looked.out).toContain("of 11 linked records, 3 would change in Pipedrive and 0 in the program");
    expect(looked.out).toMatch(/deal \d+ +Partner notes +to pipedrive +\(empty\) +about /);
    expect((await cli(["mapping", "plan", join(folder, "none.json")])).err).toContain("FILE_UNREADABLE");
    expect((await cli(["mapping", "plan", file, "--sample", "some"])).code).toBe(2);
    expect(await notes()).toEqual([]);
  });

  test("apply begins nothing before --yes, and nothing where it is not clear what", async () => {
    const asked = await cli(["mapping", "apply", file]);
    expect([asked.code, asked.out]).toEqual([
      0,
      expect.stringMatching(/nothing has begun yet; to roll it out: --yes\n$/),
    ]);
    const none = await rollOut();
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("NO_ROLL_OUT")]);
    for (const args of [[], ["--continue"], [file, "--continue", "--tenant", TENANT]]) {
      const unclear = await cli(["mapping", "apply", ...args]);
      expect([unclear.code, unclear.err]).toEqual([2, expect.stringContaining("it is not clear what to roll out")]);
    }
    expect((await cli(["mapping", "apply", file, "--first", "101"])).code).toBe(2);
  });

  test("apply --yes rolls it out; one that stops says where and why, and is an error to scripts", async () => {
    await channel.fault({ kind: "status", status: 422, method: "PATCH", path: "/deals/", times: 1 });
    const begun = await cli(["mapping", "apply", file, "--yes"]);
    expect([begun.code, begun.out]).toEqual([
      0,
      expect.stringContaining(
        `${TENANT}: revision 2 is being rolled out by the workers; see partnersync mapping roll-out ${TENANT}`,
      ),
    ]);
    const stopped = await rolledOut();
    expect(stopped.code).toBe(1);
    expect(stopped.out).toMatch(
      /the roll-out of revision 2, begun by .* \(command line\) on .*, is paused\nat: the first records\n/,
    );
    expect(stopped.out).toContain("REFUSED_BY_PIPEDRIVE");
    const again = await cli(["mapping", "apply", file, "--yes"]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("ROLL_OUT_OPEN")]);
    expect((await notes()).length).toBeLessThan(titles.length);
  });

  test("apply --continue goes on where it stopped, to all", async () => {
    const goesOn = await cli(["mapping", "apply", "--continue", "--tenant", TENANT]);
    expect([goesOn.code, goesOn.out]).toEqual([0, expect.stringContaining("is running\nat: the first records")]);
    const ended = await rolledOut();
    expect([ended.code, ended.out]).toEqual([0, expect.stringMatching(/is done\n\d+ records were asked for\n$/)]);
    expect(await notes()).toEqual(titles.map((title) => `about ${title}`).sort());
    const over = await cli(["mapping", "apply", "--continue", "--tenant", TENANT]);
    expect([over.code, over.err]).toEqual([1, expect.stringContaining("NOT_PAUSED")]);
  });

  test("rollback brings the one before back under a new number, once", async () => {
    const back = await cli(["mapping", "rollback", TENANT]);
    expect([back.code, back.out]).toEqual([
      0,
      `${TENANT}: revision 3 brings revision 1 back; see partnersync mapping roll-out ${TENANT}\n`,
    ]);
    expect((await rolledOut()).code).toBe(0);
    expect((await cli(["mapping", "diff", `${TENANT}@1`, `${TENANT}@live`])).out).toBe("~ revision  1 -> 3\n");
    const further = await cli(["mapping", "rollback", TENANT]);
    expect([further.code, further.err]).toEqual([1, expect.stringContaining("NOTHING_BEFORE")]);
  });
});

describe("limits", () => {
  test("are shown, and set in part; what makes no sense is wrong usage", async () => {
    expect((await cli(["limits", "show", TENANT])).out).toMatch(
      new RegExp(`${TENANT}: within \\d+ minutes and in each direction \\(defaults\\), of 11 linked records`),
    );
    const set = await cli(["limits", "set", TENANT, "--changed", "2,0", "--window", "60"]);
    expect(set.code).toBe(0);
    expect(set.out).toContain(`${TENANT}: within 60 minutes and in each direction (set by`);
    expect(set.out).toMatch(/^changed +2 +0 %$/m);
    expect(set.out).toContain("writes to Pipedrive flow");
    expect((await cli(["limits", "set", TENANT, "--changed", "many"])).code).toBe(2);
    expect((await cli(["limits", "set", TENANT, "--cleared", "3,101"])).code).toBe(2);
    expect((await cli(["limits", "resume", TENANT])).err).toContain("NOT_PAUSED");
  });

  test("pause what would be too much, say it with the values for those who ask, and one command lets it go on", async () => {
    await channel.rows("delete from counted_write");
    await channel.later();
    for (const [i, title] of titles.entries())
      await channel.twin.edit("deal", { value: 500 + i }, (await channel.dealNamed(title)).id);
    const shown = () => cli(["limits", "show", TENANT]);
    await eventually("it is paused", async () => (await channel.found("TOO_MANY_WRITES")).length > 0, 30_000);
    expect((await shown()).out).toMatch(
      /writes to the partner program are PAUSED since .*: more than 2 records would be changed.* To let them go on: partnersync limits resume/,
    );
    expect((await shown()).out).not.toMatch(/50[012]/);
    const values = await cli(["limits", "show", TENANT, "--values"]);
    expect(values.out).toMatch(/deal \d+ +the partner program +\S.* +\S*1200\S* .*50[012]/);
    const resumed = await cli(["limits", "resume", TENANT, "--direction", "inbound"]);
    expect([resumed.code, resumed.out]).toEqual([
      0,
      expect.stringContaining(`${TENANT}: what waits is written to the partner program, once`),
    ]);
    await channel.system.quiet();
    const amounts = (await channel.twin.aggregates("deal_registration")).map(
      ({ amount }) => (amount as { value: number }).value,
    );
    expect(amounts.sort()).toEqual([500, 501, 502]);
    expect((await cli(["limits", "set", TENANT, "--defaults"])).out).toContain("(defaults)");
  });
});

describe("replay", () => {
  test("says what would be made due, makes it due by its finding, and has nothing left to do", async () => {
    const registration = await channel.registrationNamed("Cold store");
    const { id } = await channel.dealNamed("Cold store");
    await channel.later();
    await channel.fault({ kind: "status", status: 422, method: "PATCH", path: "/deals/", times: 1 });
    const fields = { amount: { value: 77, currency: "EUR" } };
    await channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
    await channel.system.quiet();
    const findings = await json<{ id: number; code: string }[]>(["findings", "list", "--tenant", TENANT]);
    const finding = findings.find(({ code }) => code === "REFUSED_BY_PIPEDRIVE");
    const dry = await cli(["replay", TENANT, "--since", "10m", "--dry-run"]);
    expect(dry.out).toContain(`${TENANT}: 1 record would be made due (at most 1 tokens)\n`);
    expect(dry.out).toMatch(new RegExp(`^deal ${id} +\\d{4}-\\S+ .*Pipedrive`, "m"));
    expect((await channel.dealNamed("Cold store")).value).not.toBe(77);

    const done = await cli(["replay", TENANT, "--finding", String(finding?.id)]);
    expect([done.code, done.out]).toEqual([
      0,
      expect.stringContaining(`${TENANT}: 1 record made due; the workers go on\n`),
    ]);
    await channel.system.quiet();
    expect((await channel.dealNamed("Cold store")).value).toBe(77);
    expect((await cli(["replay", TENANT, "--since", "10m"])).out).toBe(
      `${TENANT}: 0 records made due; the workers go on\n`,
    );
  });

  test("of one record; of what nobody knows, and of nothing, says so", async () => {
    const { id } = await channel.dealNamed("Cold store");
    expect((await cli(["replay", TENANT, "--record", `deal ${id}`])).out).toContain("1 record made due");
    await channel.system.quiet();
    const unknown = await cli(["replay", TENANT, "--record", "deal 999999"]);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("UNKNOWN_RECORD")]);
    expect((await cli(["replay", TENANT, "--finding", "999999"])).err).toContain("UNKNOWN_FINDING");
    for (const args of [[], ["--record", "deals"], ["--since", "yesterday"]])
      expect([args, (await cli(["replay", TENANT, ...args])).code]).toEqual([args, 2]);
  });
});

describe("link and unlink", () => {
  const pair = () => ["organization", String(partner.organization.id), "partner", partner.id, "--tenant", TENANT];

  test("undo each other, say how, and do nothing twice", async () => {
    const named = `${TENANT}: organization ${partner.organization.id} and partner ${partner.id}`;
    const apart = await cli(["unlink", ...pair()]);
    expect(apart.code).toBe(0);
    expect(apart.out).toContain(`${named} are unlinked. No field was touched`);
    expect(apart.out).toContain(`To undo it: partnersync link ${pair().join(" ")}`);
    expect((await cli(["unlink", ...pair()])).out).toBe(`${named} are unlinked already\n`);
    const tied = await cli(["link", ...pair()]);
    expect([tied.code, tied.out]).toEqual([
      0,
      expect.stringContaining(`${named} are linked, and are brought into step, from what both sides agreed on before`),
    ]);
    expect((await cli(["link", ...pair()])).out).toBe(`${named} are linked already\n`);
    await channel.system.quiet();
  });

  test("refuse what cannot be a pair", async () => {
    const [, id, ...rest] = pair();
    const impossible = await cli(["link", "deal", id ?? "", ...rest]);
    expect([impossible.code, impossible.err]).toEqual([1, expect.stringContaining("PAIR_IMPOSSIBLE")]);
    const missing = await cli(["link", "organization", "999999", "partner", "prt_none", "--tenant", TENANT]);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("UNKNOWN_RECORD")]);
    expect((await cli(["link", "organization", "x1", ...rest])).code).toBe(2);
  });
});
