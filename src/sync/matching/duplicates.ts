import { companyDomain } from "./company-domain.ts";
import { countryOf } from "./country.ts";
import { plainName } from "./evidence.ts";

/** A registration as far as others are compared with it. */
export interface RegistrationFacts {
  partnerId: string | null;
  products: string[];
  /** The program's own clock, RFC 3339. */
  submittedAt: string | null;
}

/** A registration or Deal that may be about the same sale. */
export type Suspect =
  | {
      reason: "same_partner" | "other_partner";
      registrationId: string;
      partnerId: string | null;
      submittedAt: string | null;
    }
  | { reason: "open_deal" | "won_deal"; dealId: number; title: string | null };

/**
 * What a registration's end customer is called, in words that are equal where one customer may be meant: its registered
 * domain, and its name with its country. Looser than what links records: a suspicion costs a look, a link a mistake.
 */
export function customerNames(account: {
  name: string | null;
  website: string | null;
  country: string | null;
}): string[] {
  const domain = companyDomain(account.website);
  const country = countryOf(account.country);
  return [
    ...(domain ? [`domain ${domain.registered}`] : []),
    ...(account.name && country ? [`name ${plainName(account.name)} ${country}`] : []),
  ];
}

/**
 * Other live registrations of the same end customer: the same partner's and other partners', with at least one product
 * in common as far as both name any. In the order in which the program received them.
 */
export function suspectRegistrations(
  own: RegistrationFacts,
  others: (RegistrationFacts & { registrationId: string; live: boolean })[],
): Suspect[] {
  return others
    .filter(({ live, products }) => live && overlaps(own.products, products))
    .sort((a, b) => rankOf(a.submittedAt) - rankOf(b.submittedAt))
    .map(({ registrationId, partnerId, submittedAt }) => ({
      reason: partnerId !== null && partnerId === own.partnerId ? "same_partner" : "other_partner",
      registrationId,
      partnerId,
      submittedAt,
    }));
}

/** 1 for who was received first of all that are about the same customer. */
export function placeOf(own: RegistrationFacts, suspects: Suspect[]): number {
  const before = suspects.filter((one) => "submittedAt" in one && rankOf(one.submittedAt) < rankOf(own.submittedAt));
  return before.length + 1;
}

/** A registration that a decision or an end can still come to. */
export function isLive(review: unknown, sale: unknown): boolean {
  const open = ["submitted", "in_review", "action_required", "approved"];
  return typeof review === "string" && open.includes(review) && sale !== "won" && sale !== "lost";
}

/** How a suspect is named to the partner program: within its ids' 64 characters. */
export function candidateName(suspect: Suspect): string {
  return "dealId" in suspect ? `pipedrive:deal:${suspect.dealId}` : suspect.registrationId;
}

function overlaps(ours: string[], theirs: string[]): boolean {
  return ours.length === 0 || theirs.length === 0 || ours.some((product) => theirs.includes(product));
}

function rankOf(submittedAt: string | null): number {
  const at = Date.parse(submittedAt ?? "");
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}
