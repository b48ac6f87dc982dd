import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import { DOCUMENT, type Tenant } from "../store/tenants.ts";

/** Tells the audit trail how it was and is. */
type Tell = (change: { target: string; before: unknown; after: unknown }) => void;

/**
 * Nothing of the tenant is worked on from now on, in either direction; runs under way end. What comes in is kept.
 *
 * @throws InputError UNKNOWN_TENANT
 */
export async function pauseTenant(app: App, tenantId: string, { name }: Actor, tell: Tell): Promise<Tenant> {
  const before = await app.tenants.known(tenantId);
  const after = before.pausedAt ? before : await app.tenants.pause(tenantId, name);
  tell({ target: `tenant ${tenantId}`, before: shown(before), after: shown(after) });
  return after;
}

/**
 * What waited goes on.
 *
 * @throws InputError UNKNOWN_TENANT, PAUSED_BY_DOCUMENT: two places that contradict each other would leave people guessing
 */
export async function resumeTenant(app: App, tenantId: string, tell: Tell): Promise<Tenant> {
  const before = await app.tenants.known(tenantId);
  const mapping = await app.mappings.live(tenantId).catch(() => null); // one that cannot be used pauses nobody
  if (before.pausedBy === DOCUMENT || (before.pausedAt && mapping?.plan.paused)) {
    const hint = 'load a mapping with "sync": { "paused": false }';
    throw new InputError("PAUSED_BY_DOCUMENT", `the mapping in force pauses ${tenantId} (sync.paused)`, "tenant", hint);
  }
  const after = before.pausedAt ? await app.tenants.resume(tenantId) : before;
  await app.ringer.ringDue(tenantId);
  tell({ target: `tenant ${tenantId}`, before: shown(before), after: shown(after) });
  return after;
}

function shown({ pausedAt, pausedBy }: Tenant) {
  return { pausedAt, pausedBy };
}
