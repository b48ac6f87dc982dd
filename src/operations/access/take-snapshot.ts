import { observeLater } from "../../access/review/steps.ts";
import type { Snapshot } from "../../access/snapshot.ts";
import type { App } from "../../app.ts";
import { readAccessSnapshot } from "../../pipedrive/access-snapshot.ts";
import type { SnapshotHead } from "../../store/access-snapshots.ts";
import { workingConnection } from "./connected.ts";

export interface SnapshotWish {
  /** Also who has each permission set and role: 20 and 10 tokens each. */
  assignments?: boolean;
  /** Also what each active user may do in all: 10 tokens a user. */
  userPermissions?: boolean;
}

export interface TakenSnapshot extends SnapshotHead {
  snapshot: Snapshot;
  /** What completed reviews had waited for, and this one shows done. */
  followUpsClosed: number;
}

/** Another snapshot may be looked at for the same review at the same moment. */
const TRIES = 5;

/**
 * Reads who can get into the tenant's account and keeps it; looks in it for what completed reviews wanted done.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED; the errors of `readAccessSnapshot`
 */
export async function takeSnapshot(app: App, tenantId: string, wish: SnapshotWish = {}): Promise<TakenSnapshot> {
  const connection = await workingConnection(app, tenantId);
  const snapshot = await readAccessSnapshot(await app.clients.pipedrive(connection), wish);
  const head = await app.access.snapshots.add(tenantId, connection.id, snapshot);
  return { ...head, snapshot, followUpsClosed: await observe(app, tenantId, snapshot) };
}

async function observe(app: App, tenantId: string, snapshot: Snapshot): Promise<number> {
  let closed = 0;
  for (const { review } of await app.access.reviews.waiting(tenantId)) {
    closed += await observeOne(app, tenantId, review.reviewId, snapshot);
  }
  return closed;
}

async function observeOne(app: App, tenantId: string, reviewId: string, snapshot: Snapshot): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const stored = await app.access.reviews.get(tenantId, reviewId);
    if (!stored) return 0;
    const next = observeLater(stored.review, snapshot);
    const closed = openOf(stored.review) - openOf(next);
    if (closed === 0 || (await app.access.reviews.save(tenantId, next, stored.version))) return closed;
  }
  return 0; // the snapshots that were quicker, or the next one, show it too
}

function openOf({ followUps }: { followUps: { closed: unknown }[] }): number {
  return followUps.filter(({ closed }) => closed === null).length;
}
