import { randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import type { DriftReports } from "../reconcile/report-drift.ts";
import type { LiveMapping } from "../store/mappings.ts";
import type { FieldName } from "../store/paused-fields.ts";
import {
  DRIFT_CODES,
  type Drift,
  type DriftAccount,
  driftOf,
  followLabels,
  LOST_RIGHT,
} from "../sync/mapping/drift.ts";
import { OBJECT_NAMES } from "../sync/mapping/words.ts";
import { ROLE_OBJECT } from "../sync/model.ts";
import { askRecords } from "./ask-records.ts";
import { syncRecord } from "./sync-record.ts";

export interface DriftLook {
  tenantId: string;
  drifts: Drift[];
  /** Fields that this look let flow again. */
  resumed: FieldName[];
}

/** A refused write asks for a look at most this often. */
const WANT_WITHIN_MS = 60_000;
/** Records that were refused because of a field; without that field they go on. */
const REFUSALS = ["REFUSED_BY_PIPEDRIVE", "FORBIDDEN_BY_PIPEDRIVE"];

/**
 * Compares the account with the mapping in force (level L5, 40 tokens where each list fits on a page): what drifted
 * stands still, alone, with a finding; what was mended flows again.
 *
 * @throws InputError UNKNOWN_TENANT, NO_MAPPING, NOT_CONNECTED; the errors of `Pipedrive`
 */
export async function lookForDrift(app: App, tenantId: string): Promise<DriftLook> {
  await app.tenants.known(tenantId);
  const live = await app.mappings.live(tenantId);
  if (!live) {
    const hint = `partnersync mapping load mappings/${tenantId}.json`;
    throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant", hint);
  }
  const connection = await app.connections.active(tenantId, "pipedrive");
  if (!connection) throw new InputError("NOT_CONNECTED", `${tenantId} has no working Pipedrive connection`, "tenant");
  const account = await readDefinitions(await app.clients.pipedrive(connection));
  const drifts = driftOf(live.plan, account);
  const resumed = await keepStanding(app, tenantId, drifts);
  await followAccount(app, tenantId, live, account);
  await tryLostRights(app, tenantId);
  if (drifts.some(({ pauses }) => pauses)) await freeRefused(app, tenantId);
  await app.driftLooks.done(tenantId);
  return { tenantId, drifts, resumed };
}

async function readDefinitions(pipedrive: Pipedrive): Promise<DriftAccount> {
  const why = { purpose: "drift" };
  const patiently = <T>(call: () => Promise<T>) => withPatience(call, {});
  const organization = await patiently(() => pipedrive.fields("organization", why));
  const person = await patiently(() => pipedrive.fields("person", why));
  const deal = await patiently(() => pipedrive.fields("deal", why));
  const pipelines = await patiently(() => pipedrive.pipelines(why));
  const stages = await patiently(() => pipedrive.stages(why));
  return { fields: { organization, person, deal }, pipelines, stages };
}

/** @returns what flows again */
async function keepStanding(app: App, tenantId: string, drifts: Drift[]): Promise<FieldName[]> {
  for (const drift of drifts) {
    const { code, role, field, pauses, message } = drift;
    const isNew = pauses && (await app.pausedFields.pause(tenantId, drift, code, null));
    if (isNew) await app.findings.closeOfTenant(tenantId, DRIFT_CODES, subjectOf(drift)); // a mere warning until now
    const severity = pauses ? ("error" as const) : ("warning" as const);
    await app.findings.raise({ tenantId, code, severity, field, message, subject: subjectOf({ role, field }) });
  }
  const resumed: FieldName[] = [];
  for (const { role, field, cause, resumedAt } of await app.pausedFields.list(tenantId)) {
    const stands = drifts.some((one) => one.pauses && one.role === role && one.field === field);
    if (stands || resumedAt || !isDrift(cause) || cause === LOST_RIGHT) continue;
    await app.pausedFields.resume(tenantId, { role, field });
    await app.findings.closeOfTenant(tenantId, DRIFT_CODES, subjectOf({ role, field }));
    resumed.push({ role, field });
  }
  return resumed;
}

/**
 * Whether a lost right is back only a write tells: one record that waits for the field makes it (6 tokens). Where none waits, nothing is missing yet. Records that are yet to be made do not try: without its id
 * a record could not be found again.
 */
async function tryLostRights(app: App, tenantId: string): Promise<void> {
  const lost = (await app.pausedFields.list(tenantId)).filter((one) => one.cause === LOST_RIGHT && !one.resumedAt);
  const tries = lost.map(({ role, field }) => ({ role, field }));
  for (const field of tries) {
    const record = await app.pausedFields.firstWaiting(tenantId, field);
    const key = `try ${randomUUID()}`;
    if (record) await askRecords(app, tenantId, [record], { asked: "a right that was lost", key }, { tries });
  }
}

/** New labels are told once, and known by everybody from then on. */
async function followAccount(app: App, tenantId: string, live: LiveMapping, account: DriftAccount): Promise<void> {
  const followed = followLabels(live.plan, account);
  if (followed) await app.mappings.follow(tenantId, live, followed);
}

/** Records that stopped because of a field that stands still now. */
async function freeRefused(app: App, tenantId: string): Promise<void> {
  const records = await app.findings.recordsWith(tenantId, REFUSALS);
  if (records.length === 0) return;
  await after(IN_FORCE_WITHIN_MS); // a worker that does not know of the pause yet would be refused again
  const since = new Date();
  for (const record of records) await syncRecord(app, tenantId, record);
  await app.findings.closeOlder(tenantId, REFUSALS, since);
}

/** A mapping that was just loaded fits the account: whatever drift paused flows again. A person's pause stays. */
export async function forgetDrift(app: App, tenantId: string): Promise<void> {
  for (const { role, field, cause, resumedAt } of await app.pausedFields.list(tenantId)) {
    if (!resumedAt && isDrift(cause)) await app.pausedFields.resume(tenantId, { role, field });
  }
  await app.findings.closeOfTenant(tenantId, DRIFT_CODES);
}

/** Where lanes leave what hints at drift. */
export function driftReports(app: Pick<App, "driftLooks" | "pausedFields" | "findings">): DriftReports {
  return {
    want: (tenantId) => app.driftLooks.want(tenantId, WANT_WITHIN_MS),
    lastAt: (tenantId) => app.driftLooks.lastAt(tenantId),
    async regained(tenantId, field) {
      if (await app.pausedFields.resume(tenantId, field, LOST_RIGHT))
        await app.findings.closeOfTenant(tenantId, DRIFT_CODES, subjectOf(field));
    },
    async lostRight(tenantId, { role, field, label }) {
      await app.pausedFields.pause(tenantId, { role, field }, LOST_RIGHT, null);
      const name = `${OBJECT_NAMES[ROLE_OBJECT[role]]} "${label}"`;
      const mend = `Give that user the right to edit it: the next look at the account lets a record try it and ends the pause. At once: partnersync mapping resume-field ${tenantId} --field ${JSON.stringify(label)} --object ${ROLE_OBJECT[role]}`;
      const message = `${tenantId}: ${name} can be read and no longer be written by the connection's user: Pipedrive took a write and kept the value. The field is paused. ${mend}`;
      const subject = subjectOf({ role, field });
      await app.findings.raise({ tenantId, code: LOST_RIGHT, severity: "error", field, message, subject });
    },
  };
}

export function subjectOf({ role, field }: FieldName): string {
  return `${role} field ${field}`;
}

function isDrift(cause: string): boolean {
  return (DRIFT_CODES as readonly string[]).includes(cause);
}
