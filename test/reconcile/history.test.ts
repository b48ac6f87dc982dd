import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { maintain } from "../../workers/maintenance.ts";
import { cli, json } from "../cli/cli-under-test.ts";
import { type Channel, openChannel } from "./channel.ts";

/* What happened to fields and why, as ops ask for it; and what of it can be changed afterwards without being seen. */

const TENANT = "kestrel-obs";
const environment = { ...process.env };
let channel: Channel;
let organizationId: number;
let dealId: number;
let registrationId: string;

interface Line {
  id: number;
  at: string;
  label: string;
  event: string;
  side: string | null;
  before?: unknown;
  value?: unknown;
  by: string;
  correlation: string | null;
  intentId: number | null;
  text: string;
}

const of = ["--tenant", TENANT];
const deal = () => ["deal", String(dealId)];
const shown = (field: string) => json<Line[]>(["history", "show", ...deal(), ...of, "--field", field]);

beforeAll(async () => {
  channel = await openChannel({ tenant: TENANT });
  const masterKey = channel.system.app.config.masterKeys.get(1)?.toString("base64");
  Object.assign(process.env, { DATABASE_URL: channel.system.database.url, MASTER_KEY: masterKey });
  delete process.env.REDIS_URL;
  const partner = await channel.partner("Nordlicht Systems");
  organizationId = partner.organization.id;
  const rep = await channel.rep(partner, "mara@nordlichtsystems.example");
  const made = await channel.deal(partner, rep, "Harbour cranes");
  dealId = made.deal.id;
  registrationId = String(made.registration.registration_id);
});

afterAll(async () => {
  process.env = environment;
  await channel?.close();
});

