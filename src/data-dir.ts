import { InputError } from "./errors.ts";

/** Why a folder, or a file in it, cannot be made or opened, by the system's code. */
const REASONS: Record<string, string> = {
  EACCES: "this user may not read or write there",
  EPERM: "this user may not read or write there",
  EEXIST: "a file is where a folder has to be",
  ENOTDIR: "a file is where a folder has to be",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** Those that ask for a file or folder; `listen` and `connect` fail with the same codes. */
const SYSCALLS = new Set(["mkdir", "open", "link", "scandir", "rename", "unlink", "chmod", "chown"]);

/**
 * What a failure of the file system means to whoever set DATA_DIR: nothing else of ours writes files.
 *
 * @returns null for any other error
 */
export function dataDirUnusable(error: unknown): InputError | null {
  const { code = "", syscall = "", path = "the folder" } = (error ?? {}) as NodeJS.ErrnoException;
  const reason = REASONS[code];
  if (!reason || !SYSCALLS.has(syscall)) return null;
  const hint = "run as the user that the folder belongs to, or set DATA_DIR to a folder that this user can write";
  return new InputError("DATA_DIR_UNUSABLE", `${path} cannot be used: ${reason}`, "DATA_DIR", hint);
}
