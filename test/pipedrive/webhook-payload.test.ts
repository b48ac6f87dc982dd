import { describe, expect, test } from "@jest/globals";
import { InputError } from "../../src/errors.ts";
import { parseWebhook, type WebhookChange } from "../../src/pipedrive/webhook-payload.ts";
import { fc } from "../support/seeded.ts";
import { fixture } from "./client-under-test.ts";

interface Delivery {
  meta: Record<string, unknown>;
  data: Record<string, unknown> | null;
  previous: Record<string, unknown> | null;
}

const person = () => fixture<Delivery & Record<string, unknown>>("webhook-person-change");
/** The person's delivery with another `meta`; undefined removes a key. */
const withMeta = (meta: Record<string, unknown>) => {
  const delivery = person();
  return JSON.parse(JSON.stringify({ ...delivery, meta: { ...delivery.meta, ...meta } }));
};
const change = (json: unknown) => parseWebhook(json) as WebhookChange;

function refusal(json: unknown): InputError {
  try {
    parseWebhook(json);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error("it should have been refused");
}

describe("a delivery", () => {
  test("of a change tells what, when, by whom, before and after", () => {
    const { data, previous } = person();
    expect(parseWebhook(person())).toEqual({
      deliveryKey: {
        metaId: "7c812ffd-8f50-45ea-a597-b8fcba2da9c0",
        entity: "person",
        entityId: "8",
        action: "change",
      },
      object: "person",
      id: 8,
      action: "change",
      at: new Date("2022-11-24T15:18:35.616Z"),
      updateTime: "2022-11-24T15:18:35Z",
      userId: 12415231,
      changeSource: "app",
      data,
      previous,
      correlationId: "43cb94f3-bbbd-406c-ae19-ddeec349d896",
      companyId: "8087566",
      webhookId: "4710827",
    });
  });

  test("of a create has no update time and nothing before", () => {
    expect(change(fixture("webhook-deal-create"))).toMatchObject({
      object: "deal",
      id: 93,
      action: "create",
      updateTime: null,
      previous: null,
    });
  });

  test("of a delete has nothing after, and names the survivor of a merge", () => {
    const parsed = change(fixture("webhook-deal-delete"));
    expect(parsed).toMatchObject({ action: "delete", data: null, updateTime: null, mergedToId: 94 });
    expect(parsed.previous).toMatchObject({ title: "Harbour crane" });
    expect(parsed).not.toHaveProperty("mergedFromId");
  });

  test("of a survivor names the record that went into it", () => {
    const parsed = change(fixture("webhook-organization-change"));
    expect(parsed).toMatchObject({ object: "organization", id: 17, mergedFromId: 16, changeSource: "api" });
    expect(parsed.data?.name).toBe("Zürich 株式会社");
  });

  test("of another kind of object is ignored by name", () => {
    expect(parseWebhook(fixture("webhook-user-change"))).toEqual({ ignored: "user" });
    expect(parseWebhook({ meta: { entity: "deal_product" } })).toEqual({ ignored: "deal_product" });
  });

  test("may have keys that nobody knows yet", () => {
    const delivery = withMeta({ brand_new: { a: 1 } });
    const { data } = change({ ...delivery, data: { ...delivery.data, brand_new: [1] }, brand_new: 1 });
    expect(data).toMatchObject({ brand_new: [1] });
  });

  test.each([
    ["a number", { entity_id: 8 }],
    ["text", { entity_id: "8" }],
  ])("may say its id as %s", (_, meta) => {
    expect(change(withMeta(meta))).toMatchObject({ id: 8, deliveryKey: { entityId: "8" } });
  });

  test.each([
    ["unix seconds as text", "1669303115", "2022-11-24T15:18:35.000Z"],
    ["unix seconds", 1669303115, "2022-11-24T15:18:35.000Z"],
    ["unix milliseconds", 1669303115616, "2022-11-24T15:18:35.616Z"],
    ["another zone", "2022-11-24T17:18:35+02:00", "2022-11-24T15:18:35.000Z"],
    ["the older form without a zone", "2022-11-24 15:18:35", "2022-11-24T15:18:35.000Z"],
    ["nothing, so that update_time stands in", undefined, "2022-11-24T15:18:35.000Z"],
  ])("may say its time as %s", (_, timestamp, expected) => {
    expect(change(withMeta({ timestamp })).at.toISOString()).toBe(expected);
  });

  test("does not need to say who made the change, nor why", () => {
    const meta = { user_id: null, change_source: undefined, correlation_id: "ü", permitted_user_ids: undefined };
    expect(change(withMeta(meta))).toMatchObject({ userId: null, changeSource: null, correlationId: null });
  });
});

describe("the delivery key", () => {
  const keyOf = (meta: Record<string, unknown>) => change(withMeta(meta)).deliveryKey;

  test("is the same in every retry", () => {
    expect(keyOf({ attempt: 4 })).toEqual(keyOf({ attempt: 1 }));
  });

  test("without an id is made of webhook, entity, id, action and time", () => {
    const key = keyOf({ id: undefined });
    expect(key.metaId).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf({ id: null, attempt: 3 })).toEqual(key);
    for (const other of [
      { webhook_id: "1" },
      { entity_id: "9" },
      { action: "delete" },
      { timestamp: "2022-11-24T15:18:35.617Z" },
      { entity: "deal" },
    ]) {
      expect(keyOf({ id: undefined, ...other }).metaId).not.toBe(key.metaId);
    }
  });
});

