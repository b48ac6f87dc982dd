import { describe, expect, test } from "@jest/globals";
import {
  type CodecContext,
  type CrmWrite,
  crmValues,
  encodeCrm,
  encodeProgram,
  programValues,
  webhookValues,
} from "../../src/sync/codec.ts";
import type { Aggregate, CrmPlace, FieldPlan, FieldType, Value } from "../../src/sync/model.ts";

const ctx: CodecContext = {
  users: [
    { id: 7, email: "Ana@Example.test", active: true },
    { id: 8, email: "gone@example.test", active: false },
  ],
  stages: {
    entry: { pipelineId: 1, stageId: 11 },
    onApproved: null,
    map: [
      { program: "working", pipelineId: 1, stageId: 11 },
      { program: "working", pipelineId: 1, stageId: 12 },
      { program: "closing", pipelineId: 2, stageId: 21 },
      { program: "working", pipelineId: 2, stageId: 22 },
    ],
    unmapped: "ignore",
  },
  rules: { defaultCurrency: "EUR" },
};

const STATUS_OPTIONS = [
  { program: "active", id: 101, label: "Active" },
  { program: "inactive", id: 102, label: "Inactive" },
];

function field(name: string, type: FieldType, crm: CrmPlace, more: Partial<FieldPlan> = {}): FieldPlan {
  return { field: name, label: name, type, crm, direction: "both", write: "always", onConflict: "crm", ...more };
}
const custom = (key: string, crmType: string): CrmPlace => ({ custom: key, crmType });
const system = (name: string): CrmPlace => ({ system: name });

const status = field("partner.status", "option", custom("k-status", "enum"), { options: STATUS_OPTIONS });
const products = field("registration.products", "options", custom("k-set", "set"), {
  options: [
    { program: "logs", id: 2, label: "Logs" },
    { program: "apm", id: 1, label: "APM" },
  ],
});
const website = field("partner.website", "text", custom("k-web", "varchar"));
const amount = field("registration.amount", "money", system("value"));
const closeDate = field("registration.expected_close_date", "date", system("expected_close_date"));
const stage = field("sales.stage_key", "stage", system("stage_id"));
const owner = field("partner.manager_email", "staff", system("owner_id"));
const email = field("contact.email", "email", system("emails"), { direction: "program_to_crm" });
const phone = field("contact.phone", "phone", system("phones"), { direction: "program_to_crm" });

describe("a REST record", () => {
  const read = (plan: FieldPlan, record: Record<string, unknown>) => crmValues([plan], record, ctx)[plan.field];
  const inCustom = (plan: FieldPlan, value: unknown) =>
    read(plan, { custom_fields: { ["custom" in plan.crm ? plan.crm.custom : ""]: value } });

  test.each<[string, FieldPlan, unknown, Value | undefined]>([
    ["option id becomes the program's key", status, 101, "active"],
    ["option id as text", status, "102", "inactive"],
    ["unknown option is unmapped", status, 999, { unmapped: 999 }],
    ["empty option", status, null, null],
    ["set becomes sorted keys", products, [2, 1], ["apm", "logs"]],
    ["set with one unknown option cannot be expressed", products, [2, 9], { unmapped: "2,9" }],
    ["empty set", products, [], null],
    ["text stays as it was answered", website, " x.test ", " x.test "],
    ["empty text", website, "", null],
    ["number field as text", website, 1e21, "1000000000000000000000"],
    ["address", website, { value: "1 Main St" }, "1 Main St"],
    ["an object nobody knows", website, { a: 1 }, undefined],
    [
      "monetary",
      field("m", "money", custom("k", "monetary")),
      { value: 5.4, currency: "USD" },
      { amount: "5.4", currency: "USD" },
    ],
    ["monetary without value", field("m", "money", custom("k", "monetary")), { value: null, currency: "USD" }, null],
    ["number field as money", field("m", "money", custom("k", "double")), 5, { amount: "5", currency: "EUR" }],
    ["user field", field("u", "staff", custom("k", "user")), 7, "ana@example.test"],
    ["unknown user", field("u", "staff", custom("k", "user")), 70, { unmapped: 70 }],
    ["organization field", field("o", "partner", custom("k", "org")), 42, 42],
    ["date field", field("d", "date", custom("k", "date")), "2025-03-04", "2025-03-04"],
    ["date field with something else", field("d", "date", custom("k", "date")), "soon", undefined],
  ])("%s", (_name, plan, wire, expected) => {
    expect(inCustom(plan, wire)).toEqual(expected);
  });

  test.each<[string, FieldPlan, Record<string, unknown>, Value | undefined]>([
    ["deal value with its currency", amount, { value: 5.4, currency: "USD" }, { amount: "5.4", currency: "USD" }],
    ["deal value of zero", amount, { value: 0, currency: "USD" }, { amount: "0", currency: "USD" }],
    ["no deal value", amount, { value: null, currency: "USD" }, null],
    ["deal value without its currency", amount, { value: 5 }, undefined],
    ["stage", stage, { stage_id: 12 }, "working"],
    ["stage outside the mapping", stage, { stage_id: 77 }, { unmapped: 77 }],
    ["owner", owner, { owner_id: 7 }, "ana@example.test"],
    ["outcome", field("sales.status", "outcome", system("status")), { status: "won" }, "won"],
    [
      "a deleted deal has no outcome",
      field("sales.status", "outcome", system("status")),
      { status: "deleted" },
      undefined,
    ],
    [
      "lost reason that came as an object",
      field("r", "text", system("lost_reason")),
      { lost_reason: { id: 1, label: "Price" } },
      "Price",
    ],
    [
      "closing time",
      field("c", "instant", system("close_time")),
      { close_time: "2025-03-04 10:15:30" },
      "2025-03-04T10:15:30Z",
    ],
    [
      "e-mails",
      email,
      { emails: [{ value: "b@x.test" }, { value: "a@x.test", primary: true }] },
      ["b@x.test", "a@x.test"],
    ],
    ["no e-mails", email, { emails: [] }, null],
    ["only blank e-mails", email, { emails: [{ value: "" }] }, null],
    ["close date an open deal leaves out", closeDate, { status: "open" }, null],
    ["close date a won deal leaves out", closeDate, { status: "won" }, undefined],
    ["close date that is there", closeDate, { status: "open", expected_close_date: "2025-05-01" }, "2025-05-01"],
  ])("%s", (_name, plan, record, expected) => {
    expect(read(plan, record)).toEqual(expected);
  });

  test("an absent key is unknown, never empty", () => {
    expect(crmValues([status, website, stage, amount], { custom_fields: { "k-web": null } }, ctx)).toEqual({
      "partner.website": null,
    });
    expect(crmValues([status], {}, ctx)).toEqual({});
  });
});

