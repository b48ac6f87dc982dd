import { CRM_OBJECTS, type CrmObject, type Role } from "../model.ts";
import { isRecord } from "./draft.ts";
import { maskKey, shown } from "./finding.ts";
import { roleOfLine } from "./plan.ts";
import { OBJECT_NAMES } from "./words.ts";

export const CHANGE_PARTS = ["field", "stage", "rule", "setting", "paper"] as const;

/** One thing that is not the same in two documents, in words that can be read aloud. */
export interface MappingChange {
  /** `paper`: revision, state, who prepared it, notes, test records; no record is treated otherwise for it. */
  part: (typeof CHANGE_PARTS)[number];
  /** As people know it: `Organization "Allbound Status"`, `stage Channel / Demo held`, `rules.create_on`. */
  name: string;
  /** Which member of a line; null for the whole of what was added or removed, and of what has but one value. */
  member: string | null;
  /** Null where there was, or is, nothing. Keys are masked, long texts cut. */
  from: string | null;
  to: string | null;
  object: CrmObject | null;
  /** Whose linked records it touches at once; null where only what comes from now on is treated otherwise. */
  role: Role | null;
}

/** What a change is about. */
type Subject = Pick<MappingChange, "part" | "name" | "object" | "role">;

/** A field or a stage: it comes and goes as a whole, and is told apart by what it carries. */
interface Line {
  subject: Subject;
  members: Map<string, string>;
  summary: string;
}

const STAGE = { part: "stage", object: "deal", role: "deal" } as const;
/** Parts of a document that say how records are treated; all others are paper. */
const PARTS: Record<string, MappingChange["part"]> = {
  rules: "rule",
  sync: "setting",
  pipedrive: "setting",
  intake: "setting",
};

/**
 * What changed from one document to another, by what they say and without any account, however incomplete they are.
 * Field lines are told apart by what they carry, stage lines by their stage: their order means nothing.
 *
 * @param before null: nothing was in force
 */
export function diffDocuments(before: unknown, after: unknown): MappingChange[] {
  return [...lineChanges(fieldsOf, before, after), ...stageChanges(before, after), ...settingChanges(before, after)];
}

function lineChanges(linesOf: typeof fieldsOf, before: unknown, after: unknown): MappingChange[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const removed = [...old].flatMap(([id, { subject, summary }]): MappingChange[] =>
    now.has(id) ? [] : [{ ...subject, member: null, from: summary, to: null }],
  );
  const rest = [...now].flatMap(([id, line]): MappingChange[] => {
    const was = old.get(id);
    if (!was) return [{ ...line.subject, member: null, from: null, to: line.summary }];
    return [...compared(was.members, line.members)].map(({ name: member, from, to }) => {
      const part = member === "notes" ? { part: "paper" as const, role: null } : {};
      return { ...line.subject, ...part, member, from: read(member, from), to: read(member, to) };
    });
  });
  return [...removed, ...rest];
}

function fieldsOf(document: unknown): Map<string, Line> {
  const lines = new Map<string, Line>();
  const objects = isRecord(document) && isRecord(document.objects) ? document.objects : {};
  for (const object of CRM_OBJECTS) {
    const { fields, extra } = isRecord(objects[object]) ? objects[object] : {};
    for (const [name, entry] of isRecord(fields) ? Object.entries(fields) : []) addField(lines, object, entry, name);
    for (const entry of Array.isArray(extra) ? extra : []) addField(lines, object, entry);
  }
  return lines;
}

/** @param six the name of one of the six; an extra names what it carries itself */
function addField(lines: Map<string, Line>, object: CrmObject, entry: unknown, six?: string): void {
  const { label, system, direction, write, program: named } = isRecord(entry) ? entry : {};
  const program = six === "allbound_status" ? "partner.status" : (six ?? textOf(named) ?? "entry");
  const called = shown(textOf(label) ?? textOf(system) ?? program);
  const role = roleOfLine({ object, program });
  const subject = { part: "field" as const, name: `${OBJECT_NAMES[object]} "${called}"`, object, role };
  const summary = [program, direction, write].flatMap((one) => textOf(one) ?? []).map(shown);
  addLine(lines, `${object} ${program}`, { subject, members: new Map(leaves(entry)), summary: summary.join(", ") });
}

function stageChanges(before: unknown, after: unknown): MappingChange[] {
  const settings = (document: unknown) => new Map(isRecord(document) ? leaves(stagesIn(document).rest, "stages") : []);
  const loose = compared(settings(before), settings(after));
  return [
    ...[...loose].map(({ name, from, to }) => ({
      ...STAGE,
      name,
      member: null,
      from: read(name, from),
      to: read(name, to),
    })),
    ...lineChanges(stagesOf, before, after),
  ];
}

function stagesIn(document: Record<string, unknown>) {
  const { map, ...rest } = isRecord(document.stages) ? document.stages : {};
  return { map: Array.isArray(map) ? (map as unknown[]) : [], rest };
}

function stagesOf(document: unknown): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const line of isRecord(document) ? stagesIn(document).map : []) {
    const { pipeline, stage, ...members } = isRecord(line) ? line : {};
    const name = `stage ${shown(String(pipeline))} / ${shown(String(stage))}`;
    const summary = shown(String(members.program));
    addLine(lines, `${pipeline} / ${stage}`, {
      subject: { ...STAGE, name },
      members: new Map(leaves(members)),
      summary,
    });
  }
  return lines;
}

/** Two lines of one name are told apart by their number. */
function addLine(lines: Map<string, Line>, id: string, line: Line): void {
  let nth = 1;
  while (lines.has(`${id} ${nth}`)) nth += 1;
  lines.set(`${id} ${nth}`, line);
}

function settingChanges(before: unknown, after: unknown): MappingChange[] {
  const settings = (document: unknown) => {
    const { objects: _o, stages: _s, $schema: _, ...rest } = isRecord(document) ? document : {};
    return new Map(leaves(rest));
  };
  return [...compared(settings(before), settings(after))].map(({ name, from, to }) => {
    const part = PARTS[name.split(".", 1)[0] ?? ""] ?? "paper";
    return {
      part,
      name: shown(name),
      member: null,
      from: read(name, from),
      to: read(name, to),
      object: null,
      role: null,
    };
  });
}

function* compared(old: Map<string, string>, now: Map<string, string>) {
  for (const name of new Set([...now.keys(), ...old.keys()])) {
    const [from, to] = [old.get(name), now.get(name)];
    if (from !== to) yield { name, from, to };
  }
}

function read(member: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  return member === "key" && /^[0-9a-f]{40}$/i.test(value) ? maskKey(value) : shown(value);
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function* leaves(value: unknown, path = ""): Iterable<[string, string]> {
  if (isRecord(value) || Array.isArray(value)) {
    for (const [name, one] of Object.entries(value)) yield* leaves(one, path === "" ? name : `${path}.${name}`);
  } else if (value !== undefined) yield [path, String(value)];
}
