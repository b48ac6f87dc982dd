import { describe, expect, test } from "@jest/globals";
import { InputError } from "../../src/errors.ts";
import { parseProgramEvent } from "../../src/partner/event.ts";

const event = {
  event_id: "evt_01j9v3q5t8x2m4n6p7r8s9w0ya",
  type: "deal_registration.approved",
  schema_version: 1,
  tenant_id: "harbourline",
  occurred_at: "2025-03-04T10:15:30.123Z",
  aggregate: { kind: "deal_registration", id: "reg_5n2k8f6h3q7w9x4c1v0b2m6zta", version: 4 },
  actor: { kind: "vendor_user", id: "vnd_17", label: "Channel desk" },
  origin: "program",
  correlation_id: "cor_77f1",
  causation_id: null,
  changed: [{ path: "review.status", from: "in_review", to: "approved" }],
  data: { registration_id: "reg_5n2k8f6h3q7w9x4c1v0b2m6zta", anything: [1, { deep: null }] },
};

function faultOf(json: unknown): InputError {
  try {
    parseProgramEvent(json);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("the event was accepted");
}

describe("program event", () => {
  test("comes back as it was sent, snapshot included", () => {
    expect(parseProgramEvent(event)).toEqual(event);
  });

  test("loses members we do not know", () => {
    expect(parseProgramEvent({ ...event, region_hint: "eu", aggregate: { ...event.aggregate, shard: 3 } })).toEqual(
      event,
    );
  });

  test("may leave out what only explains it", () => {
    const { causation_id: _c, correlation_id: _r, changed: _h, ...bare } = event;
    expect(parseProgramEvent(bare)).toMatchObject({ causation_id: null, correlation_id: "", changed: [] });
  });

  test("about something that is never linked is passed over", () => {
    expect(
      parseProgramEvent({ ...event, type: "sync.ping", aggregate: { ...event.aggregate, kind: "sync" } }),
    ).toBeNull();
  });

  test.each([
    ["schema_version", { ...event, schema_version: 2 }],
    ["aggregate.version", { ...event, aggregate: { ...event.aggregate, version: 0 } }],
    ["aggregate.id", { ...event, aggregate: { ...event.aggregate, id: "reg with spaces" } }],
    ["aggregate.id", { ...event, aggregate: { ...event.aggregate, id: "r".repeat(65) } }],
    ["occurred_at", { ...event, occurred_at: "yesterday" }],
    ["origin", { ...event, origin: "elsewhere" }],
    ["data", { ...event, data: { text: "x".repeat(140_000) } }],
    ["event_id", { ...event, event_id: "e".repeat(129) }],
    ["type", { ...event, type: "Partner Updated" }],
    ["(the event itself)", "not an object"],
  ])("with a wrong %s is refused by that name", (where, json) => {
    expect(faultOf(json)).toMatchObject({ code: "EVENT_MALFORMED", where });
  });

  test("is refused without repeating its content", () => {
    const fault = faultOf({ ...event, type: "secret.type ", tenant_id: "ada@example.org bcc" });
    expect(fault.message).not.toMatch(/secret|ada@example/);
  });
});
