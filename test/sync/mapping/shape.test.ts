import { describe } from "@jest/globals";
import {
  type Case,
  DEAL_ID,
  dealId,
  fieldsOf,
  KEY,
  reportsEach,
  STATUS,
  status,
  WEBSITE,
  website,
} from "./mistakes.ts";

const shape: Case[] = [
  [
    "UNKNOWN_MEMBER",
    "a required field the object does not have",
    (d) => {
      fieldsOf(d, "deal").allbound_deal_id = { key: KEY, label: "Allbound Deal ID", type: "Text" };
    },
    ["UNKNOWN_MEMBER $.objects.deal.fields.allbound_deal_id"],
  ],
  ["UNKNOWN_MEMBER", "a member at the top", (d) => (d.comment = "hello"), ["UNKNOWN_MEMBER $.comment"]],
  [
    "UNKNOWN_MEMBER",
    "an option the program does not have",
    (d) => (status(d).options.prospective = "Prospective"),
    [`UNKNOWN_MEMBER ${STATUS}.options.prospective`],
  ],
  [
    "MISSING_FIELD",
    "one of the six left out",
    (d) => delete fieldsOf(d, "person").allbound_deal_id,
    ["MISSING_FIELD $.objects.person.fields.allbound_deal_id"],
  ],
  ["MISSING_MEMBER", "a part left out", (d) => delete d.rules, ["MISSING_MEMBER $.rules"]],
  ["MISSING_MEMBER", "no type", (d) => delete website(d).type, [`MISSING_MEMBER ${WEBSITE}.type`]],
  ["MISSING_MEMBER", "no direction", (d) => delete website(d).direction, [`MISSING_MEMBER ${WEBSITE}.direction`]],
  ["MISSING_MEMBER", "neither key nor system", (d) => delete website(d).key, [`MISSING_MEMBER ${WEBSITE}.key`]],
  ["MISSING_MEMBER", "an approval without approver", (d) => delete d.approved_by, ["MISSING_MEMBER $.approved_by"]],
  [
    "MISSING_MEMBER",
    "a loss without its reason",
    (d) => (d.rules.on_rejected = "lose"),
    ["MISSING_MEMBER $.rules.rejected_lost_reason"],
  ],
  ["VALUE_INVALID", "a text for a number", (d) => (d.revision = "1"), ["VALUE_INVALID $.revision"]],
  [
    "VALUE_INVALID",
    "an e-mail that is none",
    (d) => (d.pipedrive.service_user_email = "me"),
    ["VALUE_INVALID $.pipedrive.service_user_email"],
  ],
  ["VALUE_INVALID", "key and system at once", (d) => (website(d).system = "website"), [`VALUE_INVALID ${WEBSITE}`]],
  [
    "VALUE_INVALID",
    "a rejected Deal that is lost while the program says how Deals end",
    (d) => Object.assign(d.rules, { on_rejected: "lose", rejected_lost_reason: "No", program_owns_outcome: true }),
    ["VALUE_INVALID $.rules.on_rejected"],
  ],
  [
    "VALUE_INVALID",
    "a currency that is none",
    (d) =>
      Object.assign(d.objects.deal.extra[0], {
        system: undefined,
        key: KEY,
        label: "L",
        type: "Numerical",
        constant: "euro",
      }),
    ["VALUE_INVALID $.objects.deal.extra[0].constant"],
  ],
  [
    "VALUE_INVALID",
    "on_approved without submission",
    (d) => (d.stages.on_approved = d.stages.entry),
    ["VALUE_INVALID $.stages.on_approved"],
  ],
  [
    "VALUE_INVALID",
    "an intake of no kind",
    (d) => (d.intake = { events: [{ kind: "lead", id: "id", fields: {} }] }),
    [
      ...["deal.extra[0].direction", "deal.extra[1].direction"].map((at) => `DIRECTION_UNSUPPORTED $.objects.${at}`),
      ...["fields.allbound_status.direction", "extra[0].direction", "extra[1].direction"].map(
        (at) => `DIRECTION_UNSUPPORTED $.objects.organization.${at}`,
      ),
      "VALUE_INVALID $.intake.events[0].kind",
      "VALUE_INVALID $.sync.id_format",
      "DIRECTION_UNSUPPORTED $.stages.map",
    ],
  ],
  ["NOT_APPROVED", "a draft", (d) => (d.state = "draft"), ["NOT_APPROVED $.state"]],
  ["NOT_APPROVED", "a retired one", (d) => (d.state = "retired"), ["NOT_APPROVED $.state"]],
  [
    "TYPE_WORD_FOREIGN",
    "another CRM's type",
    (d) => (dealId(d).type = "Single Line Text"),
    [`TYPE_WORD_FOREIGN ${DEAL_ID}.type`],
  ],
];

describe("a document of another shape", () => reportsEach(shape));
