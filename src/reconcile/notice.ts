import type { HistoryRow } from "../store/lane-rows.ts";
import { sameRaw } from "../sync/agreement.ts";
import { ROLE_KIND, type Role, type Value } from "../sync/model.ts";
import { toHistoryRow } from "./history-row.ts";
import type { Notice, Round, Teller } from "./round.ts";

/** What one side was seen to hold now, and before. */
export interface Change {
  side: Notice["side"];
  field: string;
  before: Value | undefined;
  value: Value | undefined;
  /** RFC 3339, by that side's word. */
  changedAt: string;
  teller: Teller;
}

/**
 * Notes that a field was changed by somebody else than us. First contact is no change, what is unknown is none either,
 * and records that stand for nothing have no history.
 */
export function notice(round: Round, change: Change, late = false): void {
  const { side, field, before, value } = change;
  if (before === undefined || value === undefined || sameRaw(before, value)) return;
  const ours = round.ours.get(`${side} ${field}`);
  if (ours !== undefined && sameRaw(ours, value)) return;
  const role = roleOf(round, side, field);
  if (role) round.noticed.push({ ...change, role, before, value, ...(late && { late: true as const }) });
}

/** A value that is there by a write of ours: what told of it was no news. */
export function noteOurs(round: Round, side: Notice["side"], field: string, value: Value): void {
  round.ours.set(`${side} ${field}`, value);
  round.noticed = round.noticed.filter((one) => one.side !== side || one.field !== field || !sameRaw(one.value, value));
}

/**
 * History of what was seen to change, for the settle that keeps what was seen.
 *
 * @param kept per side, whether what was seen of it is kept: else it is seen again, and noted then
 */
export function seenRows(round: Round, kept: Record<Notice["side"], boolean>): HistoryRow[] {
  return round.noticed
    .filter(({ side }) => kept[side])
    .map(({ role, field, ...content }) =>
      toHistoryRow(round, { role, field, rule: null }, { event: "seen", intentId: null, content: { ...content } }),
    );
}

function roleOf({ claim, links, tenant, program }: Round, side: Notice["side"], field: string): Role | undefined {
  const isMapped = (role: Role) => tenant.plan.roles[role].some((plan) => plan.field === field);
  const linked = links.find(({ role }) => isMapped(role))?.role;
  if (linked || side === "crm") return linked;
  const kind = program?.kind ?? claim.kind;
  return (["partner", "partner_user", "deal"] as const).find((role) => ROLE_KIND[role] === kind && isMapped(role));
}