describe("a webhook", () => {
  const plan = [website, status, amount];
  const known = {
    "partner.website": "x.test",
    "partner.status": "active",
    "registration.amount": { amount: "5", currency: "EUR" },
  };

  test("takes what data shows and keeps what neither side of the change names", () => {
    const data = { custom_fields: { "k-web": "y.test" } };
    expect(webhookValues(plan, data, { custom_fields: { "k-web": "x.test" } }, known, ctx)).toEqual({
      values: { ...known, "partner.website": "y.test" },
      needsRead: [],
      changed: ["partner.website"],
      knownComplete: true,
    });
  });

  test("a field that left data but is in previous has to be read", () => {
    const { values, needsRead, knownComplete } = webhookValues(
      plan,
      {},
      { custom_fields: { "k-web": "x.test" } },
      known,
      ctx,
    );
    expect(needsRead).toEqual(["partner.website"]);
    expect(values).not.toHaveProperty(["partner.website"]);
    expect(knownComplete).toBe(false);
  });

  test("a field that left data and is known to be empty needs no read", () => {
    const empty = { ...known, "partner.website": null };
    expect(webhookValues(plan, {}, { custom_fields: { "k-web": "x.test" } }, empty, ctx)).toMatchObject({
      values: empty,
      needsRead: [],
      knownComplete: true,
    });
  });

  test("empty fields of a known record force no read", () => {
    const half = { ...known, "partner.website": null, "partner.status": null };
    const result = webhookValues(plan, { title: "t", value: 6, currency: "EUR" }, { value: 5 }, half, ctx);
    expect(result).toEqual({
      values: { ...half, "registration.amount": { amount: "6", currency: "EUR" } },
      needsRead: [],
      changed: ["registration.amount"],
      knownComplete: true,
    });
  });

  test("at first contact what is not shown is unknown", () => {
    const result = webhookValues(plan, { value: 6, currency: "EUR" }, { value: 5 }, null, ctx);
    expect(result.values).toEqual({ "registration.amount": { amount: "6", currency: "EUR" } });
    expect(result.knownComplete).toBe(false);
  });

  test("at creation an absent custom field is empty", () => {
    const result = webhookValues(
      plan,
      { value: 6, currency: "EUR", custom_fields: { "k-status": 101 } },
      null,
      null,
      ctx,
    );
    expect(result).toEqual({
      values: {
        "partner.website": null,
        "partner.status": "active",
        "registration.amount": { amount: "6", currency: "EUR" },
      },
      needsRead: [],
      changed: [],
      knownComplete: true,
    });
  });

  test("an absent close date says nothing on a change, though REST leaves it out of open deals", () => {
    const known = { "registration.expected_close_date": "2025-05-01" };
    expect(webhookValues([closeDate], { status: "open" }, { title: "t" }, known, ctx).values).toEqual(known);
    expect(webhookValues([closeDate], { status: "open" }, null, null, ctx).values).toEqual({
      "registration.expected_close_date": null,
    });
  });

  test("a currency alone changes the amount", () => {
    const { changed } = webhookValues(plan, { value: 5, currency: "USD" }, { currency: "EUR" }, known, ctx);
    expect(changed).toEqual(["registration.amount"]);
  });

  test("a value that cannot be understood is unknown, whatever was known before", () => {
    const { values, knownComplete } = webhookValues(
      [amount],
      { value: "lots", currency: "EUR" },
      { value: 5 },
      known,
      ctx,
    );
    expect(values).toEqual({});
    expect(knownComplete).toBe(false);
  });
});

