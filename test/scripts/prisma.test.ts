import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "partnersync-prisma-"));
  await chmod(folder, 0o755); // else, as root, the database would be kept elsewhere and outlive the folder
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npm run prisma -- <args>` without a DATABASE_URL. */
async function prisma(args: string[], more: Record<string, string>) {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...more };
  const child = spawn(process.execPath, ["scripts/prisma.mjs", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const [status] = await once(child, "close");
  return { status, said };
}

describe("npm run prisma", () => {
  test("works on the embedded database in DATA_DIR", async () => {
    const { said } = await prisma(["migrate", "status"], { DATA_DIR: folder });
    expect(said).toContain('database "partnersync"');
    expect(existsSync(join(folder, "postgres"))).toBe(true);
  });

  test("embeds no database in production", async () => {
    const { status, said } = await prisma(["migrate", "status"], { DATA_DIR: folder, NODE_ENV: "production" });
    expect([status, said]).toEqual([1, expect.stringContaining("NO_DATABASE_URL")]);
  });
});
