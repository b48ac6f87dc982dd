import Sequencer from "@jest/test-sequencer";

/**
 * What takes longest, longest first, so that the workers end together. A clean clone has no times of an earlier run to go
 * by, and those of a busy machine mislead: these are the files and folders above ten seconds.
 */
const LONG = [
  "chaos/",
  "start/first-run",
  "processes/",
  "bench/",
  "conflicts/",
  "reconcile/",
  "docs/",
  "twin/page",
  "service",
  "cli/",
  "scripts/",
  "embedded/",
  "store/migrate",
  "http/tenant-isolation",
  "http/fuzz",
];

/** The order in which one jest run takes up its test files. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = new Map(tests.map((test) => [test, rankOf(test)]));
    return super.sort(tests).sort((a, b) => rank.get(a) - rank.get(b));
  }
}

function rankOf({ path, context }) {
  const name = path
    .slice(context.config.rootDir.length)
    .replaceAll("\\", "/")
    .replace(/^\/test\//, "");
  const place = LONG.findIndex((start) => name.startsWith(start));
  return place === -1 ? LONG.length : place;
}
