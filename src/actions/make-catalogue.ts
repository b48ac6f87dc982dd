import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Action, JsonSchema, Parameter } from "./catalogue.ts";
import { guide } from "./guide.ts";

interface Operation {
  "x-token-cost": number;
  operationId: string;
  summary: string;
  deprecated?: boolean;
  security: { oauth2?: string[] }[];
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, unknown>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, JsonSchema> };
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The first that an operation takes is used. */
const BODY_TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] as const;

/**
 * What the guide calls each action, joined with what Pipedrive's documents say of its operation.
 *
 * @param folder of `v1.yaml` and `v2.yaml`
 * @returns the text of catalogue.json
 * @throws Error when an action of the guide has no operation there
 */
export function makeCatalogue(folder: string): string {
  const documents = { v1: readDocument(folder, "v1"), v2: readDocument(folder, "v2") };
  const actions = guide.actions.map(({ id, label, scopes, operation }): Action => {
    const [version, operationId] = operation.split(" ") as ["v1" | "v2", string];
    const document = documents[version];
    const found = findOperation(document, operationId);
    if (!found) throw new Error(`${id}: Pipedrive's ${version} document has no operation ${operationId}`);
    return { id, label, version, guideScopes: scopes, ...toAction(found, version, document) };
  });
  return `[\n${actions.map((action) => JSON.stringify(action)).join(",\n")}\n]\n`;
}

function readDocument(folder: string, version: string): Document {
  return parse(readFileSync(join(folder, `${version}.yaml`), "utf8"), { maxAliasCount: -1 }) as Document;
}

interface Found {
  path: string;
  method: string;
  operation: Operation;
}

function findOperation({ paths }: Document, operationId: string): Found | null {
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = operations[method];
      if (operation?.operationId === operationId) return { path, method, operation };
    }
  }
  return null;
}

type Described = Omit<Action, "id" | "label" | "version" | "guideScopes">;

function toAction({ path, method, operation }: Found, version: string, document: Document): Described {
  const verb = method.toUpperCase() as Action["method"];
  const query = parametersIn(operation, "query", document);
  return {
    operationId: operation.operationId,
    summary: operation.summary,
    method: verb,
    path: `/api/${version}${path}`,
    deprecated: operation.deprecated === true,
    tokens: operation["x-token-cost"],
    writes: verb !== "GET",
    // What Pipedrive does the same way twice: a second POST makes a second record, a second merge finds no loser.
    idempotent: verb !== "POST" && !path.endsWith("/merge"),
    scopes: operation.security.flatMap(({ oauth2 = [] }) => oauth2),
    paging: pagingOf(query),
    pathParameters: parametersIn(operation, "path", document),
    query,
    body: bodyOf(operation, document),
    successStatus: Number(Object.keys(operation.responses).find((status) => status.startsWith("2"))),
  };
}

function parametersIn({ parameters = [] }: Operation, place: string, document: Document): Parameter[] {
  return parameters
    .filter((one) => one.in === place)
    .map(({ name, required = false, description = "", schema }) => {
      return { name, required, description, schema: toJsonSchema(schema, document) };
    });
}

function pagingOf(query: Parameter[]): Action["paging"] {
  const names = new Set(query.map(({ name }) => name));
  if (names.has("cursor")) return "cursor";
  return names.has("start") ? "start" : null;
}

function bodyOf({ requestBody }: Operation, document: Document): Action["body"] {
  if (!requestBody) return null;
  for (const contentType of BODY_TYPES) {
    const content = requestBody.content[contentType];
    if (content) return { contentType, schema: toJsonSchema(content.schema, document) };
  }
  return null;
}

/** Members that say something about a value; examples and titles do not. */
const KEPT = new Set([
  ...["type", "enum", "format", "pattern", "default", "description"],
  ...["items", "required", "properties", "additionalProperties", "allOf", "oneOf", "anyOf"],
  ...["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"],
]);

/** An OpenAPI 3.0 schema as JSON Schema: references resolved, `nullable` as a type of its own, no examples. */
function toJsonSchema(schema: JsonSchema, document: Document): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref === "string") {
    const target = document.components?.schemas?.[$ref.split("/").at(-1) ?? ""];
    if (!target) throw new Error(`nothing is at ${$ref}`);
    return toJsonSchema(target, document);
  }
  const made: JsonSchema = {};
  for (const [key, value] of Object.entries(schema)) if (KEPT.has(key)) made[key] = convert(key, value, document);
  if (schema.nullable === true) return orNull(made);
  return made;
}

function convert(key: string, value: unknown, document: Document): unknown {
  const inner = (one: unknown) => toJsonSchema(one as JsonSchema, document);
  if (key === "properties") {
    return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, inner(one)]));
  }
  if (key === "items" || (key === "additionalProperties" && typeof value === "object")) return inner(value);
  if (key === "allOf" || key === "oneOf" || key === "anyOf") return (value as unknown[]).map(inner);
  return value;
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  return { ...schema, type: [type, "null"], ...(Array.isArray(values) && { enum: [...values, null] }) };
}
