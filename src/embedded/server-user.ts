import { chmodSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../errors.ts";

/** Whom the database server runs as; null: as ourselves. PostgreSQL refuses to run as root. */
export type ServerUser = { uid: number; gid: number } | null;

/**
 * The user for the server: ourselves, or as root an account that is there anyway (`postgres`, else `nobody`).
 *
 * @param cluster data folder; when it exists and we are root, its owner is the one to run as
 * @throws InputError when we are root and no such account exists
 */
export function serverUser(cluster: string): ServerUser {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ["postgres", "nobody"]) {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new InputError(
    "NO_DATABASE",
    "the embedded database cannot run as root, and there is no user postgres or nobody to run it as",
    "DATABASE_URL",
    "run as another user, or set DATABASE_URL to a PostgreSQL server",
  );
}

/**
 * Whether this user can enter our data folder. The folder itself is opened to passing through (not to listing: what it
 * holds has its own rights); those above it are other people's and stay as they are.
 */
export function letPass(dataDir: string, user: ServerUser): boolean {
  if (user === null) return true;
  if (!canReach(dirname(dataDir), user)) return false;
  if (!canEnter(dataDir, user)) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  return true;
}

function canReach(folder: string, user: NonNullable<ServerUser>): boolean {
  return canEnter(folder, user) && (dirname(folder) === folder || canReach(dirname(folder), user));
}

function canEnter(folder: string, user: NonNullable<ServerUser>): boolean {
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}
