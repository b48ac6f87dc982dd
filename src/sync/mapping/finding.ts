import type { CrmObject } from "../model.ts";

export type MappingSeverity = "error" | "warning" | "info";

/**
 * Every code with the severity it has unless a check says otherwise. A new check starts with its line here.
 * L0 file, L1 shape, L2 meaning: without network. L3: against the live account. L4: tried on its test records, and what its records carry already.
 */
export const MAPPING_CODES = {
  // L0
  JSON_SYNTAX: "error",
  JSON_DUPLICATE_MEMBER: "error",
  ENCODING: "warning",
  // L1
  UNKNOWN_MEMBER: "error",
  MISSING_MEMBER: "error",
  MISSING_FIELD: "error",
  VALUE_INVALID: "error",
  TYPE_WORD_FOREIGN: "warning",
  // L2
  KEY_PLACEHOLDER: "error",
  KEY_WHITESPACE: "error",
  KEY_LENGTH: "error",
  KEY_LENGTH_SUBFIELD: "error",
  KEY_NOT_HEX: "error",
  KEY_UPPERCASE: "warning",
  KEY_REUSED: "error",
  SYSTEM_FIELD_AS_KEY: "error",
  SYSTEM_READONLY: "error",
  SYSTEM_CONDITIONAL: "warning",
  TYPE_NOT_ALLOWED: "error",
  TYPE_RISKY: "warning",
  DIRECTION_ILLEGAL: "error",
  WRITE_ILLEGAL: "error",
  CONFLICT_RULE_MISSING: "error",
  CONFLICT_RULE_UNUSED: "warning",
  PROGRAM_FIELD_UNKNOWN: "error",
  PROGRAM_FIELD_TWICE: "error",
  OPTIONS_INCOMPLETE: "error",
  OPTION_TARGET_REUSED: "error",
  STAGE_ENTRY_MISSING: "error",
  STAGE_TWICE: "error",
  APPROVER_SAME: "error",
  SECRET_IN_DOCUMENT: "error",
  DIRECTION_UNSUPPORTED: "error",
  INTAKE_INCOMPLETE: "error",
  INTAKE_NEVER_FILLED: "warning",
  NOT_APPROVED: "info",
  GAP_LEFT: "error",
  // L3
  ACCOUNT_MISMATCH: "error",
  KEY_UNKNOWN: "error",
  KEY_WRONG_OBJECT: "error",
  KEY_LABEL_MISMATCH: "error",
  LABEL_CASE: "info",
  LABEL_AMBIGUOUS: "warning",
  TYPE_MISMATCH: "error",
  NOT_CUSTOM: "error",
  OPTION_MISSING: "error",
  OPTION_SPELLING: "warning",
  OPTION_EXTRA: "warning",
  OPTION_DUPLICATE_LABEL: "error",
  FIELD_REQUIRED_FOR_HUMANS: "warning",
  PIPELINE_UNKNOWN: "error",
  STAGE_UNKNOWN: "error",
  STAGE_AMBIGUOUS: "error",
  OWNER_UNKNOWN: "error",
  OWNER_INACTIVE: "error",
  SERVICE_USER_NOT_FOUND: "error",
  SERVICE_USER_INACTIVE: "error",
  SERVICE_USER_NOT_ADMIN: "warning",
  TOKEN_OF_OTHER_USER: "warning",
  // L4
  CANNOT_SEE_FIELD: "error",
  CANNOT_WRITE_FIELD: "error",
  CANARY_TRUNCATED: "error",
  CANARY_NOT_RESTORED: "error",
  VERIFY_UNUSABLE: "warning",
  WEBHOOK_NOT_SEEN: "warning",
  EXISTING_IDS: "warning",
  STATUS_ALREADY_SET: "info",
} as const satisfies Record<string, MappingSeverity>;
export type MappingCode = keyof typeof MAPPING_CODES;

/** Members and indices from the top of the document. */
export type Path = readonly (string | number)[];

/** A place in the text, 1-based. */
export interface Place {
  line: number;
  column: number;
}

/** What a check says about one place of a document. */
export interface Found {
  code: MappingCode;
  at: Path;
  /** What is wrong, in plain words; no key, token or secret. */
  message: string;
  /** What to do about it. */
  hint: string;
  severity?: MappingSeverity;
  object?: CrmObject;
  label?: string;
  /** The field's key as written; it is shown masked. */
  key?: string;
  /** Where in the text, when `at` does not say it. */
  place?: Place;
}

