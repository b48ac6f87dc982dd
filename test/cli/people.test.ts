import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { cli, json } from "./cli-under-test.ts";

/* Who may sign in, with the command line on this machine. The tests follow each other. */

interface Known {
  name: string;
  role: string;
  tenants: string[] | null;
  tokensInForce: number;
  disabledAt: string | null;
}

const environment = { ...process.env };
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-people-"));
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "https://sync.example" });
  delete process.env.REDIS_URL;
  await cli(["tenant", "add", "acme"]);
});

afterAll(async () => {
  process.env = environment;
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const ada = async () => (await json<Known[]>(["user", "list"])).find(({ name }) => name === "ada");

test("lets somebody in by a link that is shown once", async () => {
  const { code, out } = await cli(["user", "add", "ada", "--role", "viewer", "--email", "ada@example.com"]);
  expect(code).toBe(0);
  expect(out).toMatch(/https:\/\/sync\.example\/sign-in\/once\?code=psonce_[\w-]{43}\n$/);
  expect(await ada()).toMatchObject({ role: "viewer", tenants: null, tokensInForce: 0 });
  expect((await cli(["user", "add", "ada", "--role", "admin"])).err).toContain("OPERATOR_EXISTS");
  expect((await cli(["user", "sign-in", "ada"])).out).toContain("https://sync.example/sign-in/once?code=psonce_");
});

test("changes what somebody may do, and for whom", async () => {
  const { out } = await cli(["user", "role", "ada", "--role", "operator", "--tenant", "acme"]);
  expect(out).toBe("ada is operator, for acme\n");
  expect(await ada()).toMatchObject({ role: "operator", tenants: ["acme"] });
  expect((await cli(["user", "role", "ada", "--role", "viewer"])).out).toBe("ada is viewer, for acme\n");
  expect((await cli(["user", "role", "ada", "--role", "viewer", "--all-tenants"])).out).toMatch(/for every tenant\n$/);
  expect((await cli(["user", "role", "ada", "--role", "operator", "--tenant", "acne"])).err).toContain(
    "UNKNOWN_TENANT",
  );
  expect((await cli(["user", "add", "eva", "--role", "viewer", "--tenant", "acne"])).err).toContain("UNKNOWN_TENANT");
  await cli(["user", "role", "ada", "--role", "operator", "--tenant", "acme"]);
  expect(await ada()).toMatchObject({ role: "operator", tenants: ["acme"] });
});

test("issues tokens, never above their owner, and revokes one or all", async () => {
  expect((await cli(["user", "token", "ada", "--role", "admin"])).err).toContain("TOKEN_ABOVE_OWNER");
  expect((await cli(["user", "token", "ada", "--tenant", "acne"])).err).toContain("UNKNOWN_TENANT");
  const issued = await json<{ id: string; token: string; expiresAt: string | null }>(["user", "token", "ada"]);
  expect(issued.token).toMatch(/^psop_/);
  expect(new Date(issued.expiresAt ?? 0).getTime()).toBeGreaterThan(Date.now() + 89 * 24 * 3600 * 1000);
  await json(["user", "token", "ada", "--for", "nightly export", "--role", "viewer", "--days", "never"]);
  const { out } = await cli(["user", "tokens", "ada"]);
  expect(out).toMatch(/nightly export +viewer +acme +until revoked/);
  expect(out).not.toContain("psop_");
  expect((await cli(["user", "revoke", "ada", issued.id])).out).toBe("revoked 1 token(s) of ada\n");
  expect((await cli(["user", "revoke", "ada"])).out).toBe("revoked 1 token(s) of ada\n");
  expect((await cli(["user", "revoke", "ada"])).out).toBe("ada had no such token in force\n");
  expect(await ada()).toMatchObject({ tokensInForce: 0 });
});

test("lets somebody in no more, and again; the last admin stays", async () => {
  expect((await cli(["user", "disable", "ada"])).out).toBe("ada is let in no more\n");
  expect((await cli(["user", "token", "ada"])).err).toContain("OPERATOR_DISABLED");
  expect((await cli(["user", "list"])).out).toMatch(/ada +disabled/);
  expect((await cli(["user", "enable", "ada"])).out).toBe("ada may sign in again\n");
  await cli(["user", "add", "eve", "--role", "admin"]);
  expect((await cli(["user", "disable", "eve"])).err).toContain("LAST_ADMIN");
});

test("has all of it on record, without a secret, to read and to export", async () => {
  const { out } = await cli(["audit", "list", "--limit", "100"]);
  for (const action of ["tenant.add", "user.add", "user.role", "token.issue", "token.revoke", "user.disable"]) {
    expect(out).toContain(action);
  }
  expect(out).toMatch(/failed +.+ \(command line\) +user\.disable +user eve +LAST_ADMIN/);
  expect(out).not.toMatch(/psop_|psonce_/);
  expect(out).toMatch(/user\.role +user ada +role: viewer → operator, tenants: null → \["acme"\]/);
  const lines = (await cli(["audit", "export", "--action", "user.role"])).out.trim().split("\n");
  const [begun, done] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(10); // five tries
  expect(begun).toMatchObject({ phase: "begun", action: "user.role", via: "local" });
  expect(done).toMatchObject({
    phase: "done",
    begunId: begun?.id,
    before: { role: "viewer" },
    after: { tenants: ["acme"] },
  });
  const csv = (await cli(["audit", "export", "--format", "csv"])).out.split("\n");
  expect(csv[0]).toMatch(/^id,at,phase,begunId,/);
  expect((await cli(["audit", "list", "--tenant", "nobody"])).err).toContain("UNKNOWN_TENANT");
});
