import type { CrmObject } from "../sync/model.ts";
import type { Operation } from "./prices.ts";

/** One request, before it has a host and credentials. */
export interface Call {
  operation: Operation;
  object?: CrmObject;
  /** A record's or webhook's id, or a field's key. */
  id?: number | string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the host on, e.g. `/api/v2/deals/12`. */
  path: string;
  query?: Record<string, string | number | boolean>;
  body?: unknown;
}

/** Whether a call changes something there, so that a lost answer leaves the outcome unknown. */
export function isWrite(call: Call): boolean {
  return call.method !== "GET";
}

/** A call as messages may name it: operation, object and id; never body, search term or credentials. */
export function describe(call: Call): string {
  const parts: string[] = [call.operation];
  if (call.object !== undefined) parts.push(call.object);
  if (call.id !== undefined) parts.push(maskKeys(String(call.id)));
  return parts.join(" ");
}

const FIELD_KEY = /\b([0-9a-f]{4})[0-9a-f]{32}([0-9a-f]{4})\b/gi;

/** Shortens the 40-character keys of custom fields: enough to find one, too little to be used. */
export function maskKeys(text: string): string {
  return text.replace(FIELD_KEY, "$1…$2");
}