describe("a body that cannot be read is refused with its place", () => {
  test.each<[string, unknown, string]>([
    ["nothing", undefined, "body"],
    ["text", "hello", "body"],
    ["a list", [], "body"],
    ["no meta", { data: {} }, "meta"],
    ["no entity", withMeta({ entity: undefined }), "meta.entity"],
    ["an entity that is no word", withMeta({ entity: "per son\n" }), "meta.entity"],
    ["an unknown action", withMeta({ action: "merged" }), "meta.action"],
    ["no id", withMeta({ entity_id: undefined }), "meta.entity_id"],
    ["a negative id", withMeta({ entity_id: -1 }), "meta.entity_id"],
    ["id zero", withMeta({ entity_id: "0" }), "meta.entity_id"],
    ["an id beyond exact numbers", withMeta({ entity_id: "9007199254740993" }), "meta.entity_id"],
    ["an endless delivery id", withMeta({ id: "x".repeat(129) }), "meta.id"],
    ["a delivery id with a zero byte", withMeta({ id: "x\u0000" }), "meta.id"],
    ["a time that is none", withMeta({ timestamp: "yesterday" }), "meta.timestamp"],
    ["data that is text", { ...person(), data: "secret" }, "data"],
    ["custom fields that are a list", { ...person(), data: { custom_fields: ["secret"] } }, "data.custom_fields"],
    ["endless keys", { ...person(), data: Object.fromEntries([...Array(501).keys()].map((key) => [key, 1])) }, "data"],
  ])("%s", (_, json, where) => {
    const error = refusal(json);
    expect(error).toMatchObject({ code: "WEBHOOK_INVALID", where });
    expect(error.message).not.toContain("secret");
  });

  test("a time that is nowhere", () => {
    const delivery = withMeta({ timestamp: undefined });
    expect(refusal({ ...delivery, data: null })).toMatchObject({ where: "meta.timestamp" });
  });

  test("version 1.0, with what to do about it", () => {
    const first = {
      v: 1,
      event: "updated.deal",
      meta: { v: 1, action: "updated", object: "deal", id: 1 },
      current: {},
    };
    for (const json of [first, withMeta({ version: "1.0" })]) {
      expect(refusal(json)).toMatchObject({ code: "WEBHOOK_VERSION", hint: expect.stringContaining('"2.0"') });
    }
  });

  test("anything at all: read or refused, never another error", () => {
    const meta = fc.record(
      Object.fromEntries(
        Object.keys(person().meta).map((key) => [key, fc.oneof(fc.constant(person().meta[key]), fc.anything())]),
      ),
      { requiredKeys: ["entity"] },
    );
    const body = fc.oneof(fc.anything(), fc.record({ meta, data: fc.anything(), previous: fc.anything() }));
    fc.assert(
      fc.property(body, (json) => {
        try {
          parseWebhook(json);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
