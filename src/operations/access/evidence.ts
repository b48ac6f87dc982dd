import { type EvidencePack, evidencePack } from "../../access/evidence/evidence-pack.ts";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import { accessRun } from "./assess-access.ts";

/**
 * The evidence of a run and its review as it stands: the same bytes whenever it is made, until somebody decides or a
 * follow-up is closed.
 *
 * @param runId a run's id, or `latest`
 * @throws InputError UNKNOWN_ACCESS_RUN, EVIDENCE_MISMATCH, SNAPSHOT_CHANGED
 */
export async function evidenceOf(app: App, tenantId: string, runId: string): Promise<EvidencePack> {
  const { run, snapshotId, rosterVersion, policyVersion } = await accessRun(app, tenantId, runId);
  const { snapshots, rosters, policies, reviews } = app.access;
  const stored = await snapshots.get(tenantId, snapshotId);
  if (!stored) {
    const hint = "restore the database from a backup: a run is never without its snapshot";
    throw new InputError("EVIDENCE_MISMATCH", `the snapshot of run ${run.runId} is gone`, "snapshot", hint);
  }
  const roster = rosterVersion === null ? null : ((await rosters.get(tenantId, rosterVersion))?.bytes ?? null);
  const policy = policyVersion === null ? null : ((await policies.get(tenantId, policyVersion))?.text ?? null);
  const review = (await reviews.ofRun(tenantId, run.runId))?.review ?? null;
  return evidencePack({ run, snapshot: stored.snapshot, roster, policy, review });
}
