import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { removeLeftovers } from "./services.ts";

const within = mkdtempSync(join(tmpdir(), "leftovers-"));
chmodSync(within, 0o755); // as the folder of temporary files is: the server's user gets in
afterAll(() => rmSync(within, { recursive: true, force: true }));

test("what a killed run left goes, also where it was removed by half; what a live run has stays", async () => {
  const [dead, live] = [
    join(within, "partnersync-test-999999999-a"),
    join(within, `partnersync-test-${process.pid}-b`),
  ];
  for (const folder of [dead, live]) {
    mkdirSync(join(folder, "postgres"), { recursive: true });
    writeFileSync(join(folder, "postgres", "PG_VERSION"), "18\n"); // and no password to get in by
  }
  await removeLeftovers(within);
  expect([existsSync(dead), existsSync(live)]).toEqual([false, true]);
});
