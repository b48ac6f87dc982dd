import { CRM_OBJECTS, type CrmObject } from "../model.ts";
import { isRecord } from "./draft.ts";
import { maskKey, shown } from "./finding.ts";
import { OBJECT_NAMES } from "./words.ts";

/** One difference between two documents, in words that can be read aloud. */
export interface MappingChange {
  /** What it is about, e.g. `Organization partner.tier` or `rules`. */
  about: string;
  /** Of a field or stage line that is there in both, and of everything else: which member; null for the line as a whole. */
  member: string | null;
  change: "added" | "removed" | "changed";
  /** Keys masked, long texts cut. */
  before: string | null;
  after: string | null;
}

/** A part of a document by name: a field line, a stage line, or a group of settings. */
interface Part {
  /** Lines come and go as a whole. */
  isLine: boolean;
  members: Map<string, string>;
  /** The line in one piece. */
  summary: string;
}

/**
 * What changed from one document to another, however incomplete they are. Field lines are told apart by what they carry,
 * stage lines by their stage: their order means nothing.
 */
export function diffMappings(before: unknown, after: unknown): MappingChange[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const names = [...now.keys(), ...[...old.keys()].filter((name) => !now.has(name))];
  return names.flatMap((about) => diffPart(about, old.get(about), now.get(about)));
}

function diffPart(about: string, old: Part | undefined, now: Part | undefined): MappingChange[] {
  const whole = (old ?? now)?.isLine ?? false;
  if (whole && !old) return [{ about, member: null, change: "added", before: null, after: now?.summary ?? "" }];
  if (whole && !now) return [{ about, member: null, change: "removed", before: old?.summary ?? "", after: null }];
  const names = new Set([...(now?.members.keys() ?? []), ...(old?.members.keys() ?? [])]);
  return [...names].flatMap((member): MappingChange[] => {
    const [was, is] = [old?.members.get(member), now?.members.get(member)];
    if (was === is) return [];
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [{ about, member, change, before: read(member, was), after: read(member, is) }];
  });
}

function read(member: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  return member === "key" && /^[0-9a-f]{40}$/i.test(value) ? maskKey(value) : shown(value);
}

function partsOf(document: unknown): Map<string, Part> {
  const parts = new Map<string, Part>();
  if (!isRecord(document)) return parts;
  const { objects, stages, ...rest } = document;
  const loose = Object.entries(rest).filter(([, value]) => !isRecord(value));
  parts.set("document", settings(Object.fromEntries(loose.filter(([name]) => name !== "$schema"))));
  for (const [name, value] of Object.entries(rest)) if (isRecord(value)) parts.set(name, settings(value));
  for (const object of CRM_OBJECTS) addFields(parts, object, isRecord(objects) ? objects[object] : undefined);
  if (isRecord(stages)) addStages(parts, stages);
  return parts;
}

function addFields(parts: Map<string, Part>, object: CrmObject, value: unknown): void {
  if (!isRecord(value)) return;
  const { fields, extra } = value;
  for (const [name, entry] of isRecord(fields) ? Object.entries(fields) : []) {
    add(parts, `${OBJECT_NAMES[object]} ${shown(name)}`, entry);
  }
  for (const entry of Array.isArray(extra) ? extra : []) {
    add(parts, `${OBJECT_NAMES[object]} ${isRecord(entry) ? shown(String(entry.program)) : "entry"}`, entry);
  }
}

function addStages(parts: Map<string, Part>, { map, ...rest }: Record<string, unknown>): void {
  parts.set("stages", settings(rest));
  for (const line of Array.isArray(map) ? map : []) {
    const { pipeline, stage } = isRecord(line) ? line : {};
    add(parts, `stage ${shown(String(pipeline))} / ${shown(String(stage))}`, line);
  }
}

/** Two lines of one name are told apart by their order. */
function add(parts: Map<string, Part>, name: string, entry: unknown): void {
  let unique = name;
  for (let count = 2; parts.has(unique); count++) unique = `${name} (${count})`;
  const { members } = settings(entry);
  const summary = [...members].map(([member, value]) => `${member} ${read(member, value)}`).join(", ");
  parts.set(unique, { isLine: true, members, summary });
}

function settings(value: unknown): Part {
  return { isLine: false, members: new Map(leaves(value)), summary: "" };
}

function* leaves(value: unknown, path = ""): Iterable<[string, string]> {
  if (isRecord(value) || Array.isArray(value)) {
    for (const [name, one] of Object.entries(value)) yield* leaves(one, path === "" ? name : `${path}.${name}`);
  } else if (value !== undefined) yield [path, String(value)];
}
