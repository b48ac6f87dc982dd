import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { type Json, type Rig, startReceiver, startRig, subscribe } from "./pipedrive-rig.ts";

/** Folder with the official documents, `v1.yaml` and `v2.yaml`. They are not part of this repository. */
const folder = process.env.PIPEDRIVE_OPENAPI_DIR;
const official = folder ? describe : describe.skip;
if (!folder) {
  process.stderr.write(
    "SKIPPED: answers are not checked against Pipedrive's OpenAPI, PIPEDRIVE_OPENAPI_DIR is unset\n",
  );
}

/**
 * OpenAPI 3.0 → JSON Schema. The documents are known to understate what may be null, so every value inside an answer
 * may be; types, enums and required keys hold.
 */
function toJsonSchema(schema: Json, components: Json): Json {
  if (schema.$ref) return toJsonSchema(components[schema.$ref.split("/").pop()], components);
  const { nullable: _, example: _e, format: _f, description: _d, ...rest } = schema;
  const converted: Json = { ...rest };
  const inside = (one: Json) => ({ anyOf: [toJsonSchema(one, components), { type: "null" }] });
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    if (schema[key]) converted[key] = schema[key].map((one: Json) => toJsonSchema(one, components));
  }
  if (schema.items) converted.items = inside(schema.items);
  if (schema.properties) {
    const entries = Object.entries(schema.properties as Json).map(([key, one]) => [key, inside(one)]);
    converted.properties = Object.fromEntries(entries);
  }
  if (typeof schema.additionalProperties === "object")
    converted.additionalProperties = inside(schema.additionalProperties);
  return converted;
}

/** Paths of an answer that the schema does not know; objects described without properties may hold anything. */
function foreignPaths(value: unknown, schemas: Json[], path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const flat = schemas.flatMap(flatten);
  if (Array.isArray(value)) {
    const items = flat.map((schema) => schema.items).filter(Boolean);
    return value.flatMap((one) => (items.length ? foreignPaths(one, items, `${path}[]`) : []));
  }
  const described = flat.filter((schema) => schema.properties);
  if (described.length === 0 || flat.some((schema) => schema.additionalProperties)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const known = described.map((schema) => schema.properties[key]).filter(Boolean);
    return known.length ? foreignPaths(one, known, `${path}.${key}`) : [`${path}.${key}`];
  });
}

function flatten(schema: Json): Json[] {
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Json[];
  return [schema, ...parts.flatMap(flatten)];
}

/** `/deals/{id:deal}` → `/deals/{id}`. */
function templateOf(path: string): string {
  return path.replace(/\{(\w+):[^}]+\}/g, "{$1}");
}

