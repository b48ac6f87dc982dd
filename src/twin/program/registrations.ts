import {
  type ConflictState,
  type Contact,
  type Money,
  notFound,
  type Partner,
  type Prospect,
  type Registration,
  refused,
} from "./model.ts";
import type { Program } from "./state.ts";
import type { Turn } from "./turn.ts";
import type { RegistrationFields } from "./values.ts";

/** What may happen to a deal registration apart from its review: edits, the CRM's links, the sale. */

export function registrationOf(program: Program, id: string): Registration {
  const registration = program.aggregates.deal_registration.get(id);
  if (!registration) throw notFound(`deal_registration ${id}`);
  return registration;
}

export interface NewRegistration {
  partner: Partner;
  submittedBy: Contact;
  title: string;
  prospect: Prospect;
  products: string[];
  amount: Money | null;
  expectedCloseDate: string | null;
  description: string | null;
}

/** A draft: unknown to everyone outside until it is submitted. */
export function draftRegistration(turn: Turn, given: NewRegistration): Registration {
  const { partner, submittedBy } = given;
  const count = turn.program.aggregates.deal_registration.size + 1;
  return {
    registration_id: turn.newId("deal_registration", `${partner.partner_id} ${given.title}`),
    version: 0,
    number: `REG-${String(count).padStart(5, "0")}`,
    partner_id: partner.partner_id,
    submitted_by: submittedBy.partner_user_id,
    owner_user_id: submittedBy.partner_user_id,
    title: given.title,
    description: given.description,
    source: "portal",
    prospect: given.prospect,
    products: given.products,
    amount: given.amount,
    expected_close_date: given.expectedCloseDate,
    review: { status: "draft", reason: null, decided_at: null, phase: null },
    sales: { status: "none", stage_key: null, closed_at: null, lost_reason: null },
    protection: { starts_at: null, expires_at: null, extensions: [] },
    conflict: { state: "none", candidates: [] },
    crm: { deal_id: null, org_id: null, person_id: null },
    created_at: turn.at,
    updated_at: turn.at,
    submitted_at: null,
  };
}

/** What a partner may edit. Everything in a draft; after approval never whom the registration is about. */
const EDITABLE: Partial<Record<Registration["review"]["status"], readonly (keyof RegistrationFields)[]>> = {
  draft: ["title", "description", "prospect", "contact", "products", "amount", "expected_close_date"],
  action_required: ["title", "description", "prospect", "contact", "products", "amount", "expected_close_date"],
  approved: ["description", "contact", "amount", "expected_close_date"],
};

/** @throws Refusal `not_editable` naming the first field that may not change now */
export function editRegistration(turn: Turn, registration: Registration, fields: RegistrationFields): Registration {
  const allowed = EDITABLE[registration.review.status] ?? [];
  const wrong = Object.keys(fields).find((name) => !allowed.some((field) => field === name));
  if (wrong) throw refused("not_editable", { field: wrong, review_status: registration.review.status });
  const { contact, prospect = registration.prospect, ...rest } = fields;
  const patch = { ...rest, prospect: contact ? { ...prospect, contact } : prospect };
  if (registration.version === 0) return turn.keep("deal_registration", { ...registration, ...patch });
  return turn.change("deal_registration", "deal_registration.updated", registration, patch);
}

/** The CRM has a deal for it, which opens the sale. @throws Refusal `already_linked` with the other id */
export function linkCrm(
  turn: Turn,
  registration: Registration,
  ids: { deal_id: number; org_id: number | null; person_id: number | null },
): Registration {
  const { crm, sales } = registration;
  if (crm.deal_id !== null && crm.deal_id !== ids.deal_id) throw refused("already_linked", { deal_id: crm.deal_id });
  for (const other of turn.program.aggregates.deal_registration.values()) {
    if (other.crm.deal_id === ids.deal_id && other.registration_id !== registration.registration_id) {
      throw refused("already_linked", { registration_id: other.registration_id });
    }
  }
  return turn.change("deal_registration", "deal_registration.updated", registration, {
    // Null means that the caller does not know, not that there is none.
    crm: { deal_id: ids.deal_id, org_id: ids.org_id ?? crm.org_id, person_id: ids.person_id ?? crm.person_id },
    sales: sales.status === "none" ? { ...sales, status: "open" } : sales,
  });
}

export function unlinkCrm(turn: Turn, registration: Registration): Registration {
  const crm = { deal_id: null, org_id: null, person_id: null };
  return turn.change("deal_registration", "deal_registration.updated", registration, { crm });
}

/** Values and stage are two events, as their readers are two. */
export function updateFromCrm(
  turn: Turn,
  registration: Registration,
  changes: { amount?: Money | null; expected_close_date?: string | null; stage_key?: string | null },
): Registration {
  const { stage_key, ...values } = changes;
  const after = turn.change("deal_registration", "deal_registration.updated", registration, values);
  if (stage_key === undefined) return after;
  return turn.change("deal_registration", "deal_registration.stage_changed", after, {
    sales: { ...after.sales, stage_key },
  });
}

/** An open sale ends; the same end again only corrects its details. @throws Refusal `illegal_transition` */
export function setOutcome(
  turn: Turn,
  registration: Registration,
  given: { outcome: "won" | "lost"; closed_at: string | null; reason: string | null; value: Money | null },
): Registration {
  const { sales } = registration;
  if (sales.status !== "open" && sales.status !== given.outcome) {
    throw refused("illegal_transition", { from: sales.status, to: given.outcome });
  }
  return turn.change("deal_registration", `deal_registration.${given.outcome}`, registration, {
    sales: {
      ...sales,
      status: given.outcome,
      closed_at: given.closed_at ?? sales.closed_at ?? turn.at,
      lost_reason: given.outcome === "lost" ? given.reason : null,
    },
    ...(given.value ? { amount: given.value } : {}),
  });
}

/** @throws Refusal `illegal_transition` unless the sale was won or lost */
export function reopen(turn: Turn, registration: Registration): Registration {
  const { sales } = registration;
  if (sales.status !== "won" && sales.status !== "lost") {
    throw refused("illegal_transition", { from: sales.status, to: "open" });
  }
  return turn.change("deal_registration", "deal_registration.reopened", registration, {
    sales: { ...sales, status: "open", closed_at: null, lost_reason: null },
  });
}

/** A person has looked at it. */
export function resolveConflict(turn: Turn, registration: Registration, state: ConflictState): Registration {
  return turn.change("deal_registration", "deal_registration.conflict_resolved", registration, {
    conflict: { ...registration.conflict, state },
  });
}

export function flagConflict(turn: Turn, registration: Registration, candidates: string[]): Registration {
  return turn.change("deal_registration", "deal_registration.conflict_flagged", registration, {
    conflict: { state: "suspected", candidates },
  });
}
