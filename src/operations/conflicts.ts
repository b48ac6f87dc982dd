import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { ConflictPage, ConflictView, Saying } from "../store/conflicts.ts";
import { sameRaw } from "../sync/agreement.ts";
import { fold } from "../sync/mapping/words.ts";
import { type MappingPlan, programField, ROLES } from "../sync/model.ts";

/** Of whom a person says that its value stands; `apart`: both do. */
export type Choice = "crm" | "program" | "apart";

/**
 * Conflicts of a tenant, the latest first, without their values.
 *
 * @param field by its label in Pipedrive, or by its path in the program
 * @throws InputError UNKNOWN_TENANT
 */
export async function listConflicts(
  app: App,
  tenantId: string,
  asked: Omit<ConflictPage, "fields"> & { field?: string | undefined },
) {
  await app.tenants.known(tenantId);
  const { field, ...page } = asked;
  const plan = await planOf(app, tenantId);
  const fields = field === undefined ? undefined : [field, ...namedBy(plan, field)];
  const rows = await app.conflicts.page(tenantId, { ...page, fields });
  return rows.map((row) => ({ ...row, label: labelOf(plan, row) }));
}

/** One with all its evidence. @throws InputError UNKNOWN_TENANT, UNKNOWN_CONFLICT */
export async function findConflict(app: App, tenantId: string, id: number) {
  await app.tenants.known(tenantId);
  const found = await app.conflicts.get(tenantId, id);
  if (found) {
    const plan = await planOf(app, tenantId);
    return {
      ...found,
      label: labelOf(plan, found),
      plan: plan?.roles[found.role].find(({ field }) => field === found.field),
    };
  }
  const hint = `see \`partnersync conflict list --tenant ${tenantId} --all\``;
  throw new InputError("UNKNOWN_CONFLICT", `${tenantId} has no conflict ${id}`, "conflict", hint);
}

/**
 * A person decides an open conflict. The lane carries it out: the other side is given the value, or, kept apart, both
 * values stand and are no conflict until a side changes.
 *
 * @param seen the version of the conflict that this person looked at
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_CONFLICT, CONFLICT_NOT_OPEN, CONFLICT_CHANGED
 */
export async function decideConflict(
  app: App,
  tenantId: string,
  id: number,
  { choice, seen, by }: { choice: Choice; seen: number; by: Actor },
) {
  const found = await findConflict(app, tenantId, id);
  if (found.state !== "open" || found.verdict !== null) {
    const how = found.verdict === null ? `is ${found.state}` : "has been decided, and that is being carried out";
    const hint = `take that back first: partnersync conflict undo ${id} --tenant ${tenantId}`;
    throw new InputError("CONFLICT_NOT_OPEN", `conflict ${id} of ${tenantId} ${how}`, "conflict", hint);
  }
  if (found.version !== seen) throw changed(found);
  const word = { crm: found.evidence.crm, program: found.evidence.program };
  const state = choice === "apart" ? "apart" : "open";
  return say(app, found, { version: seen, state, verdict: choice === "apart" ? null : choice, word, by: by.name });
}

/**
 * Takes a decision back. One that is not carried out yet is withdrawn; what was kept apart is open again; of one that was
 * carried out, by a person or a rule, the overwritten value is put back beside the one that won, by the same lane: then it
 * is open again where the mapping leaves it to people, and both values stand apart otherwise.
 *
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_CONFLICT, CONFLICT_NOT_DECIDED, CONFLICT_OVERTAKEN, CONFLICT_CHANGED
 */
export async function undoConflict(app: App, tenantId: string, id: number, by: Actor) {
  const found = await findConflict(app, tenantId, id);
  const { version, state, verdict, winner, evidence } = found;
  if (state === "apart" || (state === "open" && verdict !== null))
    return say(app, found, { version, state: "open", verdict: null, word: null, by: by.name });
  if (state !== "decided" || verdict !== null || winner === null) {
    const how = verdict === null ? `is ${state}: there is no decision to take back` : "is being undone already";
    throw new InputError("CONFLICT_NOT_DECIDED", `conflict ${id} of ${tenantId} ${how}`, "conflict");
  }
  const why = overtaken(found);
  if (why) {
    const hint = `see what is there now: partnersync record ${found.object} ${found.crmId} --tenant ${tenantId}`;
    throw new InputError(
      "CONFLICT_OVERTAKEN",
      `conflict ${id} of ${tenantId} cannot be undone: ${why}`,
      "conflict",
      hint,
    );
  }
  const to = winner === "crm" ? "program" : "crm";
  const { crm = null, program = null } = evidence.after ?? {};
  const word = { crm, program, putBack: { to, value: evidence[to] } } as const;
  return say(app, found, { version, state, verdict: "undo", word, by: by.name });
}

/** How often each field had to be written again, with labels. @throws InputError UNKNOWN_TENANT */
export async function listRewrites(app: App, tenantId: string) {
  await app.tenants.known(tenantId);
  const [rows, plan] = await Promise.all([app.conflicts.rewrites(tenantId), planOf(app, tenantId)]);
  return rows.map((row) => ({ ...row, label: labelOf(plan, row) }));
}

/** What has happened to the field since; null: nothing. */
function overtaken({ later, linked, base, evidence: { after } }: ConflictView): string | null {
  if (later !== null) return `conflict ${later} tells of the same field since`;
  if (!linked) return "the record is no longer linked";
  if (!after || !base) return "nobody knows what the sides made of the value";
  if (!sameRaw(base.crm, after.crm)) return "the field has changed in Pipedrive since";
  return sameRaw(base.program, after.program) ? null : "the field has changed in the partner program since";
}

async function say(app: App, found: ConflictView, saying: Saying): Promise<{ state: string; verdict: string | null }> {
  if (!(await app.conflicts.say(found.tenantId, found.id, saying))) throw changed(found);
  await app.ringer.ringDue(found.tenantId);
  return { state: saying.state, verdict: saying.verdict };
}

function changed({ id, tenantId }: ConflictView): InputError {
  const hint = `look at it and decide again: partnersync conflict show ${id} --tenant ${tenantId}`;
  return new InputError(
    "CONFLICT_CHANGED",
    `conflict ${id} of ${tenantId} has changed since it was looked at`,
    "seen",
    hint,
  );
}

/** What is wrong with a mapping is told elsewhere. */
async function planOf(app: App, tenantId: string): Promise<MappingPlan | null> {
  const live = await app.mappings.live(tenantId).catch(() => null);
  return live?.plan ?? null;
}

function labelOf(plan: MappingPlan | null, { role, field }: Pick<ConflictView, "role" | "field">): string {
  return plan?.roles[role]?.find((candidate) => candidate.field === field)?.label ?? field;
}

function namedBy(plan: MappingPlan | null, word: string): string[] {
  const all = ROLES.flatMap((role) => plan?.roles[role] ?? []);
  const isCalled = (names: string[]) => names.some((name) => fold(name) === fold(word));
  return all.filter(({ label, field }) => isCalled([label, field, programField(field)])).map(({ field }) => field);
}
