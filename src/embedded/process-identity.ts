import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Names a process for good: "pid start". A pid alone comes back, in a container nearly always to the same program.
 *
 * @param pid default: this process
 */
export function processIdentity(pid = process.pid): string {
  return `${pid} ${startOf(pid) ?? ""}`;
}

/** Whether the process with this identity still runs. */
export function isAlive(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  return pidExists(pid) && processIdentity(pid) === identity;
}

/** Whether any process has this pid, another user's included. */
export function pidExists(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a process, its words joined by spaces; "" when it cannot be seen. */
export function commandLineOf(pid: number): string {
  const proc = readProc(`/proc/${pid}/cmdline`);
  return proc === null ? ps(pid, "command=") : proc.replaceAll("\0", " ");
}

function startOf(pid: number): string | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return ps(pid, "lstart=") || null;
  // The name in parentheses may hold spaces; start time (ticks since boot) is the 20th field after it.
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${readProc("/proc/sys/kernel/random/boot_id")?.trim()}/${start}`;
}

function readProc(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null; // no /proc on this system, or the process is gone
  }
}

function ps(pid: number, column: string): string {
  if (process.platform === "linux" || process.platform === "win32") return "";
  return spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}
