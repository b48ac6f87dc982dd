import { accessInputRoutes } from "./access-inputs.ts";
import { accessReviewRoutes } from "./access-reviews.ts";
import { accessRunRoutes } from "./access-runs.ts";
import { accountRoutes } from "./accounts.ts";
import { actionRoutes } from "./actions.ts";
import { auditRoutes } from "./audit.ts";
import { conflictRoutes } from "./conflicts.ts";
import { connectionRoutes } from "./connections.ts";
import { findingRoutes } from "./findings.ts";
import { historyRoutes } from "./history.ts";
import { intakeRoutes } from "./intake.ts";
import { linkRoutes } from "./links.ts";
import { mappingFieldRoutes } from "./mapping-fields.ts";
import { mappingRoutes } from "./mappings.ts";
import { matchRoutes } from "./matches.ts";
import { peopleRoutes } from "./people.ts";
import { recordRoutes } from "./records.ts";
import { replayRoutes } from "./replays.ts";
import { rollOutRoutes } from "./roll-outs.ts";
import type { AnyRoute } from "./route.ts";
import { tenantRoutes } from "./tenants.ts";
import { undoRoutes } from "./undo.ts";
import { writeLimitRoutes } from "./write-limits.ts";

/** Everything that can be asked of the admin API, a file per subject, in the order of its document. */
export const ROUTES: readonly AnyRoute[] = [
  ...tenantRoutes,
  ...connectionRoutes,
  ...accountRoutes,
  ...mappingRoutes,
  ...intakeRoutes,
  ...rollOutRoutes,
  ...mappingFieldRoutes,
  ...recordRoutes,
  ...replayRoutes,
  ...historyRoutes,
  ...undoRoutes,
  ...linkRoutes,
  ...findingRoutes,
  ...matchRoutes,
  ...writeLimitRoutes,
  ...conflictRoutes,
  ...accessInputRoutes,
  ...accessRunRoutes,
  ...accessReviewRoutes,
  ...actionRoutes,
  ...peopleRoutes,
  ...auditRoutes,
];
