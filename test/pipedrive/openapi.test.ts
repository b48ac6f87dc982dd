import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import type { NewWebhook, Pipedrive } from "../../src/pipedrive/port.ts";
import { type Operation, PRICES } from "../../src/pipedrive/prices.ts";
import { CRM_OBJECTS, type CrmObject } from "../../src/sync/model.ts";
import { BASE_URL, clientUnderTest } from "./client-under-test.ts";
import { type OfficialOperation, readOfficialDocuments } from "./official-documents.ts";

/**
 * Every request the client can make, held against Pipedrive's own OpenAPI documents (`v1.yaml`, `v2.yaml`): they are
 * not part of this repository, so their folder has to be named.
 */
const FOLDER = process.env.PIPEDRIVE_OPENAPI_DIR;
const KEY = "1".repeat(40);

const WEBHOOK: NewWebhook = {
  name: "partnersync deal",
  subscription_url: "https://sync.example.com/hook",
  event_action: "*",
  event_object: "deal",
  http_auth_user: "user",
  http_auth_password: "password",
};

/** Bodies with every standard key that the sync writes. */
const BODIES: Record<CrmObject, Record<string, unknown>> = {
  organization: { name: "Acme", owner_id: 1, website: "https://example.com", address: { value: "Tallinn" } },
  person: { name: "Ada", owner_id: 1, org_id: 1, emails: [{ value: "ada@example.com" }], phones: [], job_title: "x" },
  deal: {
    title: "Crane",
    owner_id: 1,
    org_id: 1,
    person_id: 1,
    pipeline_id: 1,
    stage_id: 1,
    value: 1,
    currency: "EUR",
    status: "open",
    lost_reason: null,
    expected_close_date: "2026-08-12",
  },
};
const SEARCHED = {
  organization: ["name", "custom_fields"],
  person: ["name", "email", "custom_fields"],
  deal: ["title"],
} as const;

type Calls = { name: string; operation: Operation; make(pipedrive: Pipedrive): Promise<unknown> }[];

const ofObject = (object: CrmObject): Calls => {
  const body = { ...BODIES[object], custom_fields: { [KEY]: "x" } };
  const organizationId = object === "organization" ? undefined : 1;
  return [
    { name: `get ${object}`, operation: "get", make: (it) => it.get(object, 1) },
    { name: `create ${object}`, operation: "create", make: (it) => it.create(object, body) },
    { name: `patch ${object}`, operation: "patch", make: (it) => it.patch(object, 1, body) },
    { name: `many ${object}`, operation: "getMany", make: (it) => it.getMany(object, [1, 2]) },
    {
      name: `updated ${object}`,
      operation: "listUpdated",
      make: (it) => it.listUpdated(object, new Date(0), { cursor: "abc", limit: 500 }),
    },
    ...SEARCHED[object].map((field) => ({
      name: `search ${object} by ${field}`,
      operation: "search" as const,
      make: (it: Pipedrive) => it.search(object, { term: "ada", field, organizationId }),
    })),
    {
      name: `search ${object} in a field`,
      operation: "searchField",
      make: (it) => it.searchField(object, { term: "acme.example", key: KEY }),
    },
    { name: `field of ${object}`, operation: "field", make: (it) => it.field(object, KEY) },
    { name: `fields of ${object}`, operation: "fields", make: (it) => it.fields(object) },
    {
      name: `create field of ${object}`,
      operation: "createField",
      make: (it) => it.createField(object, { name: "Status", type: "enum", options: ["Active"] }),
    },
    { name: `add options of ${object}`, operation: "addOptions", make: (it) => it.addOptions(object, KEY, ["Active"]) },
  ];
};

