import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One operation of the official OpenAPI documents, as far as our requests are compared with it. */
export interface OfficialOperation {
  /** `GET /api/v2/persons/{id}` */
  name: string;
  tokens: number;
  deprecated: boolean;
  query: { name: string; required: boolean }[];
  bodyKeys: string[];
  requiredBodyKeys: string[];
  status: number;
  /** The documented answer. */
  example: unknown;
}

interface Schema {
  properties?: Record<string, unknown>;
  required?: string[];
  allOf?: Schema[];
  /** Of a list. */
  items?: Schema;
}
type Content = Record<string, { schema?: Schema; example?: unknown }>;
interface Operation {
  "x-token-cost": number;
  deprecated?: boolean;
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** Reads `v1.yaml` and `v2.yaml`; answers how to find the operation that a request means. */
export function readOfficialDocuments(folder: string): (method: string, path: string) => OfficialOperation | null {
  const documents = (["v1", "v2"] as const).map((version) => ({
    prefix: `/api/${version}`,
    paths: (parse(readFileSync(join(folder, `${version}.yaml`), "utf8"), { maxAliasCount: -1 }) as Document).paths,
  }));
  return (method, path) => {
    for (const { prefix, paths } of documents) {
      if (!path.startsWith(`${prefix}/`)) continue;
      const template = findTemplate(Object.keys(paths), path.slice(prefix.length));
      const operation = template && paths[template]?.[method.toLowerCase()];
      if (operation) return toOfficial(`${method} ${prefix}${template}`, operation);
    }
    return null;
  };
}

/** The template a path fits; one without parameters first (`/users/me` before `/users/{id}`). */
function findTemplate(templates: string[], path: string): string | undefined {
  if (templates.includes(path)) return path;
  return templates.find((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
}

function toOfficial(name: string, operation: Operation): OfficialOperation {
  const body = flatten(operation.requestBody?.content["application/json"]?.schema);
  const status = Object.keys(operation.responses).find((code) => code.startsWith("2"))!;
  return {
    name,
    tokens: operation["x-token-cost"],
    deprecated: operation.deprecated ?? false,
    query: (operation.parameters ?? [])
      .filter((parameter) => parameter.in === "query")
      .map((parameter) => ({ name: parameter.name, required: parameter.required ?? false })),
    bodyKeys: body.flatMap((schema) => Object.keys(schema.properties ?? {})),
    requiredBodyKeys: body.flatMap((schema) => schema.required ?? []),
    status: Number(status),
    example: operation.responses[status]?.content?.["application/json"]?.example,
  };
}

function flatten(schema: Schema | undefined): Schema[] {
  if (schema?.items) return flatten(schema.items); // what each of a list may hold
  return schema ? [schema, ...(schema.allOf ?? []).flatMap(flatten)] : [];
}
