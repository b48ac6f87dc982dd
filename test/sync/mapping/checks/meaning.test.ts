import { describe } from "@jest/globals";
import { type Case, DEAL_ID, dealId, KEY, reportsEach, STATUS, status, WEBSITE, website } from "../mistakes.ts";

const meaning: Case[] = [
  [
    "TYPE_NOT_ALLOWED",
    "an id as a number",
    (d) => (dealId(d).type = "Numerical"),
    [`TYPE_NOT_ALLOWED ${DEAL_ID}.type`],
  ],
  [
    "TYPE_NOT_ALLOWED",
    "several statuses",
    (d) => (status(d).type = "Multiple options"),
    [`TYPE_NOT_ALLOWED ${STATUS}.type`],
  ],
  [
    "TYPE_NOT_ALLOWED",
    "an amount as a title",
    (d) => (d.objects.deal.extra[0].system = "title"),
    ["TYPE_NOT_ALLOWED $.objects.deal.extra[0].system"],
  ],
  ["TYPE_RISKY", "an id as Large text", (d) => (dealId(d).type = "Large text"), [`TYPE_RISKY ${DEAL_ID}.type`]],
  [
    "SYSTEM_READONLY",
    "writing the time of the update",
    (d) => {
      const line = {
        program: "registration.protection_expires_on",
        system: "update_time",
        direction: "program_to_crm",
      };
      d.objects.deal.extra.push(line);
    },
    ["SYSTEM_READONLY $.objects.deal.extra[2].system"],
  ],
  [
    "DIRECTION_ILLEGAL",
    "an id from Pipedrive",
    (d) => (dealId(d).direction = "both"),
    [`DIRECTION_ILLEGAL ${DEAL_ID}.direction`],
  ],
  [
    "DIRECTION_ILLEGAL",
    "an outcome to Pipedrive",
    (d) => {
      const line = { program: "registration.sales.status", system: "status", direction: "program_to_crm" };
      d.objects.deal.extra.push(line);
    },
    ["DIRECTION_ILLEGAL $.objects.deal.extra[2].direction"],
  ],
  [
    "DIRECTION_ILLEGAL",
    "an outcome from Pipedrive where the program owns it",
    (d) => {
      d.rules.program_owns_outcome = true;
      d.objects.deal.extra.push(
        { program: "registration.sales.status", system: "status", direction: "crm_to_program" },
        { program: "registration.sales.closed_at", system: "close_time", direction: "crm_to_program" },
      );
    },
    ["DIRECTION_ILLEGAL $.objects.deal.extra[2].direction", "DIRECTION_ILLEGAL $.objects.deal.extra[3].direction"],
  ],
  [
    "KEY_REUSED",
    "two values for one standard field",
    (d) => {
      for (const program of ["registration.title", "registration.number"])
        d.objects.deal.extra.push({ program, system: "title", direction: "program_to_crm" });
    },
    ["KEY_REUSED $.objects.deal.extra[3].system"],
  ],
  [
    "TYPE_NOT_ALLOWED",
    "half of a name as the name",
    (d) => d.objects.person.extra.push({ program: "contact.first_name", system: "name", direction: "program_to_crm" }),
    ["TYPE_NOT_ALLOWED $.objects.person.extra[0].system"],
  ],
  [
    "DIRECTION_ILLEGAL",
    "a constant that comes back",
    (d) => (website(d).constant = "x"),
    [`DIRECTION_ILLEGAL ${WEBSITE}.direction`],
  ],
  [
    "WRITE_ILLEGAL",
    "a write rule on what is only read",
    (d) => (website(d).write = "always"),
    [`WRITE_ILLEGAL ${WEBSITE}.write`],
  ],
  ["WRITE_ILLEGAL", "an id that overwrites", (d) => (dealId(d).write = "always"), [`WRITE_ILLEGAL ${DEAL_ID}.write`]],
  [
    "CONFLICT_RULE_MISSING",
    "both without a rule",
    (d) => delete d.objects.deal.extra[0].on_conflict,
    ["CONFLICT_RULE_MISSING $.objects.deal.extra[0].on_conflict"],
  ],
  [
    "CONFLICT_RULE_UNUSED",
    "a rule on a one-way line",
    (d) => (website(d).on_conflict = "newest"),
    [`CONFLICT_RULE_UNUSED ${WEBSITE}.on_conflict`],
  ],
  [
    "PROGRAM_FIELD_UNKNOWN",
    "a slip",
    (d) => (website(d).program = "partner.wesbite"),
    [`PROGRAM_FIELD_UNKNOWN ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_UNKNOWN",
    "another object's field",
    (d) => (website(d).program = "registration.title"),
    [`PROGRAM_FIELD_UNKNOWN ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_TWICE",
    "two sources",
    (d) => (website(d).program = "partner.name"),
    [`PROGRAM_FIELD_TWICE ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_TWICE",
    "the status listed again",
    (d) => {
      const { options } = status(d);
      Object.assign(website(d), { program: "partner.status", type: "Single option", options });
    },
    [`PROGRAM_FIELD_TWICE ${WEBSITE}.program`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "no pending",
    (d) => delete status(d).options.pending,
    [`OPTIONS_INCOMPLETE ${STATUS}.options`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "no pairing at all",
    (d) => Object.assign(website(d), { program: "partner.tier", type: "Single option" }),
    [`OPTIONS_INCOMPLETE ${WEBSITE}.options`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "a constant without its option",
    (d) => {
      const source = { program: "registration.source", key: KEY, label: "Source", type: "Single option" };
      const rest = { options: { direct: "Direct" }, constant: "partner", direction: "program_to_crm" };
      d.objects.deal.extra.push({ ...source, ...rest });
    },
    ["OPTIONS_INCOMPLETE $.objects.deal.extra[2].options"],
  ],
  [
    "OPTION_TARGET_REUSED",
    "two keys, one option",
    (d) => (status(d).options.pending = "inactive "),
    [`OPTION_TARGET_REUSED ${STATUS}.options`],
  ],
  ["STAGE_ENTRY_MISSING", "no entry", (d) => delete d.stages.entry, ["STAGE_ENTRY_MISSING $.stages.entry"]],
  ["STAGE_TWICE", "one stage for two", (d) => (d.stages.map[3].stage = "quote sent"), ["STAGE_TWICE $.stages.map[3]"]],
  ["APPROVER_SAME", "two eyes", (d) => (d.approved_by = "Partner-Ops"), ["APPROVER_SAME $.approved_by"]],
  [
    "SECRET_IN_DOCUMENT",
    "a token",
    (d) => (d.pipedrive.api_token = KEY),
    ["SECRET_IN_DOCUMENT $.pipedrive.api_token", "UNKNOWN_MEMBER $.pipedrive.api_token"],
  ],
  [
    "SECRET_IN_DOCUMENT",
    "a token in a note",
    (d) => (website(d).notes = `token ${KEY}`),
    [`SECRET_IN_DOCUMENT ${WEBSITE}.notes`],
  ],
];

describe("a document that contradicts itself", () => reportsEach(meaning));
