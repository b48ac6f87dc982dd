import { setTimeout as after } from "node:timers/promises";
import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError } from "../errors.ts";
import { type Connection, isIntake } from "../store/connection-rows.ts";
import { type CheckedMapping, checkMapping } from "../sync/mapping/check.ts";
import { errorsFirst, type MappingFinding } from "../sync/mapping/finding.ts";
import type { MappingDocument } from "../sync/mapping/parse.ts";
import type { MappingPlan } from "../sync/model.ts";
import { otherTenant } from "./check-mapping.ts";
import { liveSideOf } from "./live-side.ts";
import { forgetDrift } from "./look-for-drift.ts";
import { syncRecord } from "./sync-record.ts";

export interface LoadedMapping {
  tenantId: string;
  revision: number;
  /** False when this very document was live already. */
  changed: boolean;
  /** True when the Pipedrive connection was paused and goes on now. */
  resumed: boolean;
  /** What a person should know although nothing forbids the load. */
  findings: MappingFinding[];
}

/** A document that cannot be made live, with every finding. */
export class MappingRefusedError extends InputError {
  override name = "MappingRefusedError";
  readonly findings: MappingFinding[];
  constructor(findings: MappingFinding[]) {
    const errors = findings.filter((finding) => finding.severity === "error");
    super(
      errors[0]?.code ?? "MAPPING_REFUSED",
      `the mapping was not loaded: ${errors.length} ${errors.length === 1 ? "error" : "errors"}, the first: ${errors[0]?.message ?? ""}`,
      errors[0]?.path,
      errors[0]?.hint,
    );
    this.findings = findings;
  }
}

/** A document that may be put in force, and the account that says so. */
export interface ReadyMapping {
  document: MappingDocument;
  plan: MappingPlan;
  connection: Connection;
  findings: MappingFinding[];
}

/**
 * Checks a document in full, against the live account too (62 tokens). Nothing is stored.
 *
 * @param ofTenant whose document it has to be
 * @throws MappingRefusedError with all findings; InputError UNKNOWN_TENANT, OTHER_TENANT, NOT_CONNECTED
 */
export async function readyMapping(app: App, text: string, ofTenant?: string): Promise<ReadyMapping> {
  const offline = approvedOnly(checkMapping(text));
  if (!offline.document) throw new MappingRefusedError(offline.findings); // before a token is spent
  const tenantId = offline.document.tenant;
  if (ofTenant !== undefined && ofTenant !== tenantId) throw otherTenant(ofTenant, tenantId);
  const { connection, live } = await liveSideOf(app, tenantId);
  const { document, plan, findings } = approvedOnly(checkMapping(text, live));
  if (!document || !plan) throw new MappingRefusedError(findings);
  await refuseOtherProgram(app, document);
  return { document, plan, connection, findings };
}

/**
 * Makes a document the tenant's live mapping: checked, stored with its lock, in force within two seconds for every
 * worker. Nothing is stored when anything forbids it. A paused Pipedrive connection goes on: the account has just
 * answered it.
 *
 * @param adjust changes the plan before it is stored: a roll-out has a say about when partners enter
 * @throws what `readyMapping` does; InputError REVISION_NOT_NEWER
 */
export async function loadMapping(
  app: App,
  text: string,
  loadedBy: string,
  ofTenant?: string,
  adjust: (plan: MappingPlan) => MappingPlan = (plan) => plan,
): Promise<LoadedMapping> {
  const ready = await readyMapping(app, text, ofTenant);
  const { document, connection, findings } = ready;
  const plan = adjust(ready.plan);
  const { tenant: tenantId } = document;
  const { revision, changed } = await app.mappings.saveLive({
    tenantId,
    document: text,
    plan,
    loadedBy,
  });
  await app.tenants.pauseByDocument(tenantId, document.sync.paused);
  // Every check was made with this connection's credentials against its account: whatever paused it is mended. A person
  // who paused it may have had other reasons.
  const resumed = connection.state === "paused" && connection.pausedBy === null;
  if (resumed) await app.connections.resume(connection.id);
  await forgetDrift(app, tenantId);
  await lookAgain(app, tenantId); // also when nothing changed: a load before may have ended halfway
  await app.ringer.ringDue(tenantId);
  return { tenantId, revision, changed, resumed, findings };
}

/** A document is written for a program that takes commands, or for one that only posts: it cannot serve the other. */
async function refuseOtherProgram(app: App, { tenant, intake }: MappingDocument): Promise<void> {
  const program = await app.connections.current(tenant, "program");
  if (!program || isIntake(program) === (intake !== undefined)) return;
  const [is, has, other] = isIntake(program)
    ? ["only posts", "has no intake", "add one, or connect a program that takes commands: partnersync connect program"]
    : ["takes commands", "has an intake", "remove it, or connect the one that posts: partnersync connect intake"];
  const message = `the connected partner program of ${tenant} ${is}, but the document ${has}`;
  throw new InputError("INTAKE_MISMATCH", message, "$.intake", other);
}

/** A draft may be looked over by anybody; only what was approved comes into force. */
function approvedOnly(checked: CheckedMapping): CheckedMapping {
  if (!checked.findings.some(({ code }) => code === "NOT_APPROVED")) return checked;
  const findings = checked.findings.map((one) =>
    one.code === "NOT_APPROVED" ? { ...one, severity: "error" as const } : one,
  );
  return { findings: errorsFirst(findings) };
}

/** Findings that another mapping may be the answer to. */
const ABOUT_THE_MAPPING = ["OPTION_UNMAPPED", "DRIFT_OPTION", "DRIFT_FIELD_GONE", "FIELD_NOT_SHOWN"];

/** Records whose findings the new revision may have mended are read again (1 token each); what is still so is told anew. */
async function lookAgain(app: App, tenantId: string): Promise<void> {
  const records = await app.findings.recordsWith(tenantId, ABOUT_THE_MAPPING);
  if (records.length === 0) return;
  await after(IN_FORCE_WITHIN_MS); // a worker that still has the mapping before would find the same again
  const since = new Date();
  for (const record of records) await syncRecord(app, tenantId, record);
  await app.findings.closeOlder(tenantId, ABOUT_THE_MAPPING, since);
}
