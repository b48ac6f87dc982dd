import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** An earlier version of this project, ready to be run. */
export interface Previous {
  ref: string;
  folder: string;
}

/**
 * Unpacks an earlier version beside this one, on the packages that are installed here.
 *
 * @param wanted a git ref; default: the newest tag that is not this commit; without tags, the commit before the newest
 *   migration, which is the last one whose programs know another schema
 * @returns why there is none where this clone has no such version
 */
export function unpackPrevious(root: string, folder: string, wanted: string | undefined): Previous | { why: string } {
  // Compared with our own commit, never fetched: a clone that was cut short has no such version.
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const ref = git("rev-parse", "--verify", `${wanted ?? refBefore(git)}^{commit}`);
    mkdirSync(folder, { recursive: true });
    const tree = join(folder, "tree.tar");
    git("archive", "--format=tar", "--output", tree, ref);
    execFileSync("tar", ["-xf", tree, "-C", folder]);
    linkPackages(root, folder);
    execFileSync(process.execPath, [join(folder, "scripts", "setup.mjs")], { cwd: folder, stdio: "ignore" });
    return { ref, folder };
  } catch (error) {
    return {
      why: `no previous version (${wanted ?? "newest tag, or before the newest migration"}): ${firstLine(error)}`,
    };
  }
}

function refBefore(git: (...args: string[]) => string): string {
  const head = git("rev-parse", "HEAD");
  const tags = git("tag", "--sort=-creatordate", "--merged", "HEAD").split("\n").filter(Boolean);
  const tag = tags.find((name) => git("rev-parse", `${name}^{commit}`) !== head);
  return tag ?? `${git("log", "-1", "--format=%H", "--diff-filter=A", "--", "prisma/migrations")}^`;
}

/**
 * Its code, on our packages: a deploy that brings other packages too brings them with its image. Each package is linked
 * by itself, so that what is compiled on the way goes into a cache of its own.
 */
function linkPackages(root: string, folder: string): void {
  copyFileSync(join(root, "package-lock.json"), join(folder, "package-lock.json"));
  const target = join(folder, "node_modules");
  mkdirSync(target);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".cache") symlinkSync(join(root, "node_modules", name), join(target, name));
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
}
