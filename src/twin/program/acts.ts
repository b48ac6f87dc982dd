import { z } from "zod";
import {
  type Aggregate,
  type Contact,
  PARTNER_STATUSES,
  type Partner,
  type ProgramEvent,
  type Registration,
  refused,
} from "./model.ts";
import {
  activateContact,
  archivePartner,
  contactOf,
  createPartner,
  editContact,
  editPartner,
  mergePartners,
  moveContact,
  newContact,
  partnerOf,
  setContactStatus,
  setPartnerStatus,
} from "./partners.ts";
import {
  draftRegistration,
  editRegistration,
  flagConflict,
  registrationOf,
  reopen,
  resolveConflict,
  setOutcome,
  updateFromCrm,
} from "./registrations.ts";
import { REVIEW_TARGETS, takeStep } from "./review.ts";
import type { Turn } from "./turn.ts";
import {
  contactFields,
  day,
  email,
  money,
  partnerFields,
  productKeys,
  prospect,
  registrationFields,
  requiredText,
  text,
} from "./values.ts";

const id = z.string().min(1).max(64);
const { email: _, ...contactDetails } = contactFields.shape;
const partnerStatus = z.enum(PARTNER_STATUSES);

function action<N extends string, S extends z.core.$ZodLooseShape>(name: N, shape: S) {
  return z.strictObject({ action: z.literal(name), ...shape });
}

/** What people do in the portal, for a rehearsal that has none. */
export const act = z.discriminatedUnion("action", [
  action("create_partner", { ...partnerFields.shape, name: requiredText, status: partnerStatus.default("active") }),
  action("edit_partner", { partner_id: id, fields: partnerFields }),
  action("set_partner_status", { partner_id: id, status: partnerStatus }),
  action("archive_partner", { partner_id: id }),
  action("merge_partners", { partner_id: id, into: id }),
  action("register_contact", { partner_id: id, email, ...contactDetails, verified: z.boolean().default(true) }),
  action("verify_contact", { contact_id: id }),
  action("edit_contact", { contact_id: id, fields: contactFields }),
  action("set_contact_status", { contact_id: id, status: z.enum(["active", "disabled"]) }),
  action("move_contact", { contact_id: id, partner_id: id }),
  action("submit_registration", {
    partner_id: id,
    submitted_by: id,
    title: requiredText,
    prospect,
    products: productKeys.default([]),
    amount: money.default(null),
    expected_close_date: day.default(null),
    description: text.default(null),
    /** Leaves it a draft, which nobody outside hears of. */
    draft: z.boolean().default(false),
  }),
  action("edit_registration", { registration_id: id, fields: registrationFields }),
  action("review", { registration_id: id, to: z.enum(REVIEW_TARGETS), reason: text.default(null) }),
  action("set_stage", { registration_id: id, stage_key: text }),
  action("set_outcome", { registration_id: id, outcome: z.enum(["won", "lost"]), reason: text.default(null) }),
  action("reopen", { registration_id: id }),
  action("flag_conflict", { registration_id: id, candidates: z.array(id).max(50) }),
  action("resolve_conflict", { registration_id: id, state: z.enum(["none", "confirmed", "overridden"]) }),
  action("ping", {}),
]);
export type Act = z.infer<typeof act>;
type ActOf<N extends Act["action"]> = Extract<Act, { action: N }>;

/** Who is thought to do it. */
export function actorKind(given: Act): "partner_user" | "vendor_user" | "system" {
  switch (given.action) {
    case "register_contact":
    case "verify_contact":
    case "edit_contact":
    case "submit_registration":
    case "edit_registration":
      return "partner_user";
    case "review":
      if (given.to === "expired") return "system";
      return given.to === "withdrawn" || given.to === "submitted" ? "partner_user" : "vendor_user";
    case "ping":
      return "system";
    default:
      return "vendor_user";
  }
}

