import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError, RecordError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { RollOut, TrialName } from "../store/roll-outs.ts";
import { askKnownRecords, askRecords } from "./ask-records.ts";
import { checkMappingText } from "./check-mapping.ts";
import { carried } from "./existing-records.ts";
import { loadMapping } from "./load-mapping.ts";
import { conflictsAmong, findOldIds, orderOldIds } from "./old-ids.ts";

/** So many records are asked for at once when all are: what goes wrong stops the rest. */
const PAGE = 100;
/** Of organizations, in one listing. */
const LISTED = 500;
const SOON_MS = 200;
const LATER_MS = 5_000;

export const ROLL_OUT_CODES = ["ROLL_OUT_PAUSED", "EXISTING_IDS", "EXISTING_ID_CONFLICT"] as const;

/** How a step ended: the next one is due at once, after a moment, or when a person says so. */
type Step = "on" | { waitMs: number } | { pause: string } | "done";

/**
 * Makes the next steps of the roll-outs under way. Every step may be broken off and made again: what it asks of the
 * workers is asked once however often it is said, and where it goes on is written down behind it.
 */
export async function stepRollOuts(app: App): Promise<void> {
  for (let roll = await app.rollOuts.take(); roll; roll = await app.rollOuts.take()) await takeStep(app, roll);
}

async function takeStep(app: App, roll: RollOut): Promise<void> {
  const step = await STAGES[roll.stage](app, roll).catch((error: unknown): Step => {
    if (error instanceof InputError || error instanceof RecordError) return { pause: error.message };
    app.log.warn({ err: error, tenant: roll.tenantId }, "a roll-out's step is made again later");
    return { waitMs: LATER_MS };
  });
  if (step === "done") return app.rollOuts.end(roll, "done");
  if (step === "on") return app.rollOuts.release(roll, 0);
  if ("waitMs" in step) return app.rollOuts.release(roll, step.waitMs);
  await pauseRollOut(app, roll, step.pause);
}

async function pauseRollOut(app: App, roll: RollOut, cause: string): Promise<void> {
  const { tenantId, revision, stage } = roll;
  const hint = `Mend that, then: partnersync mapping apply --continue --tenant ${tenantId}; or: partnersync mapping rollback ${tenantId}`;
  const message = `${tenantId}: the roll-out of revision ${revision} has stopped (${STAGE_WORDS[stage]}): ${cause} ${hint}`;
  await app.findings.raise({ tenantId, code: "ROLL_OUT_PAUSED", severity: "error", message, subject: "roll-out" });
  await app.rollOuts.pause(roll, cause);
}

export const STAGE_WORDS: Record<RollOut["stage"], string> = {
  canary: "trying the test records",
  ids: "looking at ids that are there already",
  first: "the first records",
  all: "all records",
};

const STAGES: Record<RollOut["stage"], (app: App, roll: RollOut) => Promise<Step>> = {
  canary: tryCanary,
  ids: settleIds,
  first: tryFirst,
  all: goOnToAll,
};

/** The document's own test records: written to, read back and restored. */
async function tryCanary(app: App, roll: RollOut): Promise<Step> {
  const check = await checkMappingText(roll.document, {
    live: true,
    canary: "errors only",
    app,
    ofTenant: roll.tenantId,
  });
  const [wrong] = check.findings.filter(({ severity }) => severity === "error");
  if (wrong) return { pause: `${wrong.code}: ${wrong.message}` };
  await app.rollOuts.enter(roll, "ids");
  return "on";
}

/** Before anything is written: what becomes of ids that unlinked records carry is known, and conflicts are out of the way. */
async function settleIds(app: App, roll: RollOut): Promise<Step> {
  const { tenantId, existingIds } = roll;
  await app.findings.closeOfTenant(tenantId, ["EXISTING_IDS", "EXISTING_ID_CONFLICT"]);
  if (roll.former === null || existingIds) {
    const old = await findOldIds(app, roll);
    if (old.length > 0 && !existingIds) return { pause: await tellIds(app, tenantId, old.length) };
    const conflicts = existingIds === "adopt" ? await conflictsAmong(app, tenantId, old) : [];
    for (const { object, crmId, message } of conflicts) {
      const subject = `${object} ${crmId}`;
      await app.findings.raise({ tenantId, code: "EXISTING_ID_CONFLICT", severity: "error", message, subject });
    }
    if (conflicts.length > 0)
      return { pause: `${conflicts.length} of ${old.length} ids that are there already cannot be adopted.` };
  }
  await app.rollOuts.enter(roll, "first", await chooseTrial(app, roll));
  return "on";
}

async function tellIds(app: App, tenantId: string, count: number): Promise<string> {
  const message = `${tenantId}: ${count} unlinked records carry an id already. Have them adopted or cleared: --existing-ids adopt|clear.`;
  await app.findings.raise({ tenantId, code: "EXISTING_IDS", severity: "warning", message, subject: "existing ids" });
  return `${count} unlinked records carry an id already; say with --existing-ids what becomes of them.`;
}

