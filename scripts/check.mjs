/**
 * `npm run check`: types, lint and format, then the tests that need no database. Under a minute; run before a commit.
 * With `--without-tests` for who runs all of them anyway.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setup } from "./setup.mjs";
import { runJest } from "./test.mjs";

const bin = (...path) => join(root, "node_modules", ...path);

function step(name, file, ...args) {
  process.stderr.write(`${name} ...\n`);
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

await setup();
step("types", bin("typescript", "bin", "tsc"), "-p", "tsconfig.json", "--noEmit");
step("lint and format", bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings");
if (!process.argv.includes("--without-tests")) {
  process.stderr.write("fast tests ...\n");
  const fast = ["test/sync", "test/pipedrive", "test/partner", "--passWithNoTests"];
  if ((await runJest(fast)) !== 0) process.exitCode = 1;
}
