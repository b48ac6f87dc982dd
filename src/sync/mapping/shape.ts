import { z } from "zod";
import type { CrmObject } from "../model.ts";
import { type MappingDocument, mappingDocument } from "./document.ts";
import { type Draft, isRecord } from "./draft.ts";
import { type Found, jsonPath, type MappingCode, type Path, shown } from "./finding.ts";
import { nearest, suggestion } from "./nearest.ts";
import { programPath } from "./paths.ts";
import { OBJECT_NAMES } from "./words.ts";

type Issue = z.core.$ZodIssue;

/** The shape of a document (level L1): the typed document when it fits, and what does not fit in our words. */
export function checkShape(draft: Draft): { document?: MappingDocument; findings: Found[] } {
  const parsed = mappingDocument.safeParse(draft.value);
  if (parsed.success) return { document: parsed.data, findings: [] };
  return { findings: parsed.error.issues.flatMap((issue) => translate(issue, draft)) };
}

function translate(issue: Issue, draft: Draft): Found[] {
  const at = issue.path.filter((part): part is string | number => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownMember([...at, name]));
  if (draft.get(...at) === undefined && at.length > 0) return missing(at);
  if (issue.code === "invalid_value") return [notAmong(at, draft.get(...at), issue.values.map(String))];
  if (issue.code === "invalid_type") return [wrongKind(at, issue.expected, draft.get(...at))];
  return [found("VALUE_INVALID", at, `${jsonPath(at)} is not usable.`, issue.message)];
}

function found(code: MappingCode, at: Path, message: string, hint: string): Found {
  const object = objectOf(at);
  return { code, at, message, hint, ...(object ? { object } : {}) };
}

function unknownMember(at: Path): Found {
  const name = String(at.at(-1));
  const object = objectOf(at);
  const inFields = at.length === 4 && at[2] === "fields" && object !== undefined;
  const where = inFields
    ? `${OBJECT_NAMES[object]} has no required field`
    : `${jsonPath(at.slice(0, -1))} has no member`;
  return found("UNKNOWN_MEMBER", at, `${where} "${shown(name)}".`, suggestion(name, membersAt(at.slice(0, -1))));
}

function missing(at: Path): Found[] {
  const isSix = at[0] === "objects" && at[2] === "fields" && at.length === 4;
  const isEntry = at[0] === "stages" && at[1] === "entry" && at.length === 2;
  if (isSix || isEntry) return []; // these have checks of their own
  return [found("MISSING_MEMBER", at, `${jsonPath(at)} is missing.`, "Add it.")];
}

function notAmong(at: Path, value: unknown, allowed: readonly string[]): Found {
  if (typeof value !== "string") return wrongKind(at, "string", value);
  if (at.at(-1) === "program") return unknownProgram(at, value, allowed);
  return found("VALUE_INVALID", at, `"${shown(value)}" is not allowed at ${jsonPath(at)}.`, suggestion(value, allowed));
}

function unknownProgram(at: Path, value: string, allowed: readonly string[]): Found {
  const elsewhere = programPath(value);
  const message = `There is no program field "${shown(value)}" for ${OBJECT_NAMES[objectOf(at) ?? "deal"]}.`;
  const belongs = elsewhere && `It belongs to ${OBJECT_NAMES[elsewhere.object]}: move the line there.`;
  const dotted = nearest(value.replace(/^(sales|protection)\./, "registration.$1."), allowed);
  const hint = belongs ?? (dotted ? `Did you mean "${dotted}"?` : suggestion(value, allowed));
  return found("PROGRAM_FIELD_UNKNOWN", at, message, hint);
}

const KINDS: Record<string, string> = {
  string: "a text in quotes",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object { }",
  record: "an object { }",
  array: "a list [ ]",
};

function wrongKind(at: Path, expected: string, value: unknown): Found {
  const got =
    value === null ? "null" : Array.isArray(value) ? "a list" : isRecord(value) ? "an object" : `a ${typeof value}`;
  const message = `${jsonPath(at)} should be ${KINDS[expected] ?? expected}, not ${got}.`;
  return found("VALUE_INVALID", at, message, at.length === 0 ? "The document is one object." : "Correct the value.");
}

function objectOf(at: Path): CrmObject | undefined {
  const name = at[0] === "objects" ? at[1] : undefined;
  return typeof name === "string" && Object.hasOwn(OBJECT_NAMES, name) ? (name as CrmObject) : undefined;
}

/** The members that the schema knows at a path. */
function membersAt(path: Path): string[] {
  let schema: unknown = mappingDocument;
  for (const part of path) {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[String(part)];
    else if (inner instanceof z.ZodArray) schema = inner.element;
    else return [];
  }
  const last = unwrap(schema);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap());
  return schema;
}
