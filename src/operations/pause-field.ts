import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { FieldName, TenantPausedField } from "../store/paused-fields.ts";
import { DRIFT_CODES } from "../sync/mapping/drift.ts";
import { nearest } from "../sync/mapping/nearest.ts";
import { fold } from "../sync/mapping/words.ts";
import { type CrmObject, type FieldPlan, programField, ROLE_OBJECT, ROLES, type Role } from "../sync/model.ts";
import { askKnownRecords } from "./ask-records.ts";
import { subjectOf } from "./look-for-drift.ts";

/** How a person names a field: by its label in Pipedrive, or by its path in the program. */
export interface FieldAsked {
  field: string;
  /** Where several objects have such a field. */
  object?: CrmObject | undefined;
}

/**
 * One field stands still for the whole tenant, both ways, until a person resumes it. Everything else flows.
 *
 * @returns what stands still now
 * @throws InputError UNKNOWN_TENANT, NO_MAPPING, FIELD_UNKNOWN, FIELD_AMBIGUOUS
 */
export async function pauseField(app: App, tenantId: string, asked: FieldAsked, by: Actor) {
  for (const name of await namedFields(app, tenantId, asked))
    await app.pausedFields.pause(tenantId, name, "person", by.name);
  return pausedFields(app, tenantId);
}

/**
 * A field flows again, whoever paused it: its records are looked at within seconds. Drift that is still there pauses it
 * again at the next look.
 *
 * @throws InputError UNKNOWN_TENANT, NO_MAPPING, FIELD_UNKNOWN, FIELD_AMBIGUOUS, NOT_PAUSED
 */
export async function resumeField(app: App, tenantId: string, asked: FieldAsked) {
  let resumed = false;
  for (const name of await namedFields(app, tenantId, asked)) {
    if (!(await app.pausedFields.resume(tenantId, name))) continue;
    resumed = true;
    await app.findings.closeOfTenant(tenantId, DRIFT_CODES, subjectOf(name));
  }
  if (resumed) return pausedFields(app, tenantId);
  const hint = `see \`partnersync mapping paused-fields ${tenantId}\`; a field of one record goes on by \`partnersync sync\``;
  throw new InputError("NOT_PAUSED", `${asked.field} of ${tenantId} is not paused`, "field", hint);
}

/** Everything that stands still, with its label. @throws InputError UNKNOWN_TENANT */
export async function pausedFields(app: App, tenantId: string) {
  await app.tenants.known(tenantId);
  const [rows, live] = await Promise.all([app.pausedFields.list(tenantId), app.mappings.live(tenantId)]);
  return rows
    .filter(({ resumedAt }) => resumedAt === null)
    .map(({ resumedAt: _, ...row }) => ({
      ...row,
      object: ROLE_OBJECT[row.role],
      label: live?.plan.roles[row.role].find(({ field }) => field === row.field)?.label ?? row.field,
    }));
}

/**
 * Fields that flow again for every worker by now: their records are looked at, and records that waited for them go on.
 * What a person paused was seen all the time and is only decided anew; what drifted is read (1 token a record). May be
 * done twice.
 */
export async function finishResumed(app: App): Promise<void> {
  for (const tenantId of await app.pausedFields.toFinish(IN_FORCE_WITHIN_MS)) {
    for (const row of await app.pausedFields.list(tenantId)) {
      if (row.resumedAt && Date.now() - row.resumedAt.getTime() >= IN_FORCE_WITHIN_MS) await finish(app, row);
    }
    await app.ringer.ringDue(tenantId);
  }
}

async function finish(app: App, row: TenantPausedField): Promise<void> {
  const { tenantId, role, field, cause, resumedAt } = row;
  const object = ROLE_OBJECT[role];
  await app.pausedFields.wake(tenantId, row);
  if (cause === "person") await app.pausedFields.decideAnew(tenantId, object);
  else {
    const key = `resume ${role}.${field} ${resumedAt?.getTime()}`;
    let behind: number | null = 0;
    while (behind !== null)
      behind = (await askKnownRecords(app, tenantId, { object }, { asked: "a resumed field", key }, behind)).last;
  }
  await app.pausedFields.finish(row);
}

/** The roles in which the mapping in force has such a field. @throws InputError NO_MAPPING, FIELD_UNKNOWN, FIELD_AMBIGUOUS */
export async function namedFields(
  app: App,
  tenantId: string,
  { field: word, object }: FieldAsked,
): Promise<FieldName[]> {
  await app.tenants.known(tenantId);
  const live = await app.mappings.live(tenantId);
  if (!live) throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant");
  const all = ROLES.flatMap((role) => live.plan.roles[role].map((plan) => ({ role, plan })));
  const found = all.filter(({ role, plan }) => (!object || ROLE_OBJECT[role] === object) && isCalled(plan, role, word));
  if (found.length === 0) {
    const near = nearest(word, [...new Set(all.map(({ plan }) => plan.label))]);
    const hint = near ? `did you mean "${near}"?` : `see \`partnersync mapping show ${tenantId} --effective\``;
    throw new InputError("FIELD_UNKNOWN", `the mapping of ${tenantId} has no such field`, "field", hint);
  }
  const objects = [...new Set(found.map(({ role }) => ROLE_OBJECT[role]))];
  if (objects.length > 1) {
    const hint = `say of which: --object ${objects.join(" or ")}`;
    throw new InputError("FIELD_AMBIGUOUS", `several objects have a field of that name`, "field", hint);
  }
  return found.map(({ role, plan }) => ({ role, field: plan.field }));
}

function isCalled({ field, label }: FieldPlan, role: Role, word: string): boolean {
  return [label, field, programField(field), `${role}.${field}`].some((name) => fold(name) === fold(word));
}
