import { ApiError } from "./client/api-error.ts";
import { dataDirUnusable } from "./data-dir.ts";
import { ConnectionError, InputError, NoEffectError, OutcomeUnknownError, ParkedError } from "./errors.ts";
import { errorForLog } from "./log.ts";
import { AccessFileRefusedError } from "./operations/access/file-refused.ts";
import { MappingRefusedError } from "./operations/load-mapping.ts";
import { isDatabaseAway } from "./store/prisma-errors.ts";
import { MasterKeyError } from "./store/vault.ts";
import type { MappingFinding } from "./sync/mapping/parse.ts";

/** Why a command, or a start, failed: what, where and what to do. */
export interface Failure {
  code: string;
  message: string;
  where?: string;
  hint?: string;
  /** Of a refused document: all there is to mend. */
  findings?: DescribedFinding[];
  /** Only of a defect of ours. */
  stack?: string;
}

export function toFailure(error: unknown): Failure {
  const isRefusal = error instanceof MappingRefusedError || error instanceof AccessFileRefusedError;
  if (isRefusal || (error instanceof ApiError && error.findings)) {
    const { code, message, findings } = error;
    return { code, message, findings };
  }
  if (error instanceof InputError) {
    const { code, message, where, hint } = error;
    return { code, message, ...(where && { where }), ...(hint && { hint }) };
  }
  if (error instanceof MasterKeyError) {
    const hint =
      "start with the MASTER_KEY this database was filled under; after a change of keys MASTER_KEY_V1 … keep the older ones";
    return { code: "WRONG_MASTER_KEY", message: error.message, where: "MASTER_KEY", hint };
  }
  if (error instanceof ConnectionError) {
    return { code: error.problem, message: error.message, where: error.side, hint: HINTS[error.problem] };
  }
  if (error instanceof ParkedError) {
    const hint = `try again after ${error.until.toISOString()}`;
    return { code: "NO_BUDGET", message: error.message, where: error.side, hint };
  }
  if (error instanceof NoEffectError || error instanceof OutcomeUnknownError) {
    return {
      code: "NO_ANSWER",
      message: error.message,
      hint: "see that the address is right and answers, then try again",
    };
  }
  const unusable = dataDirUnusable(error);
  if (unusable) return toFailure(unusable);
  if (isDatabaseAway(error)) {
    const hint = "see that it runs, then try again";
    return { code: "NO_DATABASE", message: "the database cannot be reached", where: "DATABASE_URL", hint };
  }
  const unlistenable = cannotListen(error);
  if (unlistenable) return unlistenable;
  const { message, stack } = errorForLog(error);
  return { code: "DEFECT", message, ...(stack && { stack }) };
}

/** The code alone says nothing: a folder that may not be written fails with EACCES too. */
function cannotListen(error: unknown): Failure | null {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall !== "listen") return null;
  const { message } = error as Error;
  if (code === "EADDRINUSE") {
    return {
      code: "PORT_TAKEN",
      message,
      where: "PORT, HOST",
      hint: "stop what listens there, or choose another PORT",
    };
  }
  if (code === "EACCES") {
    return {
      code: "PORT_FORBIDDEN",
      message,
      where: "PORT",
      hint: "choose a PORT from 1024 on, or run with more rights",
    };
  }
  return null;
}

const HINTS: Record<ConnectionError["problem"], string> = {
  UNAUTHORIZED: "see that the token or secret is the right one for this account, then connect again",
  FORBIDDEN: "see that the user behind the token may do this",
  ABUSE_BLOCKED: "wait some minutes: too many refused calls were made",
  COMPANY_NOT_OPEN: "see that the account is open and paid for",
  UNREACHABLE: "see that the address is right and answers",
  MAPPING_BROKEN: "load a mapping: partnersync mapping load FILE",
};

export type DescribedFinding = Pick<MappingFinding, "path" | "line" | "column" | "message" | "hint"> & {
  severity: string;
  code: string;
};

/** A failure for people: one thing per line. */
export function describe(failure: Failure): string {
  const { code, message, where, hint, findings = [], stack } = failure;
  return [
    `✗ ${code}: ${message}`,
    where && `  where: ${where}`,
    hint && `  do:    ${hint}`,
    ...findings.map(describeFinding),
    stack?.split("\n").slice(1).join("\n"),
  ]
    .filter(Boolean)
    .join("\n");
}

/** One finding of a mapping document, as it was found or as the admin API tells it. */
export function describeFinding({ severity, code, path, line, column, message, hint }: DescribedFinding): string {
  const place = line === undefined ? path : `${path} (line ${line}, column ${column})`;
  return `  ${severity} ${code} at ${place}\n    ${message}\n    ${hint}`;
}
