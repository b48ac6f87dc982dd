import { randomBytes } from "node:crypto";
import { openDatabase } from "../../src/store/database.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { createVault } from "../../src/store/vault.ts";
import { freshDatabase } from "../support/database.ts";

/** A database of a test file's own, with what nearly every part of the store needs. */
export async function openTestStore() {
  const database = await freshDatabase();
  const db = openDatabase(database.url, 4);
  const vault = createVault(new Map([[1, randomBytes(32)]]));
  return {
    db,
    vault,
    tenants: createTenants(db, vault),
    async stop() {
      await db.close();
      await database.drop();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof openTestStore>>;
