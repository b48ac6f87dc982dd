import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";

test("a reader that has seen enough, as in `--help | head`, is no failure", async () => {
  const command = ["scripts/run.mjs", "src/cli/index.ts", "--help"];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [status] = await once(child, "close");
  expect({ status, said }).toEqual({ status: 0, said: "" });
});
