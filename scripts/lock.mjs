import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while holding `file` as a lock between processes. The lock names its holder's pid, so that one left by a
 * process that died is taken over.
 *
 * @param {string} file in an existing folder
 * @param {() => Promise<void>} work
 */
export async function withLock(file, work) {
  while (!tryLock(file)) await sleep(200);
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLock(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file); // fails when the lock is there, and never shows it half written
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    breakIfAbandoned(file);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function breakIfAbandoned(file) {
  const holder = read(file);
  if (holder === null || isAlive(Number(holder))) return;
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== holder) linkSync(aside, file); // somebody was faster and holds it anew: give it back
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // there, but another user's
  }
}
