import { readFileSync } from "node:fs";
import { InputError } from "../errors.ts";
import { nearest } from "../sync/mapping/nearest.ts";

export type JsonSchema = Record<string, unknown>;

export interface Parameter {
  name: string;
  required: boolean;
  description: string;
  schema: JsonSchema;
}

/** One thing that can be done in a customer's Pipedrive account. */
export interface Action {
  /** `pipedrive_add_deal` */
  id: string;
  label: string;
  version: "v1" | "v2";
  /** What the setup guide gives for it. For some actions that is too little. */
  guideScopes: string[];
  operationId: string;
  summary: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v2/deals/{id}` */
  path: string;
  deprecated: boolean;
  /** What one call costs. */
  tokens: number;
  writes: boolean;
  /** Called twice it leaves what one call leaves. */
  idempotent: boolean;
  /** Any one of them is enough, as Pipedrive's own documents say; `base` every app has. */
  scopes: string[];
  /** How its list goes on: after a cursor, or from the start-th one; null: no list, or all at once. */
  paging: "cursor" | "start" | null;
  pathParameters: Parameter[];
  query: Parameter[];
  body: {
    contentType: "application/json" | "application/x-www-form-urlencoded" | "multipart/form-data";
    schema: JsonSchema;
  } | null;
  successStatus: number;
}

/** All 121, in the guide's order. Made of Pipedrive's OpenAPI documents by write-catalogue.ts. */
export const ACTIONS = JSON.parse(
  readFileSync(new URL("./catalogue.json", import.meta.url), "utf8"),
) as readonly Action[];

const PREFIX = /^pipedrive_/;
const BY_ID = new Map(ACTIONS.map((action) => [action.id, action]));

/** @param id with or without `pipedrive_` @throws InputError UNKNOWN_ACTION, which names those that are spelt alike */
export function actionOf(id: string): Action {
  const action = BY_ID.get(id) ?? BY_ID.get(`pipedrive_${id}`);
  if (action) return action;
  const near = nearest(
    id.replace(PREFIX, ""),
    [...BY_ID.keys()].map((known) => known.replace(PREFIX, "")),
  );
  const hint = `${near ? `Did you mean ${near}? ` : ""}partnersync action list shows all.`;
  throw new InputError("UNKNOWN_ACTION", `there is no action ${id}`, "actions", hint);
}

/** @param ids with commas between them, or `all` @throws InputError UNKNOWN_ACTION */
export function actionsNamed(ids: string): readonly Action[] {
  if (ids.trim() === "all") return ACTIONS;
  const names = ids.split(",").map((id) => id.trim());
  return [...new Set(names.filter(Boolean).map(actionOf))];
}