describe("a program snapshot", () => {
  const registration: Aggregate = {
    kind: "deal_registration",
    id: "reg_1",
    version: 3,
    data: {
      title: "Deal",
      amount: { value: 5.4, currency: "EUR" },
      expected_close_date: "2025-05-01",
      description: "",
      partner_id: "prt_1",
      owner_user_id: "usr_9",
      products: ["logs", "apm"],
      review: { status: "in_review" },
      sales: { status: "won", stage_key: "closing", closed_at: "2025-03-04T10:15:30.5Z" },
      protection: { expires_at: "2025-06-30T22:00:00Z" },
      submitted_at: "2025-01-02T03:04:05Z",
    },
  };
  const links = { link: (kind: string, id: string) => (kind === "partner" && id === "prt_1" ? 42 : undefined) };
  const read = (plan: FieldPlan, data = registration.data) =>
    programValues([plan], { ...registration, data }, links)[plan.field];
  const plain = (name: string, type: FieldType, more: Partial<FieldPlan> = {}) =>
    field(name, type, custom("k", "varchar"), more);

  test.each<[string, FieldPlan, Value | undefined]>([
    ["title", plain("registration.title", "text"), "Deal"],
    ["empty text", plain("registration.description", "text"), null],
    ["what the snapshot leaves out", plain("registration.number", "text"), undefined],
    ["amount", amount, { amount: "5.4", currency: "EUR" }],
    ["close date", closeDate, "2025-05-01"],
    [
      "day of a protection that ends late in the evening",
      plain("registration.protection_expires_on", "date"),
      "2025-06-30",
    ],
    ["day of submission", plain("registration.submitted_at", "date"), "2025-01-02"],
    ["display status", plain("registration.review_display", "option"), "pending"],
    [
      "display status the plan does not pair",
      plain("registration.review_display", "option", { options: STATUS_OPTIONS }),
      { unmapped: "pending" },
    ],
    ["products, sorted", products, ["apm", "logs"]],
    ["partner", plain("registration.partner_id", "partner"), 42],
    ["a rep without a link", plain("registration.owner_user_id", "partner_user"), undefined],
    ["sales outcome", plain("sales.status", "outcome"), "won"],
    ["stage", plain("registration.sales.stage_key", "stage"), "closing"],
    ["closing time", plain("sales.closed_at", "instant"), "2025-03-04T10:15:30Z"],
    ["own id", plain("allbound_id", "text"), "reg_1"],
    ["the registration a customer came from", plain("allbound_deal_id", "text"), "reg_1"],
    ["constant", plain("registration.source", "text", { constant: "partner" }), "partner"],
  ])("%s", (_name, plan, expected) => {
    expect(read(plan)).toEqual(expected);
  });

  test.each([
    ["submitted", "pending"],
    ["action_required", "more_info"],
    ["approved", "approved"],
    ["rejected", "declined"],
    ["withdrawn", "cancelled"],
    ["cancelled", "cancelled"],
    ["expired", "expired"],
    ["draft", undefined],
    ["parked", { unmapped: "parked" }],
  ])("a review that is %s shows as %p", (status, shown) => {
    const display = plain("registration.review_display", "option");
    expect(read(display, { review: { status } })).toEqual(shown);
  });

  test("an empty parent is empty below, a missing one unknown", () => {
    const protection = plain("registration.protection_expires_on", "date");
    expect(read(protection, { protection: null })).toBeNull();
    expect(read(protection, { protection: {} })).toBeUndefined();
    expect(read(protection, {})).toBeUndefined();
  });

  test("partner and contact fields lie under their own names", () => {
    const partner: Aggregate = {
      kind: "partner",
      id: "prt_1",
      version: 1,
      data: { status: "pending", manager_email: "A@x.test" },
    };
    expect(programValues([status, owner], partner, links)).toEqual({
      "partner.status": { unmapped: "pending" },
      "partner.manager_email": "a@x.test",
    });
    const contact: Aggregate = { kind: "contact", id: "usr_1", version: 1, data: { email: "b@x.test", phone: null } };
    expect(programValues([email, phone], contact, links)).toEqual({
      "contact.email": "b@x.test",
      "contact.phone": null,
    });
  });
});

