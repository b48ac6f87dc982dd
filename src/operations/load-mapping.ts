import { setTimeout as after } from "node:timers/promises";
import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError } from "../errors.ts";
import { readAccount } from "../pipedrive/account.ts";
import { type MappingFinding, parseMappingDocument } from "../sync/mapping/parse.ts";
import { resolveMapping } from "../sync/mapping/resolve.ts";
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

/**
 * Makes a document the tenant's live mapping: read, resolved against the live account (62 tokens), stored with its lock,
 * in force within two seconds for every worker. Nothing is stored when anything forbids it. A paused Pipedrive connection
 * goes on: the account has just answered it.
 *
 * @throws MappingRefusedError with all findings; InputError UNKNOWN_TENANT, NOT_CONNECTED, REVISION_NOT_NEWER
 */
export async function loadMapping(app: App, text: string, loadedBy: string): Promise<LoadedMapping> {
  const parsed = parseMappingDocument(text);
  if (!parsed.document) throw new MappingRefusedError(parsed.findings);
  const tenantId = parsed.document.tenant;
  if (!(await app.tenants.get(tenantId))) {
    throw new InputError(
      "UNKNOWN_TENANT",
      `there is no tenant "${tenantId}"`,
      "tenant",
      `partnersync tenant add ${tenantId}`,
    );
  }
  const connection = await app.connections.current(tenantId, "pipedrive");
  if (!connection) {
    const hint = `partnersync connect pipedrive --tenant ${tenantId} …`;
    throw new InputError(
      "NOT_CONNECTED",
      `${tenantId} has no Pipedrive connection to check the mapping against`,
      "tenant",
      hint,
    );
  }
  const account = await readAccount(await app.clients.pipedrive(connection));
  const resolved = resolveMapping(parsed.document, account, connection);
  const findings = [...parsed.findings, ...resolved.findings];
  if (!resolved.plan) throw new MappingRefusedError(findings);
  const { revision, changed } = await app.mappings.saveLive({
    tenantId,
    document: text,
    plan: resolved.plan,
    loadedBy,
  });
  await app.tenants.setPaused(tenantId, parsed.document.sync.paused);
  // Every check was made with this connection's credentials against its account: whatever paused it is mended.
  const resumed = connection.state === "paused";
  if (resumed) await app.connections.resume(connection.id);
  await lookAgain(app, tenantId); // also when nothing changed: a load before may have ended halfway
  await app.ringer.ringDue(tenantId);
  return { tenantId, revision, changed, resumed, findings };
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
