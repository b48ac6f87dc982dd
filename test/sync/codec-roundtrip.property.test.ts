import { expect, test } from "@jest/globals";
import { isUnmapped, sameValue } from "../../src/sync/canonical.ts";
import { crmValues, encodeCrm, encodeProgram, programValues } from "../../src/sync/codec.ts";
import type { FieldPlan, Value } from "../../src/sync/model.ts";
import { fc, runs } from "../support/seeded.ts";
import { ctx, custom, field } from "./field-plans.ts";

const RUNS = runs(200);

/** Pairings as an account may have them: keys and ids unlike each other, each once. */
const pairing = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z_]{1,12}$/), fc.integer({ min: 1, max: 9_999 })), {
    minLength: 1,
    maxLength: 8,
    selector: ([program]) => program,
  })
  .map((pairs) => pairs.map(([program], i) => ({ program, id: 100 + i, label: program.toUpperCase() })));

const decimal = fc.integer({ min: 0, max: 99_999_999 }).map((cents) => String(cents / 100));
const day = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const text = fc.string({ minLength: 1 }).filter((value) => value.trim() !== "");

/** A field of each type that a mapping may name, with a value its program may send. */
const filled: fc.Arbitrary<{ plan: FieldPlan; value: Value }> = fc.oneof(
  text.map((value) => ({ plan: field("registration.title", "text", custom("k", "varchar")), value })),
  text.map((value) => ({ plan: field("registration.description", "text", custom("k", "text")), value })),
  text.map((value) => ({ plan: field("registration.number#k", "text", custom("k", "varchar_auto")), value })),
  text.map((value) => ({ plan: field("contact.phone", "phone", custom("k", "phone")), value })),
  day.map((value) => ({ plan: field("registration.expected_close_date", "date", custom("k", "date")), value })),
  decimal.map((amount) => ({
    plan: field("registration.amount", "money", custom("k", "monetary")),
    value: { amount, currency: "USD" },
  })),
  decimal.map((amount) => ({
    plan: field("registration.amount", "money", custom("k", "double"), { constant: "CHF" }),
    value: { amount, currency: "CHF" },
  })),
  fc.nat(1_000_000).map((value) => ({ plan: field("registration.partner_id", "partner", custom("k", "org")), value })),
  fc.constant({ plan: field("partner.manager_email", "staff", custom("k", "user")), value: "ana@example.test" }),
  fc.tuple(pairing, fc.nat()).map(([options, n]) => ({
    plan: field("partner.tier", "option", custom("k", "enum"), { options }),
    value: options[n % options.length]!.program,
  })),
  pairing.chain((options) =>
    fc.subarray(options, { minLength: 1 }).map((some) => ({
      plan: field("registration.products", "options", custom("k", "set"), { options }),
      value: some.map(({ program }) => program).sort(),
    })),
  ),
);

test("what is written to Pipedrive is read again as the same value, whatever the field's type", () => {
  fc.assert(
    fc.property(filled, ({ plan, value }) => {
      const record = encodeCrm([{ plan, value }], { ...ctx, present: null });
      expect(sameValue(plan.type, crmValues([plan], record, ctx)[plan.field] ?? null, value)).toBe(true);
    }),
    RUNS,
  );
});

test("a value that the pairing lacks passes in neither direction, alone or in a set", () => {
  const strange = fc.tuple(pairing, fc.constantFrom<"option" | "options">("option", "options"), fc.nat());
  fc.assert(
    fc.property(strange, ([options, type, n]) => {
      const crmType = type === "option" ? "enum" : "set";
      const name = type === "option" ? "partner.tier" : "registration.products";
      const plan = field(name, type, custom("k", crmType), { options });
      const known = options[n % options.length]!;

      const wire = type === "option" ? 7 : [known.id, 7]; // ids begin at 100
      const fromCrm = crmValues([plan], { custom_fields: { k: wire } }, ctx)[name];
      expect(isUnmapped(fromCrm)).toBe(true);
      expect(encodeProgram(plan, fromCrm ?? null)).toBeUndefined();

      const said = type === "option" ? "Not a key" : [known.program, "Not a key"];
      const data = type === "option" ? { tier: said } : { products: said };
      const kind = type === "option" ? "partner" : "deal_registration";
      const aggregate = { kind, id: "x", version: 1, data } as const;
      const fromProgram = programValues([plan], aggregate, { link: () => undefined })[name];
      expect(isUnmapped(fromProgram)).toBe(true);
      expect(encodeCrm([{ plan, value: fromProgram ?? null }], { ...ctx, present: null })).toEqual({});
    }),
    RUNS,
  );
});
