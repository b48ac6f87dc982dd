import { accessInputRoutes } from "./access-inputs.ts";
import { accessReviewRoutes } from "./access-reviews.ts";
import { accessRunRoutes } from "./access-runs.ts";
import { accountRoutes } from "./accounts.ts";
import { auditRoutes } from "./audit.ts";
import { connectionRoutes } from "./connections.ts";
import { findingRoutes } from "./findings.ts";
import { historyRoutes } from "./history.ts";
import { intakeRoutes } from "./intake.ts";
import { linkRoutes } from "./links.ts";
import { mappingFieldRoutes } from "./mapping-fields.ts";
import { mappingRoutes } from "./mappings.ts";
import { peopleRoutes } from "./people.ts";
import { recordRoutes } from "./records.ts";
import { rollOutRoutes } from "./roll-outs.ts";
import type { AnyRoute } from "./route.ts";
import { tenantRoutes } from "./tenants.ts";
import { undoRoutes } from "./undo.ts";

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
  ...historyRoutes,
  ...undoRoutes,
  ...linkRoutes,
  ...findingRoutes,
  ...accessInputRoutes,
  ...accessRunRoutes,
  ...accessReviewRoutes,
  ...peopleRoutes,
  ...auditRoutes,
];
