import { describe, expect, test } from "@jest/globals";
import { ConnectionError, ParkedError, RecordError } from "../../src/errors.ts";
import type { Call } from "../../src/pipedrive/call.ts";
import { translateAnswer } from "../../src/pipedrive/translate-error.ts";
import { fixture } from "./client-under-test.ts";

const NOW = new Date("2026-08-12T10:00:00Z");
const ENVELOPES = fixture<Record<string, unknown>>("errors");

const CALLS = {
  get: { operation: "get", object: "deal", id: 12, method: "GET", path: "/api/v2/deals/12" },
  patch: { operation: "patch", object: "deal", id: 12, method: "PATCH", path: "/api/v2/deals/12", body: {} },
  create: { operation: "create", object: "deal", method: "POST", path: "/api/v2/deals", body: {} },
  search: { operation: "search", object: "person", method: "GET", path: "/api/v2/persons/search" },
  field: {
    operation: "field",
    object: "deal",
    id: "3d0f8c1f".repeat(5),
    method: "GET",
    path: "/",
  },
  users: { operation: "users", method: "GET", path: "/api/v1/users" },
  createWebhook: { operation: "createWebhook", method: "POST", path: "/api/v1/webhooks", body: {} },
  deleteWebhook: { operation: "deleteWebhook", id: 3, method: "DELETE", path: "/api/v1/webhooks/3" },
} satisfies Record<string, Call>;

/** The name of the error and, where it has one, its code or problem. */
function meaning(call: keyof typeof CALLS, status: number, body: string | object | null, headers = {}): string | null {
  const answer = { status, headers, body: typeof body === "string" ? ENVELOPES[body] : (body ?? undefined) };
  const error = translateAnswer(CALLS[call], answer, NOW);
  if (error instanceof ConnectionError) return `${error.name} ${error.problem}`;
  if (error instanceof RecordError) return `${error.name} ${error.code}`;
  return error?.name ?? null;
}

const HTML = null; // what is not JSON arrives without a body

