import { createAccessFindings } from "./access-findings.ts";
import { createAccessMap } from "./access-map.ts";
import { createAccessPolicies } from "./access-policies.ts";
import { createAccessReviews } from "./access-reviews.ts";
import { createAccessRosters } from "./access-rosters.ts";
import { createAccessRuns } from "./access-runs.ts";
import { createAccessSchedule } from "./access-schedule.ts";
import { createAccessSnapshots } from "./access-snapshots.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

/** What access reviews are made of and what they came to, each kept by itself. */
export function createAccessStore(db: Database, tenants: Tenants) {
  return {
    snapshots: createAccessSnapshots(db, tenants),
    rosters: createAccessRosters(db, tenants),
    policies: createAccessPolicies(db, tenants),
    map: createAccessMap(db, tenants),
    runs: createAccessRuns(db, tenants),
    findings: createAccessFindings(db, tenants),
    reviews: createAccessReviews(db, tenants),
    schedule: createAccessSchedule(db),
  };
}

export type AccessStore = ReturnType<typeof createAccessStore>;
