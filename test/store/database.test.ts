import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

test("a connection that breaks between two statements of whoever has it fails the next one, and ends no process", async () => {
  const client = await db.pool.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const broken = new Promise((done) => client.once("end", done));
  const heard = client.listenerCount("error"); // an error that nobody hears ends the process
  await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await broken;
  expect(heard).toBeGreaterThan(0);
  await expect(client.query("select 1")).rejects.toThrow();
  client.release(true);
  expect((await db.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
