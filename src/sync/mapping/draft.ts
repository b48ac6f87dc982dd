import { CRM_OBJECTS, type CrmObject, type FieldDirection, type FieldType } from "../model.ts";
import type { Found, MappingCode, Path } from "./finding.ts";
import { type ProgramPath, programPath } from "./paths.ts";
import { DIRECTION_WORDS, SIX_FIELDS, TYPE_WORDS, type TypeWord } from "./words.ts";

/**
 * A document as it was written, however incomplete: what the static checks look at, so that one mistake does not hide
 * the others. A member that is absent or of the wrong kind is undefined here; the shape has already said so.
 */
export interface Draft {
  value: unknown;
  lines: Line[];
  stages: { entry: boolean; map: StageLine[] };
  get(...path: Path): unknown;
}

/** One field entry: of the six, or an `extra`. */
export interface Line {
  object: CrmObject;
  at: Path;
  /** What the program has there: an id, the status, or whatever path an extra names. */
  type: FieldType | "id" | undefined;
  /** The program path as written; the six have none but the status. */
  program: string | undefined;
  spec: ProgramPath | undefined;
  key: string | undefined;
  label: string | undefined;
  typeWord: TypeWord | undefined;
  system: string | undefined;
  direction: FieldDirection | undefined;
  write: string | undefined;
  onConflict: string | undefined;
  constant: string | undefined;
  options: Record<string, string> | undefined;
  /** Whether the member was written at all, usable or not. */
  has(member: string): boolean;
}

export interface StageLine {
  at: Path;
  program: string | undefined;
  pipeline: string | undefined;
  stage: string | undefined;
}

/** One static check: yields what it finds. Checks do not know of each other. */
export type StaticCheck = (draft: Draft) => Iterable<Found>;

export function readDraft(value: unknown): Draft {
  const get = (...path: Path) => member(value, path);
  return { value, lines: [...linesOf(value)], stages: stagesOf(get), get };
}

/** A finding about a member of a line, with the object and label a person knows it by. */
export function about(line: Line, name: string | null, code: MappingCode, message: string, hint: string): Found {
  const at = name === null ? line.at : [...line.at, name];
  const { object, label, key } = line;
  return {
    code,
    at,
    message,
    hint,
    object,
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The path of the entry that carries one of the six. */
export function sixFieldAt(field: { object: CrmObject; name: string }): Path {
  return ["objects", field.object, "fields", field.name];
}

function* linesOf(value: unknown): Iterable<Line> {
  for (const object of CRM_OBJECTS) {
    for (const field of SIX_FIELDS) {
      const entry = member(value, sixFieldAt(field));
      if (field.object === object && isRecord(entry)) yield sixLine(field, entry);
    }
    const extra = member(value, ["objects", object, "extra"]);
    if (!Array.isArray(extra)) continue;
    for (const [index, entry] of extra.entries()) {
      if (isRecord(entry)) yield extraLine(object, index, entry);
    }
  }
}

function sixLine(field: { object: CrmObject; name: string }, entry: Record<string, unknown>): Line {
  const at = sixFieldAt(field);
  if (field.name !== "allbound_status") return { ...entryOf(field.object, at, entry), type: "id" };
  const program = "partner.status";
  const line = { ...entryOf(field.object, at, entry), program, type: "option" as const, spec: programPath(program) };
  return { ...line, direction: line.direction ?? "crm_to_program" };
}

function extraLine(object: CrmObject, index: number, entry: Record<string, unknown>): Line {
  const program = text(entry.program);
  const known = programPath(program);
  const spec = known?.object === object ? known : undefined;
  return { ...entryOf(object, ["objects", object, "extra", index], entry), program, spec, type: spec?.type };
}

function entryOf(object: CrmObject, at: Path, entry: Record<string, unknown>): Line {
  const word = text(entry.type);
  return {
    object,
    at,
    type: undefined,
    program: undefined,
    spec: undefined,
    key: text(entry.key),
    label: text(entry.label),
    typeWord: word !== undefined && Object.hasOwn(TYPE_WORDS, word) ? (word as TypeWord) : undefined,
    system: text(entry.system),
    direction: DIRECTION_WORDS.find((direction) => direction === entry.direction),
    write: text(entry.write),
    onConflict: text(entry.on_conflict),
    constant: text(entry.constant),
    options: pairing(entry.options),
    has: (name) => Object.hasOwn(entry, name),
  };
}

function stagesOf(get: Draft["get"]): Draft["stages"] {
  const map = get("stages", "map");
  const lines = Array.isArray(map) ? map : [];
  return {
    entry: get("stages", "entry") !== undefined,
    map: lines.flatMap((line: unknown, index) => {
      if (!isRecord(line)) return [];
      const at = ["stages", "map", index];
      return [{ at, program: text(line.program), pipeline: text(line.pipeline), stage: text(line.stage) }];
    }),
  };
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pairing(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

function member(value: unknown, path: Path): unknown {
  let here = value;
  for (const part of path) {
    if (Array.isArray(here) && typeof part === "number") here = here[part];
    else if (isRecord(here) && typeof part === "string" && Object.hasOwn(here, part)) here = here[part];
    else return undefined;
  }
  return here;
}