describe("an answer of Pipedrive means", () => {
  test.each([
    // the gateway
    ["get", 401, "gateway-unauthorized", "ConnectionError UNAUTHORIZED"],
    ["get", 401, HTML, "ConnectionError UNAUTHORIZED"],
    ["patch", 403, "gateway-scope", "ConnectionError FORBIDDEN"],
    ["patch", 402, HTML, "ConnectionError COMPANY_NOT_OPEN"],
    ["patch", 403, HTML, "ConnectionError ABUSE_BLOCKED"],
    ["patch", 429, "gateway-burst", "ParkedError"],
    ["get", 429, HTML, "ParkedError"],
    ["get", 301, HTML, "ConnectionError UNREACHABLE"],
    // v1
    ["createWebhook", 400, "v1-bad-request", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 403, "v1-not-permitted", "RecordError FORBIDDEN_BY_PIPEDRIVE"],
    ["users", 403, "v1-not-permitted", "ConnectionError FORBIDDEN"],
    ["create", 403, "v1-deals-limit", "RecordError PLAN_LIMIT_REACHED"],
    ["get", 404, "v1-not-found", "NotFoundError"],
    ["field", 410, "v1-field-gone", "NotFoundError"],
    // v2
    ["get", 404, "v2-not-found", "NotFoundError"],
    ["patch", 404, "v2-not-found", "NotFoundError"],
    ["create", 404, "v2-not-found", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["search", 404, "v2-not-found", "ConnectionError UNREACHABLE"],
    ["patch", 400, "v2-validation", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 400, "v2-unknown-custom-field", "ConnectionError MAPPING_BROKEN"],
    ["patch", 400, "v2-custom-field-value", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 400, "v2-custom-field-option", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 422, "v2-validation", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 409, HTML, "RecordError REFUSED_BY_PIPEDRIVE"],
    // the webhooks service
    ["createWebhook", 400, "webhooks-bad-url", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["createWebhook", 403, "webhooks-forbidden", "ConnectionError FORBIDDEN"],
    ["deleteWebhook", 404, "webhooks-not-found", "NotFoundError"],
    ["createWebhook", 422, HTML, "RecordError REFUSED_BY_PIPEDRIVE"],
    // neither yes nor no
    ["get", 500, "v2-internal", "NoEffectError"],
    ["patch", 500, "v2-internal", "OutcomeUnknownError"],
    ["create", 502, HTML, "OutcomeUnknownError"],
    ["create", 408, HTML, "OutcomeUnknownError"],
    ["users", 503, HTML, "NoEffectError"],
    // a page that is not the API's must not look like a deleted record
    ["get", 404, HTML, "NoEffectError"],
    ["get", 410, { message: "no Route matched" }, "NoEffectError"],
    ["patch", 404, HTML, "OutcomeUnknownError"],
    // failures under a status of success
    ["patch", 200, "v2-validation", "RecordError REFUSED_BY_PIPEDRIVE"],
    ["patch", 200, "v2-unknown-custom-field", "ConnectionError MAPPING_BROKEN"],
    ["get", 200, "v2-not-found", "NotFoundError"],
    ["get", 200, "gateway-unauthorized", "ConnectionError UNAUTHORIZED"],
    ["create", 200, "v1-deals-limit", "RecordError PLAN_LIMIT_REACHED"],
    ["get", 200, { success: false }, "NoEffectError"],
    ["patch", 200, { success: false }, "OutcomeUnknownError"],
    ["patch", 200, { success: true, data: {} }, null],
    ["get", 204, HTML, null],
  ] as const)("%s, %i, %j: %s", (call, status, body, expected) => {
    expect(meaning(call, status, body)).toBe(expected);
  });
});

describe("a message of a refused call", () => {
  const messageOf = (call: Call, status: number, name: string, headers = {}) =>
    translateAnswer(call, { status, headers, body: ENVELOPES[name] }, NOW)?.message;

  test("names operation, object, id, status, code and place, and a correlation id for support", () => {
    const headers = { "x-correlation-id": "43cb94f3-bbbd-406c-ae19-ddeec349d896" };
    expect(messageOf(CALLS.patch, 400, "v2-validation", headers)).toBe(
      "Pipedrive: patch deal 12 was refused (HTTP 400, ERR_SCHEMA_VALIDATION_FAILED, at emails.0.value, " +
        "correlation id 43cb94f3-bbbd-406c-ae19-ddeec349d896)",
    );
  });

  test("does not repeat Pipedrive's words, which may quote values", () => {
    expect(messageOf(CALLS.patch, 400, "v2-validation")).not.toContain("secret");
    expect(messageOf(CALLS.patch, 400, "v2-custom-field-value")).not.toContain("classified");
  });

  test("masks the keys of custom fields", () => {
    expect(messageOf(CALLS.patch, 400, "v2-unknown-custom-field")).toContain("3d0f…cdf3");
    expect(messageOf(CALLS.patch, 400, "v2-custom-field-value")).toContain("at custom_fields.3d0f…cdf3");
    expect(messageOf(CALLS.field, 404, "v2-not-found")).toContain("field deal 3d0f…8c1f");
    for (const name of Object.keys(ENVELOPES)) {
      expect(messageOf(CALLS.field, 400, name)).not.toMatch(/[0-9a-f]{40}/);
    }
  });

  test("says which webhook setting was refused", () => {
    expect(messageOf(CALLS.createWebhook, 400, "webhooks-bad-url")).toContain("at subscription_url");
  });
});

test("a used up daily budget parks until the reset, a used up burst for seconds", () => {
  const until = (name: string, headers = {}) => {
    const error = translateAnswer(CALLS.get, { status: 429, headers, body: ENVELOPES[name] }, NOW);
    expect(error).toBeInstanceOf(ParkedError);
    return (error as ParkedError).until.toISOString();
  };
  expect(until("gateway-daily-budget")).toBe("2026-08-13T00:00:00.000Z");
  expect(until("gateway-daily-budget", { "retry-after": "3939" })).toBe("2026-08-12T11:05:39.000Z");
  expect(until("gateway-burst")).toBe("2026-08-12T10:00:02.000Z");
  expect(until("gateway-burst", { "x-ratelimit-reset": "1" })).toBe("2026-08-12T10:00:01.000Z");
});
