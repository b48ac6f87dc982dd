import { z } from "zod";
import { SIDES } from "../../errors.ts";
import { OPERATOR_ROLES } from "../../store/actor.ts";
import { ENVIRONMENTS } from "../../store/connection-rows.ts";
import { CRM_OBJECTS, PROGRAM_KINDS } from "../../sync/model.ts";

/*
 * What the admin API takes and answers. Text is bounded, and free of what neither PostgreSQL nor a terminal can take:
 * control characters, and halves of characters.
 */

/** One line of text. */
export const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "no control characters");

/** Several lines: tabs and line breaks too. */
export const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\r\n])*$/u, "no control characters");

/** Ids of Pipedrive and of rows. */
export const rowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const tenantId = line(40).describe("A tenant's id.");
export const tenantParams = z.object({ tenant: tenantId });
export const role = z.enum(OPERATOR_ROLES);
export const environment = z.enum(ENVIRONMENTS);
export const address = line(2_000);
/** The only tenants there are for somebody. */
export const tenantLimit = z.array(tenantId).max(1_000).nullable().describe("The only tenants; null: all of them.");

/** Asked for as text; PostgreSQL writes other years in a way of its own. */
export const moment = z.coerce
  .date()
  .min(new Date("0001-01-01T00:00:00Z"), "no year before 1")
  .max(new Date("9999-12-31T23:59:59Z"), "no year after 9999");

const instant = z.date();
const maybe = instant.nullable();

export const tenant = z.object({
  id: z.string(),
  name: z.string(),
  pausedAt: maybe,
  pausedBy: z.string().nullable().describe('"document": its mapping says so (sync.paused); else who paused it.'),
  fourEyes: z.boolean().describe("Mappings take a second person to come into force."),
  createdAt: instant,
});

export const connection = z.object({
  id: z.string(),
  tenantId: z.string(),
  side: z.enum(SIDES),
  environment,
  baseUrl: z.string(),
  companyDomain: z.string().nullable(),
  companyId: z.number().nullable(),
  userId: z.number().nullable(),
  webhookIds: z.array(z.number()),
  state: z.enum(["connecting", "active", "paused", "retired"]),
  pausedCause: z.string().nullable(),
  pausedBy: z.string().nullable().describe("The person who paused it; null: the sync did."),
  pausedAt: maybe,
  parkedUntil: maybe,
  parkedCause: z.string().nullable(),
  clockOffsetMs: z.number(),
  createdAt: instant,
});

export const finding = z.object({
  id: z.number(),
  tenantId: z.string(),
  code: z.string(),
  severity: z.enum(["error", "warning", "info"]),
  laneId: z.number().nullable(),
  field: z.string().nullable(),
  message: z.string(),
  subject: z.string(),
  detail: z.unknown().describe("Values that a person needs to mend it."),
  count: z.number(),
  firstAt: instant,
  lastAt: instant,
  closedAt: maybe,
});

/** Of a mapping document: what is wrong with it, or worth knowing. */
export const mappingFinding = z.object({
  code: z.string(),
  severity: z.string(),
  path: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  object: z.enum(CRM_OBJECTS).optional(),
  label: z.string().optional(),
  message: z.string(),
  hint: z.string(),
});

export const operator = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role,
  tenants: z.array(z.string()).nullable(),
  createdAt: instant,
  disabledAt: maybe,
});

export const operatorToken = z.object({
  id: z.string(),
  owner: z.string(),
  name: z.string(),
  role,
  tenants: z.array(z.string()).nullable(),
  createdAt: instant,
  expiresAt: maybe,
  lastUsedAt: maybe,
  revokedAt: maybe,
});

export const auditEntry = z.object({
  id: z.number(),
  at: instant,
  phase: z.enum(["begun", "done", "failed", "refused"]),
  begunId: z.number().nullable(),
  operatorId: z.string().nullable(),
  actor: z.string(),
  role: z.string(),
  via: z.string(),
  tokenId: z.string().nullable(),
  address: z.string().nullable(),
  correlationId: z.string(),
  action: z.string(),
  tenantId: z.string().nullable(),
  target: z.string().nullable(),
  code: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});

export const recordObject = z.enum([...CRM_OBJECTS, ...PROGRAM_KINDS]);
