import { type Policy, parsePolicy } from "../../access/policy/parse-policy.ts";
import { importRoster } from "../../access/roster/import-roster.ts";
import type { Roster } from "../../access/roster/roster.ts";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import type { StoredSnapshot } from "../../store/access-snapshots.ts";

/** The newest snapshot. @throws InputError UNKNOWN_TENANT, NO_ACCESS_SNAPSHOT */
export async function latestSnapshot(app: App, tenantId: string): Promise<StoredSnapshot> {
  await app.tenants.known(tenantId);
  const stored = await app.access.snapshots.latest(tenantId);
  if (stored) return stored;
  const hint = `partnersync access snapshot --tenant ${tenantId}`;
  throw new InputError("NO_ACCESS_SNAPSHOT", `${tenantId} has no snapshot of its users yet`, "tenant", hint);
}

/** The roster in force, read again from the bytes as given; null when there is none. */
export async function rosterInForce(app: App, tenantId: string): Promise<{ version: number; roster: Roster } | null> {
  const stored = await app.access.rosters.get(tenantId);
  if (!stored) return null;
  const { bytes, timeZone, asOf, version } = stored;
  const read = importRoster(bytes, { timeZone, asOf: asOf.toISOString() });
  if (read.ok) return { version, roster: read.roster };
  throw unreadable(tenantId, "roster", "import it again: this version reads more of it than the one that took it in");
}

/** The policy in force, read again from the text as given; null when there is none. */
export async function policyRead(app: App, tenantId: string): Promise<{ version: number; policy: Policy } | null> {
  const stored = await app.access.policies.get(tenantId);
  if (!stored) return null;
  const parsed = parsePolicy(stored.text);
  if (parsed.ok) return { version: stored.version, policy: parsed.policy };
  throw unreadable(tenantId, "policy", "load it again: this version reads more of it than the one that took it in");
}

function unreadable(tenantId: string, what: string, hint: string): InputError {
  return new InputError("ACCESS_INPUT_OUTDATED", `the stored ${what} of ${tenantId} cannot be read`, what, hint);
}