describe("history of a field", () => {
  test("names who changed it in Pipedrive, and what was written of it where with which answer", async () => {
    await channel.later();
    await channel.twin.edit("deal", { value: 1500 }, dealId);
    await channel.system.quiet();
    const lines = await shown("registration.amount");
    const amount = { amount: "1500", currency: "EUR" };
    expect(lines.slice(0, 2)).toMatchObject([
      { event: "written", side: "program", value: amount, by: "partnersync", rule: "changed" },
      { event: "seen", side: "crm", before: { amount: "1200", currency: "EUR" }, value: amount },
    ]);
    expect(lines[0]?.intentId).toBeGreaterThan(0);
    expect(lines[1]?.by).toMatch(/\(Pipedrive user \d+\)$/);
    expect(lines.at(-1)).toMatchObject({ event: "linked" });
    expect(lines.at(-1)?.text).toContain("then: Pipedrive 1200 EUR, the partner program 1200 EUR");
  });

  test("names the program's event and actor, and an echo of our write is no change", async () => {
    const fields = { expected_close_date: "2027-05-09" };
    await channel.twin.act({ action: "edit_registration", registration_id: registrationId, fields });
    await channel.system.quiet();
    const lines = await shown("registration.expected_close_date");
    expect(lines.map(({ event, side }) => [event, side])).toEqual([
      ["written", "crm"],
      ["seen", "program"],
      ["linked", null],
    ]);
    expect(lines[1]).toMatchObject({ before: "2027-03-01", value: "2027-05-09" });
    expect(lines[1]?.by).toMatch(/in the partner program$/);
    expect(lines[1]?.correlation).toBeTruthy();
  });

  test("comes in pages that go on where they ended, and by period", async () => {
    const all = await json<Line[]>(["history", "show", ...deal(), ...of]);
    const url = `${channel.system.serverUrl}/api/tenants/${TENANT}/records/deal/${dealId}/history?limit=2`;
    const token = await admin();
    const ids: number[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}${next && `&cursor=${next}`}`, { headers });
      const page = (await answer.json()) as { items: Line[]; next: string | null };
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(ids).toEqual(all.map(({ id }) => id));
    const from = all[0]?.at ?? "";
    const newest = await json<Line[]>(["history", "show", ...deal(), ...of, "--from", from]);
    expect(newest.map(({ at }) => at).every((at) => at === from)).toBe(true);
  });
});

describe("why", () => {
  test("says what each side holds, who set it, and that our write was due to that", async () => {
    const { out } = await cli(["why", ...deal(), "registration.amount", ...of]);
    expect(out).toContain("Pipedrive has 1500 EUR: ");
    expect(out).toMatch(/\(Pipedrive user \d+\) changed it in Pipedrive: 1200 EUR → 1500 EUR/);
    expect(out).toMatch(
      /the partner program has 1500 EUR: partnersync wrote 1200 EUR → 1500 EUR to the partner program/,
    );
    expect(out).toMatch(/write \d+, acknowledged\n {2}because .*changed it in Pipedrive/);
    expect(out).toContain("both sides say the same");
  });

  test("says of a field nobody touched that it came with the link, and of no field what there is", async () => {
    const { out } = await cli(["why", "organization", String(organizationId), "partner.name", ...of]);
    expect(out).toMatch(/Pipedrive has Nordlicht Systems: it was so when the record was linked/);
    const unknown = await cli(["why", ...deal(), "registration.amuont", ...of]);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("no such field")]);
  });
});

describe("export", () => {
  test("is CSV that no spreadsheet takes for formulas, of one record or of all", async () => {
    await channel.later();
    await channel.twin.edit("organization", { name: "=1+1, Nordlicht" }, organizationId);
    await channel.system.quiet();
    const all = await cli(["history", "export", ...of]);
    const [head] = all.out.split("\r\n");
    expect(head).toMatch(/^id,at,changed_at,object,record,/);
    expect(all.out).toContain(`"'=1+1, Nordlicht"`);
    expect(all.out).toContain(",1500 EUR,");
    const one = await cli(["history", "export", ...of, "--record", `organization/${organizationId}`]);
    expect(one.out).toContain("Nordlicht");
    expect(one.out).not.toContain(",1500 EUR,");
    const later = await cli(["history", "export", ...of, "--from", "2090-01-01"]);
    expect(later.out).toBe(`${head}\r\n`);
  });
});

describe("seals", () => {
  const verify = async (...more: string[]) => {
    const { code, out } = await cli(["audit", "verify", ...of, ...more]);
    return `${code} ${out}`;
  };
  const sealed = async () => {
    await maintain(channel.system.app);
    const sql = "select id, position from history where position is not null order by position";
    return (await channel.rows<{ id: string; position: string }>(sql)).map((row) => Number(row.id));
  };
  /** Changes rows in one transaction that is undone afterwards: what is seen meanwhile. */
  const tampered = async (sql: string, values: unknown[] = []) => {
    await channel.rows("create table kept as select * from history");
    await channel.rows(sql, values);
    const verdict = await verify();
    await channel.rows("delete from history");
    await channel.rows("insert into history select * from kept");
    await channel.rows("drop table kept");
    expect(await verify()).toMatch(/^0 .* sealed rows fit/);
    return verdict;
  };

  test("chain every row, whichever transaction is committed first", async () => {
    const ids = await sealed();
    const client = await channel.system.database.pool.connect();
    const insert = `insert into history (tenant_id, lane_id, role, field, event, revision, content)
      values ('${TENANT}', 1, 'deal', 'late', 'seen', 1, 'x') returning id`;
    await client.query("begin");
    const [late] = (await client.query(insert)).rows;
    const [early] = await channel.rows<{ id: string }>(insert);
    expect((await sealed()).at(-1)).toBe(Number(early?.id));
    await client.query("commit");
    client.release();
    expect(await sealed()).toEqual([...ids, Number(early?.id), Number(late.id)]);
    expect(await verify()).toMatch(new RegExp(`^0 ${TENANT}: ${ids.length + 2} sealed rows fit, 0 wait`));
  });

  test("show a changed content, a changed word beside it, an exchanged order, a deleted row and a cut end", async () => {
    const ids = await sealed();
    const [second, third, last] = [ids[1], ids[2], ids.at(-1)];
    expect(await tampered("update history set content = 'other' where id = $1", [second])).toMatch(
      new RegExp(`^1 .*BROKEN at position 2 \\(history row ${second}\\): its content`),
    );
    expect(await tampered("update history set rule = 'undo' where id = $1", [third])).toContain("BROKEN at position 3");
    const swap = `update history h set position = o.position + 1000 from history o where h.id in ($1, $2) and o.id in ($1, $2) and o.id <> h.id`;
    const back = "update history set position = position - 1000 where position > 1000";
    await channel.rows("create table kept as select * from history");
    await channel.rows(swap, [second, third]);
    await channel.rows(back);
    expect(await verify()).toContain("BROKEN at position 2");
    await channel.rows(swap, [second, third]);
    await channel.rows(back);
    await channel.rows("drop table kept");
    expect(await tampered("delete from history where id = $1", [second])).toMatch(/BROKEN at position 2: .*gone/);
    expect(await tampered("delete from history where id = $1", [last])).toContain(`BROKEN at position ${ids.length}:`);
    expect(await tampered("delete from history")).toContain("BROKEN at position 1:");
  });

  test("still fit when contents and salts are gone, and a head that was kept shows a chain made anew", async () => {
    const [, head = ""] = /keep (\d+:[0-9a-f]{64})/.exec(await verify()) ?? [];
    expect(await verify("--known", head)).toMatch(/^0 /);
    await channel.rows("update history set content = null, salt = null where position <= 3");
    expect(await verify()).toMatch(/^0 .*3 of them without content/);
    await channel.rows("update history set digest = null, position = null, chain = null, revision = 7");
    await channel.rows("delete from history_chain");
    await sealed();
    expect(await verify()).toMatch(/^0 /);
    expect(await verify("--known", head)).toMatch(/^1 .*sealed otherwise once/);
  });

  test("no value stands in the database in plain text", async () => {
    const tables = await channel.rows<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'bullmq')",
    );
    for (const { name } of tables) {
      const found = await channel.rows(
        `select 1 from ${name} t where t::text like '%=1+1, Nordlicht%' or t::text like '%' || $1 || '%'`,
        [Buffer.from("=1+1, Nordlicht").toString("hex")],
      );
      expect([name, found]).toEqual([name, []]);
    }
  });
});

async function admin(): Promise<string> {
  await cli(["user", "add", "Ada", "--role", "admin"]);
  const { out } = await cli(["user", "token", "Ada"]);
  return /psop_\S+/.exec(out)?.[0] ?? "";
}
