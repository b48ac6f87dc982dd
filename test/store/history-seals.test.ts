import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { chainOf, digestOf } from "../../src/store/history-chain.ts";
import { createHistorySeals, type HistorySeals } from "../../src/store/history-seals.ts";
import { openTestLanes, type TestLanes } from "./test-lanes.ts";

/* Somebody with the database changes what history says: the first row that does not fit is named. */

let store: TestLanes;
let seals: HistorySeals;
let tenant: string;
let ids: number[];
beforeAll(async () => {
  store = await openTestLanes();
  seals = createHistorySeals(store.db);
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = (await store.addTenant()).id;
  ids = await added(6);
  await seals.seal();
});

const rows = async (sql: string, ...values: unknown[]) => (await store.pool.query(sql, [tenant, ...values])).rows;
async function added(count: number): Promise<number[]> {
  const made = await rows(
    `insert into history (tenant_id, lane_id, role, program_id, field, event, winner, rule, revision, intent_id, content, salt)
       select $1, 1, 'deal', 'reg_1', 'field ' || n, 'written', 'crm', 'changed', 1, n, convert_to('content ' || n, 'utf8'), convert_to('salt ' || n, 'utf8')
       from generate_series(1, $2::int) n returning id::int`,
    count,
  );
  return made.map(({ id }) => id);
}
const broken = async (after = 0, limit = 100) => (await seals.check(tenant, after, limit)).broken;
const at = (position: number, why: string, historyId: number | null = ids[position - 1] ?? null) => ({
  ...{ position, historyId, why: expect.stringContaining(why) },
});

/** A row changed by somebody who knows how rows are sealed. */
async function forged(position: number): Promise<Buffer> {
  const [row] = await rows("select * from history where tenant_id = $1 and position = $2", position);
  const [before] = await rows("select chain from history where tenant_id = $1 and position = $2", position - 1);
  const said = {
    ...{ id: Number(row.id), tenantId: tenant, role: row.role, programId: row.program_id, field: row.field },
    ...{ event: row.event, winner: row.winner, rule: row.rule, revision: row.revision },
    ...{ intentId: Number(row.intent_id), at: row.at, content: Buffer.from("forged"), salt: row.salt },
  };
  const digest = digestOf(said);
  const chain = Buffer.from(chainOf(before.chain, position, said, digest));
  await rows(
    "update history set content = $3, digest = $4, chain = $5 where tenant_id = $1 and position = $2",
    ...[position, said.content, digest, chain],
  );
  return chain;
}

describe("sealed history", () => {
  test("fits as it was written, page by page, and every tenant has a chain of its own", async () => {
    const other = (await store.addTenant()).id;
    await rows(
      "insert into history (tenant_id, lane_id, role, field, event, revision) values ($2, 1, 'deal', 'f', 'seen', 1), ($1, 1, 'deal', 'f', 'seen', 1)",
      other,
    );
    await seals.seal();
    expect(await seals.check(tenant, 0, 100)).toMatchObject({ checked: 7, broken: null, next: null, unsealed: 0 });
    expect(await seals.check(other, 0, 100)).toMatchObject({ checked: 1, broken: null, head: { position: 1 } });
    const pages: unknown[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page = await seals.check(tenant, after, 3);
      pages.push([page.checked, page.broken]);
      after = page.next;
    }
    expect(pages).toEqual([
      [3, null],
      [3, null],
      [1, null],
    ]);
  });

  test.each([
    ["content", "'other'"],
    ["salt", "'other'"],
    ["content", "null"],
    ["salt", "null"],
  ])("names the row whose %s became %s", async (column, value) => {
    await rows(`update history set ${column} = ${value} where tenant_id = $1 and position = 4`);
    expect(await broken()).toEqual(at(4, "its content is not"));
  });

  test.each([
    ["role", "'partner'"],
    ["program_id", "'reg_2'"],
    ["field", "'another'"],
    ["event", "'seen'"],
    ["winner", "'program'"],
    ["rule", "null"],
    ["revision", "2"],
    ["intent_id", "null"],
    ["at", "at + interval '1 ms'"],
  ])("names the row whose %s became %s", async (column, value) => {
    await rows(`update history set ${column} = ${value} where tenant_id = $1 and position = 4`);
    expect(await broken()).toEqual(at(4, "it, or its place"));
  });

  test("names the first of several, wherever a page ends", async () => {
    await rows("update history set content = 'other' where tenant_id = $1 and position in (3, 5)");
    await rows("update history set rule = 'undo' where tenant_id = $1 and position = 4");
    expect(await broken()).toEqual(at(3, "its content"));
    expect(await broken(0, 2)).toBeNull();
    expect(await broken(2, 2)).toEqual(at(3, "its content"));
    expect(await broken(3, 1)).toEqual(at(4, "it, or its place"));
  });

  test("names the row behind one that was forged together with its seals", async () => {
    await forged(3);
    expect(await broken()).toEqual(at(4, "it, or its place"));
    // A page that begins right there looks at what its own rows were chained to.
    expect(await broken(3, 100)).toEqual(at(4, "it, or its place"));
  });

  test("forged up to its end ends otherwise; with a forged end as well only a head that was kept shows it", async () => {
    const kept = (await seals.check(tenant, 0, 100)).head;
    for (const position of [4, 5]) await forged(position);
    const last = await forged(6);
    expect(await broken()).toEqual(at(6, "the chain ends otherwise"));
    await rows("update history_chain set chain = $2 where tenant_id = $1", last);
    expect(await broken()).toBeNull();
    expect(await seals.chainAt(tenant, 6)).not.toBe(kept?.chain);
  });

  test("made anew behind a changed first row has another end: what came before is in every seal", async () => {
    const kept = (await seals.check(tenant, 0, 100)).head;
    await rows("update history set digest = null, position = null, chain = null where tenant_id = $1");
    await rows("update history set revision = 7 where tenant_id = $1 and id = $2", ids[0]);
    await rows("delete from history_chain where tenant_id = $1");
    await seals.seal();
    expect(await broken()).toBeNull();
    expect(await seals.chainAt(tenant, 6)).not.toBe(kept?.chain);
  });

  test.each([1, 3, 6])("says where a row is gone (%i)", async (position) => {
    await rows("delete from history where tenant_id = $1 and position = $2", position);
    expect(await broken()).toEqual(at(position, "gone", null));
  });

  test("says that its end is gone, and fits still when content and salt are", async () => {
    await rows("update history set content = null, salt = null where tenant_id = $1 and position > 2");
    expect(await seals.check(tenant, 0, 100)).toMatchObject({ broken: null, pruned: 4 });
    await rows("delete from history_chain where tenant_id = $1");
    expect(await broken()).toMatchObject({ position: 6, why: expect.stringContaining("the end of the chain is gone") });
  });
});
