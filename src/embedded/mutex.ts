import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "./process-identity.ts";

/**
 * Runs `work` while holding `file` as a lock between processes. The file names its holder by pid and start time, so
 * that the lock of a dead process is taken over even when its pid has been given to another one.
 *
 * @param file lock file in an existing folder
 */
export async function withMutex<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!tryLock(file)) await sleep(50);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLock(file: string): boolean {
  const mine = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, processIdentity());
  try {
    linkSync(mine, file); // fails when the lock is there, and never shows it half written
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    breakIfAbandoned(file, `${mine}.stale`);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function breakIfAbandoned(file: string, aside: string): void {
  const holder = readIfThere(file);
  if (holder === null || isAlive(holder)) return;
  try {
    renameSync(file, aside);
    if (readIfThere(aside) !== holder) linkSync(aside, file); // somebody was faster and holds it anew: give it back
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A small file's text, or null when it is not there. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** The system's code of a failed call, such as "ENOENT". */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
