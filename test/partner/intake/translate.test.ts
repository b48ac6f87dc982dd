import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { InputError } from "../../../src/errors.ts";
import { eventType, foldPost } from "../../../src/partner/intake/fold-post.ts";
import { readPosted } from "../../../src/partner/intake/posted.ts";
import { translatePost } from "../../../src/partner/intake/translate.ts";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { fc } from "../../support/seeded.ts";

const text = readFileSync(new URL("../../../mappings/lumenfield.json", import.meta.url), "utf8");
const intake = parseMappingDocument(text).document?.intake;
if (!intake) throw new Error("the example has no intake");

const form = (fields: Record<string, string>) =>
  readPosted(Buffer.from(new URLSearchParams(fields).toString()), "application/x-www-form-urlencoded; charset=UTF-8");
const json = (fields: unknown) => readPosted(Buffer.from(JSON.stringify(fields)), "application/json");
const DEAL = { trigger: "Registered a deal", deal_id: "8812", company_id: "17", deal_status: "New" };
const told = (fields: Record<string, unknown>) => translatePost(intake, json({ ...DEAL, ...fields }), "USD")[0]?.told;

function codeOf(work: () => unknown): string {
  try {
    work();
    return "nothing was wrong";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.hint).not.toBe("");
    return error.code;
  }
}

describe("a post becomes an event", () => {
  test("the same from form fields and from JSON", () => {
    const fields = {
      ...DEAL,
      deal_amount: "12,000.50",
      estimated_close_date: "3/9/2027",
      prospect_email: "Ida@K.example",
    };
    const [event] = translatePost(intake, form(fields), "USD");
    expect(translatePost(intake, json(fields), "USD")).toEqual([event]);
    expect(event).toMatchObject({
      kind: "deal_registration",
      id: "8812",
      told: {
        registration_id: "8812",
        partner_id: "17",
        amount: { value: 12000.5, currency: "USD" },
        expected_close_date: "2027-03-09",
        review: { status: "submitted" },
        prospect: { contact: { email: "ida@k.example" } },
      },
    });
  });

  test("what is not posted is not told, what is posted empty is told as empty", () => {
    expect(told({})).not.toHaveProperty("title");
    expect(told({ deal_name: " " })).toMatchObject({ title: null });
    expect(told({ deal_amount: "" })).toMatchObject({ amount: null });
    expect(told({ deal_status: "" })).not.toHaveProperty("review"); // an empty word says nothing
  });

  test("of several entries each that fits speaks, and nothing else", () => {
    const both = { events: [...intake.events, { ...intake.events[0], when: { company_id: "*" } }] } as typeof intake;
    const post = { ...DEAL, company_name: "Alpen IT" };
    expect(translatePost(both, json(post), "USD").map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      "deal_registration 8812",
      "partner 17",
    ]);
  });

  test.each([
    [{ trigger: "Logged in" }, "INTAKE_UNMATCHED"],
    [{ deal_id: null }, "INTAKE_ID"],
    [{ deal_id: "two words" }, "INTAKE_ID"],
    [{ deal_status: "Escalated" }, "INTAKE_VALUE"],
    [{ deal_amount: "about 12" }, "INTAKE_VALUE"],
    [{ deal_amount: "12.000,50" }, "INTAKE_VALUE"],
    [{ deal_currency: "dollars", deal_amount: "1" }, "INTAKE_VALUE"],
    [{ estimated_close_date: "31/12/2027" }, "INTAKE_VALUE"],
    [{ estimated_close_date: "2/30/2027" }, "INTAKE_VALUE"],
    [{ prospect_email: "Ida" }, "INTAKE_VALUE"],
    [{ workflow_time: "yesterday" }, "INTAKE_TIME"],
  ])("%j is refused as %s", (fields, code) => {
    expect(codeOf(() => told(fields))).toBe(code);
  });

  test("no body, however broken, does anything but become events or be refused without its words", () => {
    const types = fc.constantFrom("", "application/json", "application/x-www-form-urlencoded", "text/xml", "a/b; c=d");
    const known = fc.record(
      {
        trigger: fc.constantFrom("Registered", "Registered a deal", "Updated a company"),
        deal_id: fc.jsonValue(),
        user_id: fc.jsonValue(),
        company_id: fc.jsonValue(),
        deal_amount: fc.jsonValue(),
        deal_status: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((one) => Buffer.from(one)),
      known.map((one) => Buffer.from(JSON.stringify({ ...one, secret: "Kestrel-9931" }))),
    );
    fc.assert(
      fc.property(bodies, types, (body, type) => {
        try {
          for (const { id } of translatePost(intake, readPosted(body, type), "USD"))
            expect(id).toMatch(/^[\x21-\x7e]{1,64}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(`${(error as InputError).message} ${(error as InputError).hint}`).not.toContain("Kestrel-9931");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("posts are put together", () => {
  test("a group's member that is told alone leaves the others", () => {
    const before = { review: { status: "submitted", reason: "x" }, title: "A" };
    expect(foldPost(before, { review: { status: "approved" } })).toEqual({
      review: { status: "approved", reason: "x" },
      title: "A",
    });
  });

  test.each([
    ["deal_registration", null, { review: { status: "submitted" } }, "deal_registration.submitted"],
    [
      "deal_registration",
      { review: { status: "submitted" } },
      { review: { status: "approved" } },
      "deal_registration.approved",
    ],
    [
      "deal_registration",
      { review: { status: "expired" } },
      { review: { status: "approved" } },
      "deal_registration.reinstated",
    ],
    [
      "deal_registration",
      { review: { status: "action_required" } },
      { review: { status: "submitted" } },
      "deal_registration.resubmitted",
    ],
    ["deal_registration", { sales: { status: "won" } }, { sales: { status: "open" } }, "deal_registration.reopened"],
    ["deal_registration", { title: "A" }, { title: "B" }, "deal_registration.updated"],
    ["partner", null, { name: "A" }, "partner.created"],
    ["partner", { status: "active" }, { status: "inactive" }, "partner.status_changed"],
    ["contact", { partner_id: "1" }, { partner_id: "2" }, "contact.moved"],
  ] as const)("%s: from %j to %j is %s", (kind, before, after, type) => {
    expect(eventType(kind, before, after)).toBe(type);
  });
});
