import type { App } from "../app.ts";
import type { Actor } from "../store/actor.ts";
import { type Breaker, type HeldWrite, TOO_MANY_WRITES, type WriteLimits } from "../store/write-limits.ts";
import type { Direction } from "../sync/model.ts";
import { continueRollOut } from "./apply-mapping.ts";

export interface LimitsView {
  tenantId: string;
  limits: WriteLimits;
  /** Nobody has set any. */
  /** Null: nobody, these are the defaults. */
  setBy: string | null;
  /** Linked records: what the shares are of. */
  linked: number;
  breakers: Breaker[];
}

/** How much a tenant's writes may touch, and how they stand. @throws InputError UNKNOWN_TENANT */
export async function writeLimitsOf(app: App, tenantId: string): Promise<LimitsView> {
  await app.tenants.known(tenantId);
  const [{ limits, setBy }, linked, breakers] = await Promise.all([
    app.writeLimits.get(tenantId),
    app.rollOutReach.linkedRecords(tenantId),
    app.writeLimits.breakers(tenantId),
  ]);
  return { tenantId, limits, setBy, linked, breakers };
}

/**
 * In force for the next write of any worker.
 *
 * @param limits what is left out stays as it is; null: the defaults again
 * @throws InputError UNKNOWN_TENANT
 */
export async function setWriteLimits(
  app: App,
  tenantId: string,
  limits: Partial<WriteLimits> | null,
  by: Actor,
): Promise<{ before: WriteLimits; after: LimitsView }> {
  await app.tenants.known(tenantId);
  const { limits: before } = await app.writeLimits.get(tenantId);
  await app.writeLimits.set(tenantId, limits && { ...before, ...limits }, by.name);
  return { before, after: await writeLimitsOf(app, tenantId) };
}

/** Some of the writes that were not made, with what is there and what would be. @throws InputError UNKNOWN_TENANT */
export async function heldWrites(app: App, tenantId: string): Promise<HeldWrite[]> {
  await app.tenants.known(tenantId);
  return app.writeLimits.held(tenantId);
}

/**
 * What waits because there was too much of it goes on, once: it does not trip the limits again. A roll-out that stopped
 * for it goes on as well.
 *
 * @param minutes nothing is limited for so long: for the rest of a roll-out, or ahead of a planned change
 * @returns the directions that were paused
 * @throws InputError UNKNOWN_TENANT, NOT_PAUSED
 */
export async function resumeWrites(
  app: App,
  tenantId: string,
  { direction, minutes }: { direction: Direction | null; minutes: number | null },
  by: Actor,
): Promise<Direction[]> {
  await app.tenants.known(tenantId);
  const resumed = await app.writeLimits.resume(tenantId, { direction, openMinutes: minutes, by: by.name });
  const rollOut = await app.rollOuts.open(tenantId);
  if (rollOut?.state === "paused" && rollOut.cause?.startsWith(TOO_MANY_WRITES))
    await continueRollOut(app, tenantId, null);
  await app.ringer.ringDue(tenantId);
  return resumed;
}