const CALLS: Calls = [
  ...CRM_OBJECTS.flatMap(ofObject),
  { name: "deals of an organization", operation: "dealsOf", make: (it) => it.dealsOf(1) },
  { name: "add note", operation: "addNote", make: (it) => it.addNote({ dealId: 1, content: "x" }) },
  { name: "list notes", operation: "listNotes", make: (it) => it.listNotes(1) },
  { name: "pipelines", operation: "pipelines", make: (it) => it.pipelines() },
  { name: "stages", operation: "stages", make: (it) => it.stages() },
  { name: "users", operation: "users", make: (it) => it.users() },
  { name: "me", operation: "me", make: (it) => it.me() },
  { name: "access users", operation: "accessUsers", make: (it) => it.accessUsers() },
  { name: "access user", operation: "accessUser", make: (it) => it.accessUser(1) },
  { name: "deactivate user", operation: "deactivateUser", make: (it) => it.deactivateUser(1) },
  { name: "permission sets", operation: "permissionSets", make: (it) => it.permissionSets() },
  { name: "permission set", operation: "permissionSet", make: (it) => it.permissionSet("f07d229d") },
  {
    name: "assignments of a permission set",
    operation: "permissionSetAssignments",
    make: (it) => it.permissionSetAssignments("f07d229d", 0),
  },
  { name: "roles", operation: "roles", make: (it) => it.roles(0) },
  { name: "assignments of a role", operation: "roleAssignments", make: (it) => it.roleAssignments(1, 500) },
  { name: "permissions of a user", operation: "userPermissions", make: (it) => it.userPermissions(1) },
  { name: "create webhook", operation: "createWebhook", make: (it) => it.createWebhook(WEBHOOK) },
  { name: "list webhooks", operation: "listWebhooks", make: (it) => it.listWebhooks() },
  { name: "delete webhook", operation: "deleteWebhook", make: (it) => it.deleteWebhook(1) },
];

test("every operation that has a price is made below", () => {
  expect(new Set(CALLS.map(({ operation }) => operation))).toEqual(new Set(Object.keys(PRICES)));
});

if (FOLDER) describe("by the official documents", () => againstDocuments(FOLDER));
else {
  process.stderr.write("SKIPPED: requests against Pipedrive's OpenAPI documents (set PIPEDRIVE_OPENAPI_DIR)\n");
  test.skip("by the official documents (PIPEDRIVE_OPENAPI_DIR is not set)", () => {});
}

function againstDocuments(folder: string): void {
  const server = setupServer();
  let find: ReturnType<typeof readOfficialDocuments>;
  beforeAll(() => {
    find = readOfficialDocuments(folder);
    server.listen({ onUnhandledRequest: "error" });
  }, 60_000);
  afterAll(() => server.close());

  test.each(CALLS.map((call) => [call.name, call] as const))("%s", async (_, { make }) => {
    const asked: { request: Request; body: string; official: OfficialOperation | null }[] = [];
    server.resetHandlers(
      http.all(`${BASE_URL}/*`, async ({ request }) => {
        const official = find(request.method, new URL(request.url).pathname);
        asked.push({ request, body: await request.text(), official });
        if (official === null) return new HttpResponse(null, { status: 404 });
        return HttpResponse.json(onLastPage(official.example), { status: official.status });
      }),
    );
    const { pipedrive, spent } = clientUnderTest();
    await make(pipedrive); // the documented answer has to be understood

    const [{ request, body, official } = { request: null, body: "", official: null }] = asked;
    expect(official).not.toBeNull();
    const query = [...new URL(request!.url).searchParams.keys()];
    const sent = body === "" ? {} : JSON.parse(body);
    const keys = Object.keys(Array.isArray(sent) ? sent[0] : sent);
    const allowed = official!.query.map(({ name }) => name);
    const required = official!.query.filter((parameter) => parameter.required).map(({ name }) => name);
    expect({ unknownQuery: query.filter((name) => !allowed.includes(name)) }).toEqual({ unknownQuery: [] });
    expect({ missingQuery: required.filter((name) => !query.includes(name)) }).toEqual({ missingQuery: [] });
    expect({ unknownKeys: keys.filter((key) => !official!.bodyKeys.includes(key)) }).toEqual({ unknownKeys: [] });
    if (request!.method === "POST") expect(keys).toEqual(expect.arrayContaining(official!.requiredBodyKeys));
    expect(official!.deprecated).toBe(false);
    expect(spent.map(({ tokens }) => tokens)).toEqual([official!.tokens]);
  });
}

/** The documents' lists show a first page; asked for again and again it would never end. */
function onLastPage(example: unknown): JsonBodyType {
  const copy = structuredClone(example) as { additional_data?: { next_cursor?: unknown; pagination?: object } };
  if (copy.additional_data?.next_cursor) copy.additional_data.next_cursor = null;
  if (copy.additional_data?.pagination) copy.additional_data.pagination = { more_items_in_collection: false };
  return copy as JsonBodyType;
}
