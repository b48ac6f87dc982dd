import { importRoster } from "../../access/roster/import-roster.ts";
import type { App } from "../../app.ts";
import type { RosterHead } from "../../store/access-rosters.ts";
import type { Actor } from "../../store/actor.ts";
import { AccessFileRefusedError } from "./file-refused.ts";

export interface RosterWish {
  bytes: Uint8Array;
  /** IANA name: where working days end. */
  timeZone: string;
  /** The moment the roster speaks of; left out: now. */
  asOf?: Date | undefined;
}

/**
 * Takes a roster in, whole or not at all; it is in force at once, and an assessment becomes due.
 *
 * @throws AccessFileRefusedError with every fault; InputError UNKNOWN_TENANT, TIME_ZONE_UNKNOWN
 */
export async function takeRoster(
  app: App,
  tenantId: string,
  { bytes, timeZone, asOf = new Date() }: RosterWish,
  by: Actor,
): Promise<RosterHead & { ignoredColumns: string[] }> {
  await app.tenants.known(tenantId);
  const read = importRoster(bytes, { timeZone, asOf: asOf.toISOString() });
  if (!read.ok) {
    const findings = read.faults.map(({ code, line, column, message, hint }) => {
      return {
        code,
        severity: "error" as const,
        path: column ? `line ${line}, ${column}` : `line ${line}`,
        message,
        hint,
      };
    });
    throw new AccessFileRefusedError("roster", findings);
  }
  const rows = read.roster.staff.length;
  const head = await app.access.rosters.add(tenantId, { bytes, timeZone, asOf, rows, importedBy: by.name });
  await app.access.schedule.dueWithin(tenantId, app.config.timings.accessDebounceMs);
  return { ...head, ignoredColumns: read.ignoredColumns };
}