/** @returns the snapshot afterwards, the event for a ping. @throws Refusal */
export function perform(given: Act, turn: Turn): Aggregate | ProgramEvent {
  const { program } = turn;
  switch (given.action) {
    case "create_partner": {
      const { action: _action, status, ...fields } = given;
      return createPartner(turn, { fields, status, orgId: null });
    }
    case "edit_partner":
      return editPartner(turn, partnerOf(program, given.partner_id), given.fields);
    case "set_partner_status":
      return setPartnerStatus(turn, partnerOf(program, given.partner_id), given.status);
    case "archive_partner":
      return archivePartner(turn, partnerOf(program, given.partner_id));
    case "merge_partners":
      return mergePartners(turn, partnerOf(program, given.partner_id), partnerOf(program, given.into));
    case "register_contact":
      return registerContact(given, turn);
    case "submit_registration":
      return submitRegistration(given, turn);
    case "edit_registration":
      return editRegistration(turn, registrationOf(program, given.registration_id), given.fields);
    case "review":
      return takeStep(turn, registrationOf(program, given.registration_id), given.to, given.reason);
    case "set_stage":
    case "set_outcome":
    case "reopen":
    case "flag_conflict":
    case "resolve_conflict":
      return judge(given, turn, registrationOf(program, given.registration_id));
    case "ping":
      return turn.ping();
    default:
      return changeContact(given, turn, contactOf(program, given.contact_id));
  }
}

/** Users sign up themselves, which only an active partner's people can. */
function registerContact(given: ActOf<"register_contact">, turn: Turn): Contact {
  const { action: _action, partner_id: partnerId, verified, ...fields } = given;
  checkActive(partnerOf(turn.program, partnerId));
  const fresh = newContact(turn, { partnerId, personId: null, fields });
  return verified ? activateContact(turn, fresh) : turn.keep("contact", fresh);
}

function submitRegistration(given: ActOf<"submit_registration">, turn: Turn): Aggregate {
  const partner = partnerOf(turn.program, given.partner_id);
  const submittedBy = contactOf(turn.program, given.submitted_by);
  checkActive(partner);
  if (submittedBy.partner_id !== partner.partner_id) throw refused("not_of_this_partner");
  const draft = draftRegistration(turn, {
    partner,
    submittedBy,
    title: given.title,
    prospect: given.prospect,
    products: given.products,
    amount: given.amount,
    expectedCloseDate: given.expected_close_date,
    description: given.description,
  });
  return given.draft ? turn.keep("deal_registration", draft) : takeStep(turn, draft, "submitted", null);
}

type Judged = ActOf<"set_stage" | "set_outcome" | "reopen" | "flag_conflict" | "resolve_conflict">;

/** What the channel desk says of a sale, as when an order is placed in the portal. */
function judge(given: Judged, turn: Turn, registration: Registration): Registration {
  switch (given.action) {
    case "set_stage":
      return updateFromCrm(turn, registration, { stage_key: given.stage_key });
    case "set_outcome":
      return setOutcome(turn, registration, { ...given, closed_at: null, value: null });
    case "reopen":
      return reopen(turn, registration);
    case "flag_conflict":
      return flagConflict(turn, registration, given.candidates);
    case "resolve_conflict":
      return resolveConflict(turn, registration, given.state);
  }
}

function changeContact(given: Extract<Act, { contact_id: string }>, turn: Turn, contact: Contact): Contact {
  if (given.action === "edit_contact") return editContact(turn, contact, given.fields);
  const pending = contact.version === 0;
  if (given.action === "verify_contact") return pending ? activateContact(turn, contact) : contact;
  if (pending) throw refused("not_verified");
  if (given.action === "set_contact_status") return setContactStatus(turn, contact, given.status);
  return moveContact(turn, contact, partnerOf(turn.program, given.partner_id));
}

function checkActive(partner: Partner): void {
  if (partner.status !== "active") throw refused("partner_not_active", { status: partner.status });
}