/** The operations of some paths, and the components. Parsing all of the two megabytes takes too long. */
function readPaths(version: string, templates: string[]): Json {
  const blocks = readFileSync(join(folder as string, `${version}.yaml`), "utf8").split(/^(?= {2}'?\/|\w)/m);
  const wanted = blocks.filter((block) => templates.includes(block.split("\n", 1)[0]?.replace(/[\s:']/g, "") ?? ""));
  const components = blocks.find((block) => block.startsWith("components:"));
  return { paths: parse(wanted.join("")), ...(components ? parse(components) : {}) };
}

/** What live accounts, or the documents' own examples, answer although the schemas do not say so. */
const LIVE_BEYOND_THE_SCHEMAS =
  /^\.data\[\]\.(id|name)$|^\.(success|data)$|\.(is_archived|address|labels|local_(won|lost|close)_date|archive_time|creator_user_id|pinned_to_lead_flag)$/;

official("answers agree with Pipedrive's OpenAPI documents", () => {
  const documents: Record<string, Json> = {};
  const ajv = new Ajv({ strict: false, allErrors: true });
  let rig: Rig;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const ids: Record<string, number | string> = {};

  const required = (object: string) =>
    object === "deal"
      ? { enabled: true, stage_ids: [ids.stage], statuses: { [ids.pipeline as number]: ["won"] } }
      : { enabled: true };

  /** `[method, document, its path, query, body, status]`; `{name}` in a path is the id kept under that name. */
  const calls: [string, "v1" | "v2", string, string, (() => unknown)?, number?][] = [
    ...["organization", "person", "deal"].flatMap((object): typeof calls => [
      ["GET", "v2", `/${object}s`, "?limit=5&include_option_labels=true&include_labels=true"],
      ["GET", "v2", `/${object}s/{id:${object}}`, ""],
      ["PATCH", "v2", `/${object}s/{id:${object}}`, "", () => ({ label_ids: [1] })],
      ["GET", "v2", `/${object}s/search`, "?term=o&exact_match=true"],
      ["GET", "v2", `/${object}Fields`, "?include_fields=ui_visibility,required_fields"],
      [
        "POST",
        "v2",
        `/${object}Fields`,
        "",
        () => ({ field_name: "S", field_type: "set", options: [{ label: "A" }], required_fields: { enabled: true } }),
      ],
      ["GET", "v2", `/${object}Fields/{field_code:${object}.field}`, "?include_fields=required_fields"],
      [
        "PATCH",
        "v2",
        `/${object}Fields/{field_code:${object}.field}`,
        "",
        () => ({ required_fields: required(object) }),
      ],
      ["PUT", "v1", `/${object}s/{id:${object}.loser}/merge`, "", () => ({ merge_with_id: ids[object] })],
    ]),
    ["POST", "v2", "/organizations", "", () => ({ name: "Made", website: "https://made.example", employee_count: 3 })],
    ["POST", "v2", "/persons", "", () => ({ name: "Made Up", phones: [{ value: "+372 5551234" }] })],
    ["POST", "v2", "/deals", "", () => ({ title: "Made", org_id: ids.organization, value: 3.5 })],
    ["GET", "v2", "/itemSearch/field", "?term=Ada&entity_type=person&field=name&match=beginning"],
    ["GET", "v2", "/organizationFields/{field_code:field}", ""],
    [
      "POST",
      "v2",
      "/organizationFields",
      "",
      () => ({ field_name: "T", field_type: "enum", options: [{ label: "A" }] }),
    ],
    ["POST", "v2", "/organizationFields/{field_code:field}/options", "", () => [{ label: "Z" }]],
    ["PATCH", "v2", "/organizationFields/{field_code:field}/options", "", () => [{ id: ids.option, label: "Y" }]],
    ["DELETE", "v2", "/organizationFields/{field_code:field}/options", "", () => [{ id: ids.option }]],
    ["PATCH", "v2", "/organizationFields/{field_code:field}", "", () => ({ field_name: "Renamed" })],
    ["DELETE", "v2", "/organizationFields/{field_code:field}", ""],
    ["GET", "v2", "/pipelines", ""],
    ["GET", "v2", "/pipelines/{id:pipeline}", ""],
    ["GET", "v2", "/stages", ""],
    ["GET", "v2", "/stages/{id:stage}", ""],
    ["GET", "v1", "/users", ""],
    ["GET", "v1", "/users/me", ""],
    ["GET", "v1", "/users/{id:user}", ""],
    ["PUT", "v1", "/users/{id:colleague}", "", () => ({ active_flag: false })],
    ["GET", "v1", "/users/{id:user}/permissions", ""],
    ["GET", "v1", "/users/{id:user}/roleAssignments", ""],
    ["GET", "v1", "/permissionSets", "?app=sales"],
    ["GET", "v1", "/permissionSets/{id:set}", ""],
    ["GET", "v1", "/permissionSets/{id:set}/assignments", "?start=0&limit=10"],
    ["GET", "v1", "/roles", "?limit=10"],
    ["GET", "v1", "/roles/{id:role}/assignments", ""],
    ["GET", "v1", "/notes", "?deal_id={note.deal}"],
    ["POST", "v1", "/notes", "", () => ({ content: "x", person_id: ids.person })],
    ["GET", "v1", "/notes/{id:note}", ""],
    ["DELETE", "v1", "/notes/{id:note}", ""],
    [
      "POST",
      "v1",
      "/webhooks",
      "",
      () => ({ name: "w", subscription_url: receiver.url, event_action: "*", event_object: "deal", version: "2.0" }),
      201,
    ],
    ["GET", "v1", "/webhooks", ""],
    ["DELETE", "v1", "/webhooks/{id:webhook}", ""],
    ...["deal", "person", "organization"].map((object): (typeof calls)[number] => [
      "DELETE",
      "v2",
      `/${object}s/{id:${object}}`,
      "",
    ]),
  ];

  beforeAll(async () => {
    for (const version of ["v1", "v2"]) {
      documents[version] = readPaths(
        version,
        calls.filter((one) => one[1] === version).map((one) => templateOf(one[2])),
      );
    }
    receiver = await startReceiver();
    rig = await startRig();
    const org = await rig.organization({ address: { value: "12 Elm St" } });
    const api = async (path: string, body: Json) => (await rig.api("POST", path, body)).body.data as Json;
    const person = await api("/api/v2/persons", {
      name: "Ada Lovelace",
      org_id: org.id,
      emails: [{ value: "a@x.example" }],
    });
    const deal = await api("/api/v2/deals", { title: "Deal", org_id: org.id, person_id: person.id, status: "won" });
    Object.assign(ids, { organization: org.id, person: person.id, deal: deal.id });
    for (const object of ["organization", "person", "deal"]) {
      const title = object === "deal" ? { title: "Other", org_id: org.id } : { name: "Other" };
      ids[`${object}.loser`] = (await api(`/api/v2/${object}s`, title)).id;
    }
    ids.note = (await api("/api/v1/notes", { content: "n", deal_id: deal.id })).id;
    ids.webhook = (await subscribe(rig, receiver.url, { event_object: "product" })).body.data.id;
    ids.pipeline = rig.account.pipelines[0]?.id as number;
    ids.stage = rig.account.pipelines[0]?.stages[0]?.id as number;
    ids.field = rig.key("organization", "Allbound Status");
    for (const object of ["organization", "person", "deal"]) ids[`${object}.field`] = rig.key(object, "Allbound ID");
    ids.user = rig.account.users[0]?.id as number;
    ids.colleague = rig.account.users[1]?.id as number;
    ids.set = (await rig.api("GET", "/api/v1/permissionSets")).body.data[0].id;
    ids.role = 1;
    ids.option = rig.option("organization", "Allbound Status", "Pending");
  }, 60_000);
  afterAll(async () => {
    await rig.twin.close();
    await receiver.close();
  });

  const cases = calls.map(([method, version, path, query, body, status = 200]) => {
    return { method, version, path, query, body, status };
  });

  test.each(cases)("$method $version $path", async ({ method, version, path, query, body, status }) => {
    const real = path.replace(/\{\w+:([^}]+)\}/g, (_match, name: string) => String(ids[name]));
    const operation = documents[version]?.paths[templateOf(path)][method.toLowerCase()] as Json;
    const spentBefore = (await rig.control("GET", "/companies/acme/spend")).body.tokens;
    const answer = await rig.api(
      method,
      `/api/${version}${real}${query.replace("{note.deal}", String(ids.deal))}`,
      body?.(),
    );
    const spent = (await rig.control("GET", "/companies/acme/spend")).body.tokens - spentBefore;

    expect([answer.status, answer.body.error]).toEqual([status, undefined]);
    expect(spent).toBe(operation["x-token-cost"]);
    const components = (documents[version]?.components?.schemas ?? {}) as Json;
    const content = operation.responses[String(status)].content;
    if (!content) return;
    const schema = toJsonSchema(content["application/json"].schema, components);
    const validate = ajv.compile(schema);
    expect([validate(answer.body), validate.errors]).toEqual([true, null]);
    const foreign = foreignPaths(answer.body, [schema], "").filter((one) => !LIVE_BEYOND_THE_SCHEMAS.test(one));
    expect([...new Set(foreign)]).toEqual([]);
  });
});
