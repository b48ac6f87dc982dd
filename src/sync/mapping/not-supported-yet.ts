import type { Draft } from "./draft.ts";
import { type Found, jsonPath, type Path, shown } from "./finding.ts";

const ANY = Symbol("any value");
const EACH = "*";

interface NotYet {
  /** Where; `*` stands for every member or index. */
  at: Path;
  is: readonly unknown[] | typeof ANY;
  /** A part of the document beside which it works. */
  unless?: Path;
  hint?: string;
}

/**
 * Members and values that belong to the format but have no behaviour here yet. Each is refused with its name, never
 * ignored; building the behaviour ends with removing its line.
 */
export const NOT_SUPPORTED_YET: readonly NotYet[] = [
  // A program that takes commands has none yet by which it could be told the Organization that was made for its partner.
  { at: ["rules", "partners_create_in_crm"], is: [true], unless: ["intake"] },
  { at: ["objects", EACH, "fields", EACH, "on_conflict"], is: ["manual"] },
  { at: ["objects", EACH, "extra", EACH, "on_conflict"], is: ["manual"] },
];

/** Everything a document asks for that the sync cannot do yet. */
export function* notSupportedYet(draft: Draft): Iterable<Found> {
  for (const { at, is, unless, hint } of NOT_SUPPORTED_YET) {
    if (unless && draft.get(...unless) !== undefined) continue;
    for (const path of expand(draft, at)) {
      const value = draft.get(...path);
      if (value === undefined || (is !== ANY && !is.includes(value))) continue;
      const what = is === ANY ? jsonPath(path) : `${shown(String(value))} at ${jsonPath(path)}`;
      const message = `${what} is part of the format, but not supported yet.`;
      yield { code: "NOT_SUPPORTED_YET", at: path, message, hint: hint ?? "Choose another value or remove it." };
    }
  }
}

function expand(draft: Draft, pattern: Path): Path[] {
  return pattern.reduce<Path[]>(
    (paths, part) => paths.flatMap((path) => (part === EACH ? inside(draft, path) : [[...path, part]])),
    [[]],
  );
}

function inside(draft: Draft, path: Path): Path[] {
  const value = draft.get(...path);
  if (Array.isArray(value)) return value.map((_, index) => [...path, index]);
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).map((name) => [...path, name]);
}
