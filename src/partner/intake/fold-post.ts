import type { ProgramKind } from "../../sync/model.ts";

type Snapshot = Record<string, unknown>;

/** What was known, with what a post tells in its place. Groups are entered, so that one of their members may be told alone. */
export function foldPost(before: Snapshot | null, told: Snapshot): Snapshot {
  const after: Snapshot = { ...before };
  for (const [name, value] of Object.entries(told)) {
    const known = after[name];
    after[name] = isGroup(value) && isGroup(known) ? foldPost(known, value) : value;
  }
  return after;
}

function isGroup(value: unknown): value is Snapshot {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const REVIEW_EVENTS: Record<string, string> = {
  in_review: "review_started",
  action_required: "returned",
  approved: "approved",
  rejected: "rejected",
  withdrawn: "withdrawn",
  cancelled: "cancelled",
  expired: "expired",
};
const SALES_EVENTS: Record<string, string> = { won: "won", lost: "lost", open: "reopened" };

/** The neutral model's name for what happened between two snapshots. */
export function eventType(kind: ProgramKind, before: Snapshot | null, after: Snapshot): string {
  if (kind === "deal_registration") return `deal_registration.${registrationEvent(before, after)}`;
  if (!before) return `${kind}.created`;
  if (before.status !== after.status) return `${kind}.status_changed`;
  return kind === "contact" && before.partner_id !== after.partner_id ? "contact.moved" : `${kind}.updated`;
}

function registrationEvent(before: Snapshot | null, after: Snapshot): string {
  const [was, is] = [statusOf(before?.review), statusOf(after.review)];
  if (is !== was) {
    if (is === "submitted") return was === "action_required" ? "resubmitted" : "submitted";
    if (is === "approved" && was === "expired") return "reinstated";
    return REVIEW_EVENTS[is] ?? "updated";
  }
  const [sold, sells] = [statusOf(before?.sales), statusOf(after.sales)];
  return sells === sold || (sells === "open" && sold === "") ? "updated" : (SALES_EVENTS[sells] ?? "updated");
}

function statusOf(group: unknown): string {
  return isGroup(group) && typeof group.status === "string" ? group.status : "";
}
