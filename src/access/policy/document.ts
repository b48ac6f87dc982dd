import { z } from "zod";
import { EXCEPTABLE_CHECKS } from "../codes.ts";

/**
 * The access policy as zod sees it: the one definition of its shape. The JSON Schema for editors is generated from it.
 */

const words = (what: string) => z.string().trim().min(1, `${what} is empty.`).max(500, `${what} is too long.`);
const email = z
  .email("Expected an e-mail address.")
  .max(254)
  .transform((address) => address.normalize("NFC").toLowerCase());
const day = z.iso.date("Expected a day such as 2026-03-31.");
const wholeNumber = z.int("Expected a whole number.");

const APPS = ["global", "sales", "campaigns", "projects", "account_settings", "partnership", "nova"] as const;
const access = z
  .string()
  .max(300)
  .regex(
    new RegExp(`^(?:${APPS.join("|")}):\\S(?:.*\\S)?$`),
    `Expected an app and what is used of it, e.g. "sales:Deals regular user" or "sales:admin". Apps: ${APPS.join(", ")}.`,
  )
  .describe('An app and the name of a permission set, e.g. "sales:Deals regular user", or "sales:admin".');

const serviceAccount = z.strictObject({
  email: email.describe("The address of the Pipedrive user."),
  owner_email: email.describe("The person of the roster who answers for it."),
  purpose: words("A purpose"),
  expires_on: day.describe("The last day on which it is in order without being looked at again."),
});

const exception = z.strictObject({
  email: email.describe("The address of the Pipedrive user."),
  check: z.enum(EXCEPTABLE_CHECKS).describe("The check that this account may fail."),
  reason: words("A reason"),
  approved_by: words("approved_by"),
  until: day.describe("The last day of the exception."),
});

const ticket = z.strictObject({
  email: email.describe("The address of the Pipedrive user."),
  ticket: words("A ticket").describe("Where the access was asked for and granted."),
  access: z.array(access).min(1, "Names nothing.").describe("What was granted."),
  until: day.optional().describe("The last day of what was granted; without one it has no end."),
});

const twoFactor = z.strictObject({
  evidence_file: words("evidence_file").describe("The picture of Security center > Rules, where you keep it."),
  taken_on: day,
  valid_days: wholeNumber.min(1).max(1_100),
});

const matching = z.strictObject({
  strip_plus_tags: z.boolean().default(false).describe("Take ana+crm@ for ana@."),
  former_domains: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/, "Expected a domain such as old.example."),
    )
    .max(50)
    .default([])
    .describe("Domains that people had before: the same name there is suggested, never confirmed. Empty: any domain."),
});

const freshness = z.strictObject({
  roster_days: wholeNumber.min(1).max(400).default(31).describe("A roster older than this is stale."),
  snapshot_hours: wholeNumber
    .min(1)
    .max(2_400)
    .default(24)
    .describe("A snapshot older than this is stale when assessed."),
  review_days: wholeNumber
    .min(1)
    .max(400)
    .default(30)
    .describe("A review has to be completed within this time of its snapshot."),
});

/** The limits of those who set none. */
export const FRESHNESS = { roster_days: 31, snapshot_hours: 24, review_days: 30 };

export const accessPolicy = z.strictObject({
  $schema: z.string().optional(),
  system: z.literal("pipedrive"),
  validity: z
    .enum(["staff_role", "all_staff", "tickets"])
    .describe("What makes access valid: the person's role, being on the roster, or a ticket."),
  allowed: z
    .record(z.string().max(500).regex(/\S/, "A staff role is empty."), z.array(access).max(200))
    .default({})
    .describe('Per staff role of the roster what may be used. "external" is for accounts classified as external.'),
  tickets: z.array(ticket).max(20_000).optional().describe("With validity tickets: what was granted to whom."),
  removal_sla_hours: wholeNumber
    .min(0)
    .max(8_760)
    .describe("How many hours after the end of the last working day access has to be gone."),
  dormant_days: wholeNumber.min(1).max(3_650).optional().describe("No sign-in for this long makes an account dormant."),
  max_admins: wholeNumber.min(0).max(100_000).optional(),
  service_accounts: z.array(serviceAccount).max(1_000).default([]),
  exceptions: z.array(exception).max(5_000).default([]),
  two_factor: twoFactor.optional().describe("Pipedrive tells nothing of two-factor sign-in: this is the evidence."),
  remediation: z
    .enum(["by_hand", "on_request"])
    .default("by_hand")
    .describe(
      "Who carries out a decided removal: a person in Pipedrive, or partnersync when an admin asks for it, one account at a time.",
    ),
  matching: matching.default({ strip_plus_tags: false, former_domains: [] }),
  freshness: freshness.default(FRESHNESS),
});

export type PolicyDocument = z.infer<typeof accessPolicy>;
