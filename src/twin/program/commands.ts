import { z } from "zod";
import { drawId } from "./ids.ts";
import { type Aggregate, invalid, refused } from "./model.ts";
import {
  activateContact,
  checkEmail,
  contactOf,
  createPartner,
  domainsFor,
  editContact,
  editPartner,
  linkContact,
  linkPartner,
  moveContact,
  newContact,
  partnerOf,
  setPartnerStatus,
  toPartnerStatus,
} from "./partners.ts";
import {
  flagConflict,
  linkCrm,
  registrationOf,
  reopen,
  setOutcome,
  unlinkCrm,
  updateFromCrm,
} from "./registrations.ts";
import type { Programs } from "./state.ts";
import type { Turn } from "./turn.ts";
import { contactFields, day, email, instant, money, partnerFields, text } from "./values.ts";

const id = z.string().min(1).max(64);
const crmId = z.int().positive();
const version = z.int().nonnegative();
const unlinkReason = z.enum(["deleted", "merged", "manual"]);

const base = {
  idempotency_key: z.string().min(1).max(200),
  origin: z.literal("crm"),
  actor: z.object({ kind: z.string().max(32), id: z.string().max(128), label: z.string().max(256) }),
  cause: z.string().max(200),
};

function command<N extends string, S extends z.core.$ZodLooseShape>(name: N, shape: S) {
  return z.strictObject({ command: z.literal(name), ...base, ...shape });
}

const { email: _, ...contactDetails } = contactFields.shape;

/** All that a worker may ask for. An unknown member is refused, so that a misspelt one is noticed in a rehearsal. */
export const programCommand = z.discriminatedUnion("command", [
  command("partner.upsert_from_crm", {
    crm_org_id: crmId,
    fields: partnerFields,
    status: z.string().nullable(),
    expected_version: version.nullable(),
  }),
  command("partner.set_status", { partner_id: id, status: z.string(), expected_version: version }),
  command("partner.link_crm", { partner_id: id, org_id: crmId }),
  command("partner.unlink_crm", { partner_id: id, reason: unlinkReason }),
  command("contact.link_crm", { contact_id: id, person_id: crmId }),
  command("contact.unlink_crm", { contact_id: id, reason: unlinkReason }),
  command("contact.upsert_from_crm", {
    crm_person_id: crmId,
    partner_id: id,
    email,
    ...contactDetails,
    expected_version: version.nullable(),
  }),
  command("registration.link_crm", {
    registration_id: id,
    deal_id: crmId,
    org_id: crmId.nullable(),
    person_id: crmId.nullable(),
  }),
  command("registration.update_from_crm", {
    registration_id: id,
    changes: z.strictObject({ amount: money, expected_close_date: day, stage_key: text }).partial(),
    expected_version: version,
  }),
  command("registration.set_outcome", {
    registration_id: id,
    outcome: z.enum(["won", "lost"]),
    closed_at: instant,
    reason: text,
    value: money,
    expected_version: version,
  }),
  command("registration.reopen", { registration_id: id, expected_version: version }),
  command("registration.unlink_crm", { registration_id: id, reason: unlinkReason }),
  command("registration.flag_conflict", { registration_id: id, candidates: z.array(id).max(50) }),
  command("sync.record_finding", {
    code: z.string().min(1).max(64),
    severity: z.string().max(32),
    ref: z.string().max(200),
    detail: z.string().max(2_000),
  }),
]);
export type ProgramCommand = z.infer<typeof programCommand>;
type CommandOf<N extends ProgramCommand["command"]> = Extract<ProgramCommand, { command: N }>;

/**
 * Carries a command out. Everything that can be refused is checked before the first change.
 *
 * @returns the aggregate's new snapshot, or the finding
 * @throws Refusal
 */
