import { randomUUID } from "node:crypto";
import { expect } from "@jest/globals";
import type { AccessStore } from "../../src/store/access.ts";
import { mapped, NOW, runOf, snapshotOf } from "../access/world.ts";
import { A, B, type TwoTenants } from "./two-tenants.ts";

/** Calls the function for tenant A, with ids of B wherever it takes any. */
export type Try = () => unknown;
/** Why the function is not for one tenant, and who sees to it that nobody else's is reached by it. */
export type Reason = `of ${string}` | `by ${string}`;
/** The stores that the one for access reviews is made of. */
export type AccessStores = { [N in keyof AccessStore as `access.${N}`]: AccessStore[N] };

/** A row for every function of these. @param on what there is once the tests begin */
export const accessTries = (on: () => TwoTenants) =>
  ({
    "access.snapshots": {
      latest: async () => expect(await on().access.snapshots.latest(A)).toBeNull(),
      get: async () => expect(await on().access.snapshots.get(A, on().ofB.snapshotId)).toBeNull(),
      list: async () => expect(await on().access.snapshots.list(A, 50)).toEqual([]),
      add: () => on().access.snapshots.add(A, on().ofA.pipedrive, snapshotOf({ assessed: true, value: [] })),
    },
    "access.rosters": {
      head: () => on().access.rosters.head(A),
      get: async () => expect(await on().access.rosters.get(A, 1)).toBeNull(),
      add: async () => {
        const roster = { bytes: Buffer.from("a"), timeZone: "UTC", asOf: new Date(NOW), rows: 0, importedBy: "a" };
        expect(await on().access.rosters.add(A, roster)).toMatchObject({ version: 1 });
      },
    },
    "access.policies": {
      get: async () => expect(await on().access.policies.get(A, 1)).toBeNull(),
      add: async () => {
        const text = (await on().access.policies.get(B))?.text ?? "";
        expect(await on().access.policies.add(A, text, "a")).toEqual({ version: 1, changed: true });
      },
    },
    "access.map": {
      inForce: async () => expect(await on().access.map.inForce(A)).toEqual([]),
      add: () => on().access.map.add(A, mapped(3, { class: "external" })),
    },
    "access.runs": {
      get: async () => {
        expect(await on().access.runs.get(A)).toBeNull();
        expect(await on().access.runs.get(A, on().ofB.run.runId)).toBeNull();
      },
      list: async () => expect(await on().access.runs.list(A, 50)).toEqual([]),
      add: async () => {
        const inputs = { snapshotId: randomUUID(), rosterVersion: null, policyVersion: null };
        const { runId } = on().ofB.run;
        expect(await on().access.runs.add(A, { ...runOf({}), runId }, inputs)).toMatchObject({ id: runId });
      },
    },
    "access.findings": {
      list: async () => expect(await on().access.findings.list(A, { closed: true })).toEqual([]),
      record: async () => {
        const nobody = runOf({ at: "2026-03-21T12:00:00.000Z", ana: { id: 9 } });
        expect((await on().access.findings.record(A, nobody))?.closed).toEqual([]);
        return on().access.findings.record(A, { ...runOf({ at: "2026-03-22T12:00:00.000Z" }), findings: [] });
      },
    },
    "access.reviews": {
      get: async () => expect(await on().access.reviews.get(A, on().ofB.review.reviewId)).toBeNull(),
      ofRun: async () => expect(await on().access.reviews.ofRun(A, on().ofB.run.runId)).toBeNull(),
      list: async () => expect(await on().access.reviews.list(A, 50)).toEqual([]),
      completed: async () => expect(await on().access.reviews.completed(A)).toEqual([]),
      waiting: async () => expect(await on().access.reviews.waiting(A)).toEqual([]),
      save: async () => expect(await on().access.reviews.save(A, on().ofB.review, 2)).toBe(false),
      add: () => on().access.reviews.add(A, on().ofB.review),
    },
    "access.schedule": {
      dueWithin: () => on().access.schedule.dueWithin(A, 0),
      end: () => on().access.schedule.end({ tenantId: A, epoch: 0, attempts: 0 }, 0),
      take: "of all tenants: the workers' rounds, which are nobody's",
    },
  }) satisfies { [S in keyof AccessStores]: Record<keyof AccessStores[S], Try | Reason> };
