import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readIfThere, withMutex } from "../embedded/mutex.ts";
import { commandLineOf, isAlive, processIdentity } from "../embedded/process-identity.ts";
import { InputError } from "../errors.ts";

/**
 * Takes a data folder for one twin: two of them would write into each other's journal. The folder names its holder, so
 * that a killed one locks nobody out.
 *
 * @param folder made when missing
 * @returns how to give it up
 * @throws InputError when a living twin has it, one of this process included
 */
export async function takeFolder(folder: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "twin.pid");
  await withMutex(join(folder, "twin.lock"), async () => {
    const holder = readIfThere(file);
    if (holder !== null && isRunning(holder)) throw taken(folder, holder);
    writeFileSync(file, processIdentity());
  });
  let held = true;
  return () => {
    if (held) rmSync(file, { force: true });
    held = false; // whoever has it next is not put out by a second call
  };
}

/** A killed process that its parent never waits for keeps pid and start time; its command line is gone. */
function isRunning(identity: string): boolean {
  const unburied = process.platform === "linux" && commandLineOf(Number.parseInt(identity, 10)) === "";
  return isAlive(identity) && !unburied;
}

function taken(folder: string, holder: string): InputError {
  const pid = Number.parseInt(holder, 10);
  const whose = pid === process.pid ? "this process" : `process ${pid}`;
  const hint = "stop that one, or give this one a folder of its own";
  return new InputError("TWIN_RUNNING", `a twin of ${whose} remembers in ${resolve(folder)} already`, undefined, hint);
}