export function carryOut(given: ProgramCommand, turn: Turn, programs: Programs): unknown {
  switch (given.command) {
    case "partner.upsert_from_crm":
      return upsertPartner(given, turn);
    case "partner.set_status": {
      const partner = partnerOf(turn.program, given.partner_id);
      expectVersion(partner, given.expected_version);
      return setPartnerStatus(turn, partner, toPartnerStatus(given.status));
    }
    case "partner.link_crm":
      return linkPartner(turn, partnerOf(turn.program, given.partner_id), given.org_id);
    case "partner.unlink_crm":
      return linkPartner(turn, partnerOf(turn.program, given.partner_id), null);
    case "contact.link_crm":
      return linkContact(turn, contactOf(turn.program, given.contact_id), given.person_id);
    case "contact.unlink_crm":
      return linkContact(turn, contactOf(turn.program, given.contact_id), null);
    case "contact.upsert_from_crm":
      return upsertContact(given, turn);
    case "sync.record_finding":
      return recordFinding(given, turn, programs);
    default:
      return changeRegistration(given, turn);
  }
}

function upsertPartner(given: CommandOf<"partner.upsert_from_crm">, turn: Turn): Aggregate {
  const { crm_org_id: orgId, fields } = given;
  const named = [...turn.program.aggregates.partner.values()].filter((partner) => partner.crm.org_id === orgId);
  const known = named.find(({ into }) => into === null) ?? named[0];
  expectVersion(known, given.expected_version);
  const status = known && given.status === null ? known.status : toPartnerStatus(given.status);
  if (!known) {
    if (fields.name === undefined) throw invalid("a new partner needs fields.name");
    return createPartner(turn, { fields: { ...fields, name: fields.name }, status, orgId });
  }
  domainsFor(turn.program, fields.website ?? known.website, known.partner_id);
  return setPartnerStatus(turn, editPartner(turn, known, fields), status);
}

function upsertContact(given: CommandOf<"contact.upsert_from_crm">, turn: Turn): Aggregate {
  const {
    crm_person_id: personId,
    partner_id: partnerId,
    email,
    first_name,
    last_name,
    phone,
    job_title,
    role,
  } = given;
  const known = [...turn.program.aggregates.contact.values()].find((contact) => contact.crm.person_id === personId);
  expectVersion(known, given.expected_version);
  if (!turn.program.aggregates.partner.has(partnerId)) throw refused("partner_unknown");
  checkEmail(turn.program, email, known?.partner_user_id ?? null);
  const all = { email, first_name, last_name, phone, job_title, role };
  const fields = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  if (known) return moveContact(turn, editContact(turn, known, fields), partnerOf(turn.program, partnerId));
  return activateContact(turn, newContact(turn, { partnerId, personId, fields: { ...fields, email } }));
}

function changeRegistration(
  given: Extract<ProgramCommand, { command: `registration.${string}` }>,
  turn: Turn,
): Aggregate {
  const registration = registrationOf(turn.program, given.registration_id);
  // A draft is its author's alone.
  if (registration.review.status === "draft") throw refused("illegal_transition", { from: "draft" });
  if ("expected_version" in given) expectVersion(registration, given.expected_version);
  switch (given.command) {
    case "registration.link_crm":
      return linkCrm(turn, registration, given);
    case "registration.update_from_crm":
      return updateFromCrm(turn, registration, given.changes);
    case "registration.set_outcome":
      return setOutcome(turn, registration, given);
    case "registration.reopen":
      return reopen(turn, registration);
    case "registration.unlink_crm":
      return unlinkCrm(turn, registration);
    case "registration.flag_conflict":
      return flagConflict(turn, registration, given.candidates);
  }
}

function recordFinding(given: CommandOf<"sync.record_finding">, turn: Turn, programs: Programs): unknown {
  const { code, severity, ref, detail } = given;
  const { program } = turn;
  const findingId = drawId(program.tenant, "fnd", program.findings.length);
  const finding = { finding_id: findingId, at: turn.at, code, severity, ref, detail };
  programs.find(program, finding);
  return finding;
}

/** Null expects that there is none yet. @throws Refusal `version_conflict` with the version there is */
function expectVersion(known: Aggregate | undefined, expected: number | null): void {
  const version = known?.version ?? null;
  if (version !== expected) throw refused("version_conflict", { version });
}
