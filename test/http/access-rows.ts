import { assess } from "../../src/access/assess.ts";
import { completeReview, decide, startReview } from "../../src/access/review/steps.ts";
import type { AccessStore } from "../../src/store/access.ts";
import { mapped, NOW, POLICY, policyOf, rosterOf, rosterText, snapshotOf, user } from "../access/world.ts";

interface Whose {
  tenantId: string;
  connectionId: string;
  /** In the name of everybody and everything. */
  mark: string;
}

/**
 * Fills every table of access reviews for a tenant: a snapshot, a roster, a policy, a word about an account, a run with
 * findings, its review with something that waits to be seen done, and a turn that is not due yet.
 */
export async function addAccessRows(access: AccessStore, { tenantId, connectionId, mark }: Whose) {
  const at = new Date(NOW);
  const rows = [`E7,${mark},${mark}@acme.example,,employee,active,2020-01-01,,Sales,boss@acme.example`];
  const asOf = "2026-03-19T06:00:00.000Z";
  const two_factor = { ...POLICY.two_factor, evidence_file: `${mark}.png` };
  const users = [user(1, "Ana Alder", "ana@acme.example"), user(2, mark, `${mark}@elsewhere.example`)];
  const snapshot = snapshotOf({ assessed: true, value: users });
  const { id } = await access.snapshots.add(tenantId, connectionId, snapshot);
  const roster = { bytes: Buffer.from(rosterText(rows)), timeZone: "Europe/Berlin", asOf: new Date(asOf), rows: 3 };
  await access.rosters.add(tenantId, { ...roster, importedBy: mark });
  await access.policies.add(tenantId, JSON.stringify({ ...POLICY, two_factor }), mark);
  const word = { ...mapped(3, { class: "external" }), comment: mark };
  await access.map.add(tenantId, word);

  const inputs = { snapshot, roster: rosterOf(rows), policy: policyOf({ two_factor }), map: [word] };
  const run = assess({ runId: "run-7c1d", at, toolVersion: mark, ...inputs });
  await access.runs.add(tenantId, run, { snapshotId: id, rosterVersion: 1, policyVersion: 1 });
  await access.findings.record(tenantId, run);
  const by = { name: mark, email: "boss@acme.example" };
  const begun = startReview({ reviewId: "review-7c1d", run, by, at });
  await access.reviews.add(tenantId, begun);
  const userIds = begun.items.map(({ userId }) => userId);
  const review = completeReview(decide(begun, { userIds, choice: "remove", reviewer: by, at }), { by, at });
  await access.reviews.save(tenantId, review, 1);
  await access.schedule.dueWithin(tenantId, 3_600_000);
  return { snapshotId: id, run, review };
}
