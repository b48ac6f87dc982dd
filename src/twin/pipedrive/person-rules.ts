import type { RecordData } from "./model.ts";
import { splitName, trimmed } from "./normalise.ts";
import { invalid } from "./problem.ts";

/**
 * Keeps a person's three names in step: `name` is split into first and last, first and last are joined into `name`.
 *
 * @param before the person as it is; for a new one, with empty names
 * @throws Problem 400 when nothing of the name would remain
 */
export function completePerson(before: RecordData, changes: Record<string, unknown>): Record<string, unknown> {
  if (typeof changes.name === "string") return { ...changes, ...splitName(changes.name) };
  if (!("first_name" in changes) && !("last_name" in changes)) return changes;
  const first = changes.first_name !== undefined ? changes.first_name : before.first_name;
  const last = changes.last_name !== undefined ? changes.last_name : before.last_name;
  const name = trimmed([first, last].filter(Boolean).join(" "));
  if (!name) throw invalid("name", "first_name and last_name cannot both be empty");
  return { ...changes, name, first_name: first ?? null, last_name: last ?? null };
}