describe("a body for Pipedrive", () => {
  const body = (writes: CrmWrite[], present?: Record<string, unknown> | null) => encodeCrm(writes, { ...ctx, present });

  test.each<[string, FieldPlan, Value, unknown]>([
    ["option by id", status, "inactive", { custom_fields: { "k-status": 102 } }],
    ["set by ids", products, ["apm", "logs"], { custom_fields: { "k-set": [1, 2] } }],
    ["null for an empty set, which Pipedrive refuses", products, [], { custom_fields: { "k-set": null } }],
    ["null clears", website, null, { custom_fields: { "k-web": null } }],
    [
      "monetary",
      field("m", "money", custom("k", "monetary")),
      { amount: "5.40", currency: "EUR" },
      { custom_fields: { k: { value: 5.4, currency: "EUR" } } },
    ],
    [
      "money in a number field",
      field("m", "money", custom("k", "double")),
      { amount: "5", currency: "EUR" },
      { custom_fields: { k: 5 } },
    ],
    ["text in a number field", field("n", "text", custom("k", "double")), "12", { custom_fields: { k: 12 } }],
    ["deal value and currency together", amount, { amount: "5.4", currency: "USD" }, { value: 5.4, currency: "USD" }],
    ["no deal value", amount, null, { value: null }],
    ["close date", closeDate, "2025-05-01", { expected_close_date: "2025-05-01" }],
    ["owner by id", owner, "ana@example.test", { owner_id: 7 }],
    ["organization field", field("o", "partner", custom("k", "org")), 42, { custom_fields: { k: 42 } }],
    ["nothing for an owner who left", owner, "gone@example.test", {}],
    ["nothing for an option without a pair", status, "pending", {}],
    ["nothing for an unmapped value", status, { unmapped: 999 }, {}],
  ])("%s", (_name, plan, value, expected) => {
    expect(body([{ plan, value }])).toEqual(expected);
  });

  test("a deal stays in its pipeline where that has a fitting stage", () => {
    expect(body([{ plan: stage, value: "working" }], { pipeline_id: 2 })).toEqual({ stage_id: 22 });
    expect(body([{ plan: stage, value: "working" }], { pipeline_id: 3 })).toEqual({ stage_id: 11 });
    expect(body([{ plan: stage, value: "closing" }], { pipeline_id: 1 })).toEqual({ stage_id: 21 });
  });

  test("an e-mail is added at the end of the list that is there", () => {
    const present = { emails: [{ value: "a@x.test", primary: true, label: "home" }] };
    expect(body([{ plan: email, value: "b@x.test" }], present)).toEqual({
      emails: [...present.emails, { value: "b@x.test", primary: false, label: "work" }],
    });
  });

  test("an e-mail or phone that is there already is not added again", () => {
    const present = { emails: [{ value: "B@x.test" }], phones: [{ value: "+49 30 1" }] };
    expect(
      body(
        [
          { plan: email, value: "b@x.test" },
          { plan: phone, value: "49301" },
        ],
        present,
      ),
    ).toEqual({});
  });

  test("nothing is removed from a list", () => {
    expect(body([{ plan: email, value: null }], { emails: [{ value: "a@x.test" }] })).toEqual({});
  });

  test("a list nobody has read is left alone, a new record gets its first entry", () => {
    expect(body([{ plan: email, value: "a@x.test" }])).toEqual({});
    expect(body([{ plan: email, value: "a@x.test" }], {})).toEqual({});
    expect(body([{ plan: email, value: "a@x.test" }], null)).toEqual({
      emails: [{ value: "a@x.test", primary: true, label: "work" }],
    });
  });

  test("what was written reads back as the same value", () => {
    const writes: CrmWrite[] = [
      { plan: status, value: "active" },
      { plan: products, value: ["apm"] },
      { plan: amount, value: { amount: "5.4", currency: "EUR" } },
      { plan: owner, value: "ana@example.test" },
      { plan: stage, value: "closing" },
    ];
    const record = body(writes, null);
    const values = crmValues(
      writes.map((write) => write.plan),
      record,
      ctx,
    );
    expect(values).toEqual(Object.fromEntries(writes.map(({ plan, value }) => [plan.field, value])));
  });
});

test("a command carries money as value and currency, a list's first entry, and nothing unmapped", () => {
  expect(encodeProgram(amount, { amount: "5.40", currency: "EUR" })).toEqual({ value: 5.4, currency: "EUR" });
  expect(encodeProgram(email, ["a@x.test", "b@x.test"])).toBe("a@x.test");
  expect(encodeProgram(products, ["apm", "logs"])).toEqual(["apm", "logs"]);
  expect(encodeProgram(status, { unmapped: 999 })).toBeUndefined();
  expect(encodeProgram(status, null)).toBeNull();
});
