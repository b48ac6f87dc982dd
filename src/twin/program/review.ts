import { Refusal, type Registration, type ReviewStatus, refused } from "./model.ts";
import type { Turn } from "./turn.ts";

/** Who takes a step of the review. */
export type Reviewer = "partner" | "vendor" | "timer";

interface Step {
  from: readonly ReviewStatus[];
  by: Reviewer;
  event: string;
  needs?: "reason" | "reason code";
}

const DAY_MS = 86_400_000;
const PROTECTION_DAYS = 90;
const EXTENSION_DAYS = 60;

const REASON_CODES = [
  "duplicate_registration",
  "existing_customer",
  "direct_sales_active",
  "outside_territory",
  "insufficient_information",
  "too_early",
  "below_minimum",
  "partner_not_eligible",
];

/** Every step there is, by the status it leads to. Rejected, withdrawn and cancelled lead nowhere. */
const STEPS = {
  submitted: [
    { from: ["draft"], by: "partner", event: "submitted" },
    { from: ["action_required"], by: "partner", event: "resubmitted" },
  ],
  in_review: [{ from: ["submitted"], by: "vendor", event: "review_started" }],
  action_required: [{ from: ["submitted", "in_review"], by: "vendor", event: "returned", needs: "reason" }],
  approved: [
    { from: ["submitted", "in_review"], by: "vendor", event: "approved" },
    { from: ["approved"], by: "vendor", event: "protection_extended" },
    { from: ["expired"], by: "vendor", event: "reinstated" },
  ],
  rejected: [
    { from: ["submitted", "in_review", "action_required"], by: "vendor", event: "rejected", needs: "reason code" },
  ],
  withdrawn: [{ from: ["submitted", "in_review", "action_required"], by: "partner", event: "withdrawn" }],
  cancelled: [{ from: ["approved"], by: "vendor", event: "cancelled", needs: "reason" }],
  expired: [{ from: ["action_required", "approved"], by: "timer", event: "expired" }],
} as const satisfies Record<Exclude<ReviewStatus, "draft">, readonly Step[]>;

export type ReviewTarget = keyof typeof STEPS;
export const REVIEW_TARGETS = Object.keys(STEPS) as [ReviewTarget, ...ReviewTarget[]];

/** The step from where the registration stands. @throws Refusal `illegal_transition`, `reason_missing` */
export function stepTo(registration: Registration, to: ReviewTarget, reason: string | null): Step {
  const { status, phase } = registration.review;
  const step = (STEPS[to] as readonly Step[]).find(({ from }) => from.includes(status));
  if (!step || (step.event === "reinstated" && phase !== "protection")) {
    throw refused("illegal_transition", { from: status, to });
  }
  if (step.needs && !reason) throw new Refusal(400, { error: "reason_missing", message: `${to} needs a reason` });
  if (step.needs === "reason code" && !isReasonCode(reason ?? "")) {
    throw new Refusal(400, { error: "reason_unknown", message: `one of ${REASON_CODES.join(", ")}, other(text)` });
  }
  return step;
}

/** Takes one step of the review. */
export function takeStep(
  turn: Turn,
  registration: Registration,
  to: ReviewTarget,
  reason: string | null,
): Registration {
  const step = stepTo(registration, to, reason);
  const type = `deal_registration.${step.event}`;
  const patch = {
    ...reviewAfter(registration, step, to, reason, turn.at),
    ...protectionAfter(registration, step, turn.at),
  };
  if (registration.version > 0) return turn.change("deal_registration", type, registration, patch);
  return turn.create("deal_registration", type, { ...registration, ...patch, submitted_at: turn.at });
}

function reviewAfter(
  registration: Registration,
  step: Step,
  to: ReviewTarget,
  reason: string | null,
  at: string,
): Partial<Registration> {
  if (step.event === "protection_extended") return {};
  const decided = to !== "submitted" && to !== "in_review" && to !== "action_required";
  const expired = registration.review.status === "approved" ? "protection" : "review";
  return {
    review: { status: to, reason, decided_at: decided ? at : null, phase: to === "expired" ? expired : null },
    ...(step.event === "resubmitted" ? { submitted_at: at } : {}),
  };
}

/** Approval protects for 90 days, an extension (or reinstatement) for 60 more. */
function protectionAfter({ protection }: Registration, step: Step, at: string): Partial<Registration> {
  const atMs = Date.parse(at);
  if (step.event === "approved") {
    return { protection: { ...protection, starts_at: at, expires_at: toIso(atMs + PROTECTION_DAYS * DAY_MS) } };
  }
  if (step.event !== "protection_extended" && step.event !== "reinstated") return {};
  const from = step.event === "reinstated" ? atMs : Date.parse(protection.expires_at ?? at);
  const until = toIso(from + EXTENSION_DAYS * DAY_MS);
  return { protection: { ...protection, expires_at: until, extensions: [...protection.extensions, { at, until }] } };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

function isReasonCode(reason: string): boolean {
  return REASON_CODES.includes(reason) || /^other\(.+\)$/.test(reason);
}
