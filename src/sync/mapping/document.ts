import { z } from "zod";
import { NAME_RULES } from "../matching/evidence.ts";
import { type CrmObject, TENANT_ID } from "../model.ts";
import { intake } from "./intake.ts";
import { pathsOf } from "./paths.ts";
import { SYSTEM_FIELDS } from "./system-fields.ts";
import { CONFLICT_WORDS, DIRECTION_WORDS, TYPE_WORD_LIST, WRITE_WORDS } from "./words.ts";

/**
 * The mapping document as zod sees it: the one definition of its shape. The JSON Schema for editors is generated from
 * it (`json-schema.ts`); what a shape cannot say stands in `checks/`.
 */

const words = (what: string) => z.string().trim().min(1, `${what} is empty.`).max(255, `${what} is too long.`);

const key = z.string().meta({
  pattern: "^[0-9a-f]{40}$",
  description: "The field's API key: Settings > Data fields > object > the field's three dots > Copy API key.",
});
const label = z.string().min(1, "A label is empty.").describe("The field's name exactly as Pipedrive shows it.");
const type = z.enum(TYPE_WORD_LIST).describe("The field's type, in the words of Pipedrive's settings page.");
const direction = z.enum(DIRECTION_WORDS).describe("Which side may change the value of the other.");
const write = z.enum(WRITE_WORDS).describe("When the value is written to Pipedrive.");
const onConflict = z.enum(CONFLICT_WORDS).describe("Who wins when both sides changed since they last agreed.");
const notes = z.string().describe("For people; the sync does not read it.");
const options = z
  .record(z.string(), words("An option's label"))
  .describe("The program's key of each option, paired with the label in Pipedrive.");

const idField = z.strictObject({
  key,
  label,
  type,
  direction: direction.optional(),
  write: write.optional(),
  notes: notes.optional(),
});

const statusField = z.strictObject({
  key,
  label,
  type,
  options,
  direction: direction.default("crm_to_program"),
  write: write.optional(),
  on_conflict: onConflict.optional(),
  notes: notes.optional(),
});

const extraField = (object: CrmObject) =>
  z.strictObject({
    program: z.enum(pathsOf(object)).describe("The value in the partner program."),
    key: key.optional(),
    label: label.optional(),
    type: type.optional(),
    system: z.enum(Object.keys(SYSTEM_FIELDS[object])).optional().describe("A standard field, instead of a key."),
    options: options.optional(),
    constant: z
      .string()
      .min(1, "A constant is empty.")
      .optional()
      .describe("Always write this program value; of an amount in a number field, its currency."),
    direction,
    write: write.optional(),
    on_conflict: onConflict.optional(),
    required: z.boolean().optional().describe("A finding when the side the value comes from has none."),
    notes: notes.optional(),
  });

const stageRef = z.strictObject({ pipeline: words("A pipeline's name"), stage: words("A stage's name") });

const pipedrive = z.strictObject({
  company_domain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'Expected the part before ".pipedrive.com", in lower case.')
    .describe("The part of the account's address before .pipedrive.com."),
  environment: z.enum(["production", "sandbox"]),
  service_user_email: z.email("Expected an e-mail address.").describe("The Pipedrive user the sync works as."),
});

const sync = z.strictObject({
  start_at: z.iso
    .datetime({ offset: true, error: "Expected an instant such as 2025-01-31T00:00:00Z." })
    .describe("An organization last changed before this instant does not enter the program until it is changed."),
  poll_minutes: z
    .int("Expected a whole number.")
    .min(1, "At least 1.")
    .max(1440, "At most 1440 (a day).")
    .default(5)
    .describe(
      "How often a program that posts no events is asked. Kept for later: changes that are posted do not wait.",
    ),
  id_format: z.enum(["prefixed", "opaque"]).default("prefixed"),
  paused: z.boolean().default(false),
});

const stages = z.strictObject({
  entry: stageRef.describe("Where a new Deal is put."),
  on_approved: stageRef.optional().describe("Where a Deal goes on approval; only with create_on submitted."),
  map: z.array(
    z.strictObject({
      program: words("A program stage"),
      pipeline: words("A pipeline's name"),
      stage: words("A stage's name"),
    }),
  ),
  unmapped: z.enum(["ignore", "finding"]).default("ignore").describe("What a stage outside the map means."),
});

const rules = z.strictObject({
  create_on: z.enum(["approved", "submitted"]).default("approved"),
  match_customer: z.enum(["link_exact", "review", "none"]).default("link_exact"),
  match_name: z
    .enum(NAME_RULES)
    .default("with_country")
    .describe("What an equal name says where the domain says nothing: enough with the same country, alone, or never."),
  partners_create_in_crm: z.boolean().default(false),
  on_rejected: z.enum(["note", "keep", "lose"]).default("note"),
  rejected_lost_reason: words("A lost reason").optional(),
  on_expired: z.enum(["none", "note"]).default("none"),
  owner: z.strictObject({
    from: z.enum(["partner.manager_email", "none"]).default("partner.manager_email"),
    fallback_email: z.email("Expected an e-mail address."),
  }),
  default_currency: z.string().regex(/^[A-Z]{3}$/, "Expected an ISO 4217 code such as EUR."),
  program_owns_outcome: z.boolean().default(false),
});

const recordId = z.int("Expected a record's number.").min(1, "Expected a record's number.").optional();
const date = z.iso.date("Expected a date such as 2025-01-31.").optional();

export const mappingDocument = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal("partner-mapping/1"),
  tenant: z.string().regex(TENANT_ID, "Expected 2 to 40 of a-z, 0-9 and -."),
  revision: z.int("Expected a whole number.").min(1, "The first revision is 1."),
  state: z.enum(["draft", "approved", "live", "retired"]),
  prepared_by: words("prepared_by").optional(),
  prepared_on: date,
  approved_by: words("approved_by").optional(),
  approved_on: date,
  pipedrive,
  sync,
  objects: z.strictObject({
    organization: z.strictObject({
      fields: z.strictObject({ allbound_id: idField, allbound_deal_id: idField, allbound_status: statusField }),
      extra: z.array(extraField("organization")).default([]),
    }),
    person: z.strictObject({
      fields: z.strictObject({ allbound_id: idField, allbound_deal_id: idField }),
      extra: z.array(extraField("person")).default([]),
    }),
    deal: z.strictObject({
      fields: z.strictObject({ allbound_id: idField }),
      extra: z.array(extraField("deal")).default([]),
    }),
  }),
  stages,
  rules,
  intake: intake.optional(),
  verify: z
    .strictObject({ organization_id: recordId, person_id: recordId, deal_id: recordId })
    .optional()
    .describe("Test records that `mapping check --canary` may write to; what was there is put back."),
});

/** A tenant's mapping, defaults filled in, keys in lower case, types in Pipedrive's words. */
export type MappingDocument = z.output<typeof mappingDocument>;
