import { randomBytes } from "node:crypto";
import { assess } from "../../access/assess.ts";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import type { RunHead, StoredAccessRun } from "../../store/access-runs.ts";
import { VERSION } from "../../version.ts";
import { latestSnapshot, policyRead, rosterInForce } from "./inputs.ts";
import { raiseFindings } from "./raise-findings.ts";

export interface Assessed extends RunHead {
  /** How many findings were not open after the run before. */
  opened: number;
  /** How many are mended. */
  closed: number;
}

/**
 * Assesses the newest snapshot by the roster, policy and map in force; keeps the run and raises what it found.
 *
 * @throws InputError UNKNOWN_TENANT, NO_ACCESS_SNAPSHOT, SNAPSHOT_CHANGED, ACCESS_INPUT_OUTDATED
 */
export async function assessAccess(app: App, tenantId: string): Promise<Assessed> {
  const { id: snapshotId, snapshot } = await latestSnapshot(app, tenantId);
  const roster = await rosterInForce(app, tenantId);
  const policy = await policyRead(app, tenantId);
  const map = await app.access.map.inForce(tenantId);
  const earlier = (await app.access.findings.list(tenantId)).map(({ key, firstSeenAt }) => {
    return { key, firstSeenAt: firstSeenAt.toISOString() };
  });
  const at = new Date();
  const run = assess({
    ...{ runId: newId(at), at, toolVersion: VERSION, snapshot, map, earlier },
    ...{ roster: roster?.roster ?? null, policy: policy?.policy ?? null },
  });
  const inputs = { snapshotId, rosterVersion: roster?.version ?? null, policyVersion: policy?.version ?? null };
  const head = await app.access.runs.add(tenantId, run, inputs);
  const recorded = await app.access.findings.record(tenantId, run);
  if (!recorded) return { ...head, opened: 0, closed: 0 };
  await raiseFindings(app, tenantId, run, recorded.closed);
  return { ...head, opened: recorded.opened.length, closed: recorded.closed.length };
}

/** `2026-03-20-9f3a61`: begins with the day, so that folders of evidence stand in their order. */
export function newId(at: Date): string {
  return `${at.toISOString().slice(0, 10)}-${randomBytes(3).toString("hex")}`;
}

/** @param id a run's, or `latest` @throws InputError UNKNOWN_TENANT, UNKNOWN_ACCESS_RUN */
export async function accessRun(app: App, tenantId: string, id: string): Promise<StoredAccessRun> {
  await app.tenants.known(tenantId);
  const run = await app.access.runs.get(tenantId, id === "latest" ? undefined : id);
  if (run) return run;
  const hint = `partnersync access assess --tenant ${tenantId}`;
  const message = id === "latest" ? `${tenantId} was not assessed yet` : `${tenantId} has no access run ${id}`;
  throw new InputError("UNKNOWN_ACCESS_RUN", message, "run", hint);
}
