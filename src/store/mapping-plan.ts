import { z } from "zod";
import { FIELD_TYPES, type MappingPlan, ROLES } from "../sync/model.ts";

const place = z.object({ pipelineId: z.number(), stageId: z.number() });
const crmPlace = z.union([z.object({ custom: z.string(), crmType: z.string() }), z.object({ system: z.string() })]);

const field = z.object({
  field: z.string(),
  label: z.string(),
  type: z.enum(FIELD_TYPES),
  crm: crmPlace,
  direction: z.enum(["crm_to_program", "program_to_crm", "both"]),
  write: z.enum(["always", "if_empty", "on_create", "restore_once"]),
  onConflict: z.enum(["crm", "program", "newest", "manual"]),
  options: z.array(z.object({ program: z.string(), id: z.number(), label: z.string() })).optional(),
  constant: z.string().optional(),
  required: z.boolean().optional(),
  unpaired: z.array(z.number()).optional(),
});

/**
 * The outline of a stored plan: a release that needs more of it than an older one wrote finds out here, not in the
 * middle of a decision.
 */
export const mappingPlan: z.ZodType<MappingPlan> = z.object({
  tenantId: z.string(),
  revision: z.int().positive(),
  idFormat: z.enum(["prefixed", "opaque"]),
  startAt: z.string(),
  paused: z.boolean(),
  postsOnly: z.literal(true).optional(),
  roles: z.record(z.enum(ROLES), z.array(field)),
  stages: z.object({
    entry: place,
    onApproved: place.nullable(),
    map: z.array(place.extend({ program: z.string() })),
    unmapped: z.enum(["ignore", "finding"]),
  }),
  rules: z.object({
    createOn: z.enum(["approved", "submitted"]),
    matchCustomer: z.enum(["link_exact", "review", "none"]),
    matchName: z.enum(["with_country", "alone", "never"]).optional(),
    partnersCreateInCrm: z.literal(true).optional(),
    onRejected: z.enum(["note", "keep", "lose"]),
    rejectedLostReason: z.string().nullable(),
    onExpired: z.enum(["none", "note"]),
    ownerFrom: z.enum(["partner.manager_email", "none"]),
    fallbackOwnerId: z.number(),
    defaultCurrency: z.string(),
    programOwnsOutcome: z.boolean(),
  }),
  users: z.array(z.object({ id: z.number(), email: z.string(), active: z.boolean() })),
  websiteKey: crmPlace.nullable(),
});