/** Something a person has to look at in a mapping document, ready to be shown. */
export interface MappingFinding {
  code: MappingCode;
  severity: MappingSeverity;
  /** JSON path, e.g. `$.objects.deal.extra[2].key`. */
  path: string;
  /** 1-based, where the text of the document is at hand. */
  line?: number;
  column?: number;
  object?: CrmObject;
  /** The field as people see it in Pipedrive. */
  label?: string;
  /** The field's key, masked; absent where it is too short to be one. */
  key?: string;
  message: string;
  hint: string;
}

/** Spaces of every kind, and what a copied selection brings along unseen. */
export const INVISIBLE = /[\s\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;
const HEX_RUN = /[0-9a-f]{16,}/gi;
/** A Pipedrive API token looks like a field key, so every such value outside `key` is taken for one. */
const TOKEN_LIKE = [
  /[0-9a-f]{40}/i,
  /\beyJ[\w-]{8,}\.[\w-]+/,
  /\b(bearer|basic)\s+[\w+/=.-]{8,}/i,
  /\b\w+:\/\/[^\s/]+:[^\s/]+@/,
];
const LONG_RUN = /[A-Za-z0-9+/=_-]{33,}/;

/** First and last four characters of a field key: enough to compare, too little to use. */
export function maskKey(key: string): string {
  const bare = key.replace(INVISIBLE, "");
  return bare.length < 20 ? "(hidden)" : `${bare.slice(0, 4)}…${bare.slice(-4)}`;
}

/** Only what could be a key is worth showing in part: a sentence or a password in its place is not. */
function maskedKey(key = ""): { key?: string } {
  const bare = key.replace(INVISIBLE, "");
  return /^[0-9a-fol]{20,}(_[a-z0-9_]+)?$/i.test(bare) ? { key: maskKey(bare) } : {};
}

/** Whether a text has the form of a token, or of an address with a password in it. */
export function looksSecret(text: string): boolean {
  return TOKEN_LIKE.some((form) => form.test(text));
}

/** Control characters, and halves of characters as a cut leaves them: neither terminals nor PostgreSQL take them. */
export const UNSHOWABLE = /[\p{Cc}\p{Cs}]/gu;

/** A piece of the document as it may be repeated in a message: short, on one line, and nothing that could be a secret. */
export function shown(value: string): string {
  const line = value.replace(/\s+/g, " ").trim();
  if (line.search(HEX_RUN) >= 0 || LONG_RUN.test(line) || looksSecret(line)) return "(hidden)";
  return (line.length > 60 ? `${line.slice(0, 57)}…` : line).replace(UNSHOWABLE, "\ufffd");
}

/** `["objects", "deal", "extra", 2]` → `$.objects.deal.extra[2]`. */
export function jsonPath(path: Path): string {
  const step = (part: string | number) => {
    if (typeof part === "number") return `[${part}]`;
    return /^[A-Za-z_$][\w$]*$/.test(part) && shown(part) === part ? `.${part}` : `['${shown(part)}']`;
  };
  return `$${path.map(step).join("")}`;
}

export function severityOf(found: Found): MappingSeverity {
  return found.severity ?? MAPPING_CODES[found.code];
}

/** Makes a check's words presentable; the last net under "a key is never shown whole". */
export function toFinding(found: Found, position?: (path: Path) => Place): MappingFinding {
  const clean = (text: string) => text.replace(HEX_RUN, "(hidden)").replace(UNSHOWABLE, "\ufffd");
  return {
    code: found.code,
    severity: severityOf(found),
    path: jsonPath(found.at),
    ...(found.place ?? position?.(found.at) ?? {}),
    ...(found.object ? { object: found.object } : {}),
    ...(found.label === undefined ? {} : { label: shown(found.label) }),
    ...maskedKey(found.key),
    message: clean(found.message),
    hint: clean(found.hint),
  };
}

const RANK: Record<MappingSeverity, number> = { error: 0, warning: 1, info: 2 };

/** Errors first, then warnings, then information; each in the order of the document. */
export function errorsFirst(findings: readonly MappingFinding[]): MappingFinding[] {
  const place = (f: MappingFinding) => (f.line ?? 0) * 10_000 + (f.column ?? 0);
  return [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity] || place(a) - place(b));
}

/** Whether anything among them forbids going on. */
export function blocks(findings: readonly MappingFinding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
