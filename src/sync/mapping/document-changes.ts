import type { CrmObject, Role } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { type DocumentLine, documentLines } from "./document-lines.ts";
import { maskKey } from "./finding.ts";
import { roleOfLine } from "./plan.ts";
import { OBJECT_NAMES } from "./words.ts";

/** One thing that is not the same in two documents. */
export interface MappingChange {
  part: "field" | "stage" | "rule" | "setting";
  /** As people know it: `Organization "Allbound Status"`, `rules.create_on`. */
  name: string;
  /** Which member of it; null for the whole of what was added or removed. */
  member: string | null;
  /** Null where there was, or is, nothing. Keys are masked. */
  from: string | null;
  to: string | null;
  object: CrmObject | null;
  /** Whose linked records it touches at once; null where only what comes from now on is treated otherwise. */
  role: Role | null;
}

const MEMBERS = [
  "key",
  "label",
  "type",
  "system",
  "direction",
  "write",
  "on_conflict",
  "constant",
  "required",
] as const;

/**
 * What changes from one document to another, by what they say, without any account. State, names and dates of people
 * and notes are no changes.
 *
 * @param before null: nothing was in force
 */
export function diffDocuments(before: MappingDocument | null, after: MappingDocument): MappingChange[] {
  return [...fieldChanges(before, after), ...stageChanges(before, after), ...settingChanges(before, after)];
}

function fieldChanges(before: MappingDocument | null, after: MappingDocument): MappingChange[] {
  const old = named(before ? documentLines(before) : []);
  const now = named(documentLines(after));
  const changes: MappingChange[] = [];
  for (const [id, line] of old)
    if (!now.has(id)) changes.push({ ...about(line), member: null, from: summary(line), to: null });
  for (const [id, line] of now) {
    const was = old.get(id);
    if (!was) changes.push({ ...about(line), member: null, from: null, to: summary(line) });
    else changes.push(...memberChanges(was, line));
  }
  return changes;
}

/** One program value may have several places of an object: those beyond the first are told apart by their number. */
function named(lines: DocumentLine[]): Map<string, DocumentLine> {
  const byId = new Map<string, DocumentLine>();
  for (const line of lines) {
    const id = `${line.object} ${line.program}`;
    let nth = 1;
    while (byId.has(`${id} ${nth}`)) nth += 1;
    byId.set(`${id} ${nth}`, line);
  }
  return byId;
}

function memberChanges(was: DocumentLine, now: DocumentLine): MappingChange[] {
  const changes: MappingChange[] = [];
  for (const member of MEMBERS) {
    const [from, to] = [memberText(was, member), memberText(now, member)];
    if (was[member] !== now[member]) changes.push({ ...about(now), member, from, to });
  }
  for (const option of new Set([...Object.keys(was.options ?? {}), ...Object.keys(now.options ?? {})])) {
    const [from, to] = [was.options?.[option] ?? null, now.options?.[option] ?? null];
    if (from !== to) changes.push({ ...about(now), member: `option ${option}`, from, to });
  }
  return changes;
}

function memberText(line: DocumentLine, member: (typeof MEMBERS)[number]): string | null {
  const value = line[member];
  if (value === undefined) return null;
  return member === "key" ? maskKey(String(value)) : String(value);
}

function about(line: DocumentLine): Pick<MappingChange, "part" | "name" | "object" | "role"> {
  const { object } = line;
  return { part: "field", name: nameOf(line), object, role: roleOfLine(line) };
}

function nameOf({ object, label, system, program }: DocumentLine): string {
  return `${OBJECT_NAMES[object]} "${label ?? system ?? program}"`;
}

function summary({ program, direction, write }: DocumentLine): string {
  return [program, direction, write].filter(Boolean).join(", ");
}

function stageChanges(before: MappingDocument | null, after: MappingDocument): MappingChange[] {
  const [old, now] = [before ? stagesOf(before) : new Map<string, string>(), stagesOf(after)];
  return compared(old, now).map((change) => ({ ...change, part: "stage", object: "deal", role: "deal" }));
}

function stagesOf({ stages: { entry, on_approved: approved, map, unmapped } }: MappingDocument): Map<string, string> {
  const place = (stage: { pipeline: string; stage: string }) => `${stage.pipeline} / ${stage.stage}`;
  return new Map([
    ["stages.entry", place(entry)],
    ...(approved ? [["stages.on_approved", place(approved)] as const] : []),
    ...map.map((stage) => [place(stage), stage.program] as const),
    ["stages.unmapped", unmapped],
  ]);
}

function settingChanges(before: MappingDocument | null, after: MappingDocument): MappingChange[] {
  const flat = (document: MappingDocument | null, part: "rules" | "sync" | "pipedrive") =>
    new Map(document ? flatten(document[part], part) : []);
  return (["rules", "sync", "pipedrive"] as const).flatMap((part) =>
    compared(flat(before, part), flat(after, part)).map((change) => ({
      ...change,
      part: part === "rules" ? ("rule" as const) : ("setting" as const),
      object: null,
      role: null,
    })),
  );
}

function flatten(value: object, path: string): [string, string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] =>
    typeof inner === "object" && inner !== null
      ? flatten(inner, `${path}.${name}`)
      : [[`${path}.${name}`, String(inner)]],
  );
}

function compared(old: Map<string, string>, now: Map<string, string>) {
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [from, to] = [old.get(name) ?? null, now.get(name) ?? null];
    return from === to ? [] : [{ name, member: null, from, to }];
  });
}
