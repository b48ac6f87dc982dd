import { describe } from "@jest/globals";
import { type Case, DEAL_ID, dealId, fieldsOf, KEY, reportsEach, WEBSITE, website } from "../mistakes.ts";

const keys: Case[] = [
  ...["PASTE KEY HERE", "xxxxxxxx", "0".repeat(40), "", "<key>"].map(
    (key): Case => ["KEY_PLACEHOLDER", `"${key}"`, (d) => (dealId(d).key = key), [`KEY_PLACEHOLDER ${DEAL_ID}.key`]],
  ),
  ...[`${KEY}\n`, ` ${KEY}`, `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`, `${KEY}\u00a0`].map(
    (key, i): Case => [
      "KEY_WHITESPACE",
      `of kind ${i}`,
      (d) => (dealId(d).key = key),
      [`KEY_WHITESPACE ${DEAL_ID}.key`],
    ],
  ),
  ["KEY_LENGTH", "a character short", (d) => (dealId(d).key = KEY.slice(1)), [`KEY_LENGTH ${DEAL_ID}.key`]],
  ["KEY_LENGTH", "a character long", (d) => (dealId(d).key = `${KEY}a`), [`KEY_LENGTH ${DEAL_ID}.key`]],
  [
    "KEY_LENGTH_SUBFIELD",
    "a subfield",
    (d) => (dealId(d).key = `${KEY}_currency`),
    [`KEY_LENGTH_SUBFIELD ${DEAL_ID}.key`],
  ],
  ["KEY_NOT_HEX", "a label", (d) => (dealId(d).key = "Allbound ID"), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_NOT_HEX", "a field's number", (d) => (dealId(d).key = "12491"), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_NOT_HEX", "the letter O", (d) => (dealId(d).key = `O${KEY.slice(1)}`), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_UPPERCASE", "capitals", (d) => (dealId(d).key = KEY.toUpperCase()), [`KEY_UPPERCASE ${DEAL_ID}.key`]],
  [
    "KEY_REUSED",
    "the Organization's key on the Deal",
    (d) => (dealId(d).key = fieldsOf(d, "organization").allbound_id.key.toUpperCase()),
    [`KEY_REUSED ${DEAL_ID}.key`, `KEY_UPPERCASE ${DEAL_ID}.key`],
  ],
  [
    "SYSTEM_FIELD_AS_KEY",
    "a standard field",
    (d) => (website(d).key = "owner_id"),
    [`SYSTEM_FIELD_AS_KEY ${WEBSITE}.key`],
  ],
];

describe("a wrong key", () => reportsEach(keys));