/** Linked records, of every object; at a first go-live organizations that will enter the program. */
async function chooseTrial(app: App, { tenantId, plan, first }: RollOut): Promise<TrialName[]> {
  if (first === 0) return [];
  const linked = await app.rollOutReach.trial(tenantId, first);
  if (linked.length > 0) return linked;
  const { records } = await listOrganizations(app, tenantId);
  const entering = records.filter((record) => {
    const { status, id } = carried(plan, record);
    return status !== null && id === null && record.update_time >= plan.startAt;
  });
  return entering.slice(0, first).map(({ id }) => ({ object: "organization", crmId: id }));
}

/** Some records are decided by the new plan while everything else goes on by the one before. */
async function tryFirst(app: App, roll: RollOut): Promise<Step> {
  const { tenantId, trial } = roll;
  const waitMs = roll.stageAt.getTime() + IN_FORCE_WITHIN_MS - Date.now();
  if (trial.length > 0 && waitMs > 0) return { waitMs };
  if (roll.asked === 0) {
    await askRecords(app, tenantId, trial, {
      asked: "a roll-out",
      key: `roll-out ${roll.id} first ${roll.stageAt.getTime()}`,
    });
    await app.rollOuts.advance(roll, { asked: trial.length });
  }
  if ((await app.rollOutReach.unsettled(tenantId, trial)) > 0) return { waitMs: SOON_MS };
  const [wrong] = await app.rollOutReach.errorsSince(tenantId, roll.stageAt, trial);
  if (wrong) return { pause: `${wrong.code}: ${wrong.message}` };
  await app.rollOuts.enter(roll, "all");
  return "on";
}

/** In force for all; every linked record is looked at, then every organization that carries a status. */
async function goOnToAll(app: App, roll: RollOut): Promise<Step> {
  const { tenantId, progress } = roll;
  if (!progress.live) {
    await loadMapping(app, roll.document, roll.startedBy, tenantId, (plan) => ({
      ...plan,
      startAt: roll.plan.startAt,
    }));
    await app.rollOuts.advance(roll, { progress: { live: true, ids: true } });
    return "on";
  }
  if (progress.ids) {
    const loadedAt = (await app.mappings.live(tenantId))?.loadedAt.getTime() ?? 0;
    const waitMs = loadedAt + IN_FORCE_WITHIN_MS - Date.now();
    if (waitMs > 0) return { waitMs }; // a worker would still decide by the revision before
    if (roll.existingIds) await orderOldIds(app, roll, await findOldIds(app, roll));
    await app.rollOuts.advance(roll, { progress: { live: true, lane: 0 } });
    return "on";
  }
  const [wrong] = await app.rollOutReach.errorsSince(tenantId, roll.stageAt, null);
  if (wrong) return { pause: `${wrong.code}: ${wrong.message}` };
  const waiting = await app.rollOutReach.waiting(tenantId);
  // Who is tied to an id that it carries does not enter a second time: that has to be over before.
  if (waiting > (progress.object && !progress.cursor ? 0 : PAGE / 2)) return { waitMs: SOON_MS };
  const key = `roll-out ${roll.id} all`;
  if (progress.lane !== undefined) {
    const page = await askKnownRecords(
      app,
      tenantId,
      { linked: true },
      { asked: "a roll-out", key },
      progress.lane,
      PAGE,
    );
    const next = page.last === null ? { live: true, object: "organization" } : { live: true, lane: page.last };
    await app.rollOuts.advance(roll, { progress: next, asked: roll.asked + page.asked });
    return "on";
  }
  if (progress.object) {
    const { records, cursor } = await listOrganizations(app, tenantId, progress.cursor);
    const asked = await enrolOf(app, roll, records, key);
    const next = cursor === null ? { live: true } : { live: true, object: "organization", cursor };
    await app.rollOuts.advance(roll, { progress: next, asked: roll.asked + asked });
    return "on";
  }
  if ((await app.rollOutReach.waiting(tenantId)) > 0) return { waitMs: SOON_MS };
  await app.findings.closeOfTenant(tenantId, ROLL_OUT_CODES);
  return "done";
}

async function enrolOf(
  app: App,
  { tenantId, plan }: RollOut,
  records: Listed["records"],
  key: string,
): Promise<number> {
  const linked = await app.rollOutReach.linkedAmong(
    tenantId,
    "organization",
    records.map(({ id }) => id),
  );
  const entering = records
    .filter((record) => !linked.has(record.id) && record.is_deleted !== true)
    .filter((record) => carried(plan, record).status !== null && record.update_time >= plan.startAt)
    .map(({ id }) => ({ object: "organization" as const, crmId: id }));
  await askRecords(app, tenantId, entering, { asked: "a roll-out", key });
  return entering.length;
}

type Listed = Awaited<ReturnType<typeof listOrganizations>>;

/** A page of up to 500, 10 tokens, oldest change first: what changes meanwhile comes again at the end. */
async function listOrganizations(app: App, tenantId: string, cursor?: string) {
  const connection = await app.connections.active(tenantId, "pipedrive");
  if (!connection) throw new InputError("NOT_CONNECTED", `${tenantId} has no working Pipedrive connection.`, "tenant");
  const pipedrive = await app.clients.pipedrive(connection);
  const page = { limit: LISTED, ...(cursor !== undefined && { cursor }) };
  return withPatience(() => pipedrive.listUpdated("organization", new Date(0), page, { purpose: "setup" }), {});
}
