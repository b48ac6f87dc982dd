import { InputError } from "../errors.ts";
import type { MappingFinding } from "../sync/mapping/parse.ts";

/** What the admin API refused, in its own words. */
export class ApiError extends InputError {
  override name = "ApiError";
  readonly status: number;
  readonly findings: MappingFinding[] | undefined;
  readonly correlationId: string;
  constructor(status: number, { code, message, where, hint, findings, correlationId }: Refusal) {
    // What only the server's log can tell is found there by this id.
    super(
      code,
      message,
      where,
      status === 500 ? [hint, `correlation id ${correlationId}`].filter(Boolean).join("; ") : hint,
    );
    this.status = status;
    this.findings = findings as MappingFinding[] | undefined;
    this.correlationId = correlationId;
  }
}

export interface Refusal {
  code: string;
  message: string;
  where?: string | undefined;
  hint?: string | undefined;
  findings?: unknown[] | undefined;
  correlationId: string;
}
