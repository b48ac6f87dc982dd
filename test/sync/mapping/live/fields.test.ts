import { describe, expect, test } from "@jest/globals";
import type { AccountField } from "../../../../src/sync/account.ts";
import { someKey } from "../examples.ts";
import { type Case, DEAL_ID, fieldOf, reportsEach, resolveAfter } from "../live-account.ts";

const custom = (field_name: string, field_type = "varchar"): AccountField => ({
  field_code: someKey(field_name),
  field_name,
  field_type,
  is_custom_field: true,
  options: null,
});

const fields: Case[] = [
  [
    "KEY_UNKNOWN",
    "a deleted field",
    (account) => {
      account.fields.deal = account.fields.deal.filter(({ field_name }) => field_name !== "Allbound ID");
    },
    [`KEY_UNKNOWN ${DEAL_ID}.key`],
  ],
  [
    "KEY_WRONG_OBJECT",
    "a key of another object",
    (_, { objects }) => {
      objects.deal.fields.allbound_id.key = objects.person.fields.allbound_id.key;
    },
    [`KEY_WRONG_OBJECT ${DEAL_ID}.key`],
  ],
  [
    "KEY_LABEL_MISMATCH",
    "the two keys of Person swapped",
    (_, { objects }) => {
      const { allbound_id, allbound_deal_id } = objects.person.fields;
      [allbound_id.key, allbound_deal_id.key] = [allbound_deal_id.key, allbound_id.key];
    },
    [
      "KEY_LABEL_MISMATCH $.objects.person.fields.allbound_id.label",
      "KEY_LABEL_MISMATCH $.objects.person.fields.allbound_deal_id.label",
    ],
  ],
  [
    "LABEL_CASE",
    "another spelling",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").field_name = " ALLBOUND ID";
    },
    [`LABEL_CASE ${DEAL_ID}.label`],
  ],
  [
    "LABEL_AMBIGUOUS",
    "a second field of the label",
    (account) => {
      account.fields.deal.push(custom("Allbound ID"));
    },
    [`LABEL_AMBIGUOUS ${DEAL_ID}.label`],
  ],
  [
    "TYPE_MISMATCH",
    "a number instead of a text",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").field_type = "double";
    },
    [`TYPE_MISMATCH ${DEAL_ID}.type`],
  ],
  [
    "NOT_CUSTOM",
    "a standard field",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").is_custom_field = false;
    },
    [`NOT_CUSTOM ${DEAL_ID}.key`],
  ],
];

describe("a field that is not as the document says", () => {
  reportsEach(fields);

  test("says of fields with one label what is known of each: type, and since when it has options", () => {
    const { findings } = resolveAfter((account) => {
      const status = fieldOf(account, "organization", "Allbound Status");
      const options = [
        { id: 901, label: "Active", add_time: "2026-02-03T09:00:00Z" },
        { id: 902, label: "Inactive", add_time: "2026-02-01T09:00:00Z" },
      ];
      account.fields.organization.push({ ...custom(status.field_name, "enum"), options });
      account.fields.organization.push(custom(status.field_name));
    });
    const [told] = findings;
    expect(told?.code).toBe("LABEL_AMBIGUOUS");
    expect(told?.message).toMatch(
      /exists 3 times; the document means \S+ \(Single option\), not \S+ \(Single option, options since 2026-02-01\), \S+ \(Text\)\.$/,
    );
  });

  test("says to which field a foreign key belongs", () => {
    const { findings } = resolveAfter((_, { objects }) => {
      objects.deal.fields.allbound_id.key = objects.person.fields.allbound_deal_id.key;
    });
    expect(findings[0]).toMatchObject({ object: "deal", label: "Allbound ID" });
    expect(findings[0]!.message).toContain('belongs to Person "Allbound Deal ID"');
  });
});
