import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import { activeLinks, type Round, raise, subjectOf } from "./round.ts";

/** What a webhook tells of a deletion, unless the record is known to have changed after it. */
export function foldDelete(round: Round, change: WebhookChange): void {
  const at = change.at.toISOString().replace(/\.\d+Z$/, "Z");
  if (round.crm && at < round.crm.updateTime) return;
  const { mergedToId: mergedTo } = change;
  if (round.crm && !round.crm.deleted && at === round.crm.updateTime && mergedTo === undefined) {
    round.readWanted = "deleted and seen in one second"; // it may have been restored since
    return;
  }
  round.crm = {
    ...{ values: round.crm?.values ?? {}, updateTime: at, deleted: true },
    ...(mergedTo !== undefined && { mergedTo }),
  };
  round.deletionTold = true;
}

/** Pipedrive answered that it does not have the record (any more): as good as deleted, whatever a webhook says. */
export function seeGone(round: Round): void {
  const updateTime = `${new Date().toISOString().slice(0, 19)}Z`;
  round.crm = { values: round.crm?.values ?? {}, updateTime, deleted: true };
  round.readWanted = null;
}

/**
 * Deleted in Pipedrive: the link stays for a restore, nothing is deleted or written on either side. One that a read has
 * found again is active again.
 */
export function orphanIfDeleted(round: Round): void {
  if (round.apart.mergedInto !== null) return;
  if (round.crm && !round.crm.deleted) {
    for (const link of round.links.filter(({ state }) => state === "orphaned")) {
      link.state = "active";
      link.changed = true;
    }
  }
  if (!round.crm?.deleted) return;
  for (const link of activeLinks(round)) {
    link.state = "orphaned";
    link.changed = true;
    raise(round, {
      code: "RECORD_DELETED",
      message: `${round.claim.tenantId}: ${subjectOf(round)} was deleted in Pipedrive; ${link.kind} ${link.programId} is no longer kept in step. Restore the record there within 30 days, or link ${link.kind} ${link.programId} to another one.`,
    });
  }
}
