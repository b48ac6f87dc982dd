import { setTimeout as after } from "node:timers/promises";
import { applyEdits, modify } from "jsonc-parser";
import type { App } from "../app.ts";
import { IN_FORCE_WITHIN_MS } from "../contexts.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { ExistingIds, RollOut } from "../store/roll-outs.ts";
import type { MappingFinding } from "../sync/mapping/finding.ts";
import { approvedProposal, putMapping } from "./approve-mapping.ts";
import { askRecords } from "./ask-records.ts";
import { readyMapping } from "./load-mapping.ts";
import { ROLL_OUT_CODES } from "./step-roll-out.ts";

export interface ApplyOptions {
  /** Records that are tried before all; default 5. */
  first: number;
  /** Organizations that carry a status enter the program whatever `start_at` says. */
  enrol: boolean;
  /** What becomes of ids that unlinked records carry. */
  existingIds: ExistingIds | null;
}

export interface Applied {
  tenantId: string;
  revision: number;
  /** `proposed`: it waits for a second person, and nothing has begun. */
  outcome: "begun" | "proposed";
  findings: MappingFinding[];
}

/** Whatever was changed when: it enters. */
const EVER = new Date(0).toISOString();

/**
 * Begins a roll-out: the workers try the document's test records, then some records, then all. Where the tenant wants
 * four eyes it is kept as a proposal.
 *
 * @throws what `readyMapping` does; InputError REVISION_NOT_NEWER, ROLL_OUT_OPEN, NOBODY_SIGNED_IN
 */
export async function applyMapping(
  app: App,
  tenantId: string,
  text: string,
  options: ApplyOptions,
  by: Actor,
): Promise<Applied> {
  const { fourEyes } = await app.tenants.known(tenantId);
  if (!fourEyes) return begin(app, tenantId, text, options, by.name);
  const { revision, findings } = await putMapping(app, tenantId, text, by);
  return { tenantId, revision, outcome: "proposed", findings };
}

/**
 * Begins the roll-out of the proposal, by a second person.
 *
 * @throws what `approvedProposal` and `applyMapping` do
 */
export async function applyProposal(
  app: App,
  tenantId: string,
  sha256: string,
  options: ApplyOptions,
  by: Actor,
): Promise<Applied> {
  const { proposal, loadedBy } = await approvedProposal(app, tenantId, sha256, by);
  const applied = await begin(app, tenantId, proposal.document, options, loadedBy);
  await app.mappings.withdraw(tenantId, sha256);
  return applied;
}

async function begin(
  app: App,
  tenantId: string,
  document: string,
  options: ApplyOptions,
  startedBy: string,
): Promise<Applied> {
  const { plan, findings } = await readyMapping(app, document, tenantId);
  const live = await app.mappings.live(tenantId);
  const again = live?.revision === plan.revision && live.document === document;
  if (live && !again && plan.revision <= live.revision) {
    const message = `revision ${plan.revision} of ${tenantId} is not newer than the live revision ${live.revision}`;
    throw new InputError("REVISION_NOT_NEWER", message, "revision", `set "revision" to ${live.revision + 1}`);
  }
  const { enrol, existingIds, first } = options;
  await app.rollOuts.begin({
    ...{ tenantId, document, enrol, existingIds, first, startedBy },
    revision: plan.revision,
    plan: enrol ? { ...plan, startAt: EVER } : plan,
    former: again ? await app.mappings.formerRevision(tenantId, plan.revision) : (live?.revision ?? null),
  });
  return { tenantId, revision: plan.revision, outcome: "begun", findings };
}

/** How the latest roll-out stands. @throws InputError UNKNOWN_TENANT, NO_ROLL_OUT */
export async function rollOutOf(app: App, tenantId: string): Promise<RollOut> {
  await app.tenants.known(tenantId);
  const latest = await app.rollOuts.latest(tenantId);
  if (latest) return latest;
  const hint = "partnersync mapping apply begins one";
  throw new InputError("NO_ROLL_OUT", `${tenantId} never had a roll-out`, "tenant", hint);
}

/**
 * A paused roll-out goes on with the stage it stopped in; what was found before counts no more.
 *
 * @throws InputError UNKNOWN_TENANT, NO_ROLL_OUT, NOT_PAUSED
 */
export async function continueRollOut(app: App, tenantId: string, existingIds: ExistingIds | null): Promise<RollOut> {
  const roll = await rollOutOf(app, tenantId);
  if (roll.state !== "paused") {
    const hint = `see \`partnersync mapping roll-out ${tenantId}\``;
    throw new InputError("NOT_PAUSED", `the roll-out of ${tenantId} is ${roll.state}, not paused`, "tenant", hint);
  }
  await app.findings.closeOfTenant(tenantId, ["ROLL_OUT_PAUSED"]);
  await app.rollOuts.goOn(roll, existingIds);
  return rollOutOf(app, tenantId);
}

export interface RolledBack {
  tenantId: string;
  /** What is in force, or on its way there: a new number for the older document. */
  revision: number | null;
  /** The revision that it repeats; null when only a trial was taken back. */
  repeats: number | null;
}

/**
 * Takes the latest change of the mapping back. While a roll-out has only tried some records, they return to the revision
 * in force. After that the document before is rolled out at once, to all, under a new revision number: numbers only ever
 * grow, and each write names the one it was decided by. May be asked again when it broke off.
 *
 * It asks for no second person, also where the tenant wants four eyes: what it brings back was approved when it came into
 * force, and who sees harm being done must not have to wait for somebody.
 *
 * @throws InputError UNKNOWN_TENANT, NOTHING_BEFORE; MappingRefusedError when the account does not fit the document any more
 */
export async function rollBack(app: App, tenantId: string, by: Actor): Promise<RolledBack> {
  await app.tenants.known(tenantId);
  const latest = await app.rollOuts.latest(tenantId);
  const live = await app.mappings.live(tenantId);
  const tried = latest && latest.state !== "done" && latest.revision !== live?.revision ? latest : null;
  if (tried && (tried.state !== "rolled back" || tried.trial.length > 0)) {
    await takeTrialBack(app, tried);
    return { tenantId, revision: live?.revision ?? null, repeats: null };
  }
  const repeats = live && (await beforeThat(app, tenantId, live.revision));
  if (!live || repeats === null) {
    const hint = "load a document that says what is wanted";
    throw new InputError("NOTHING_BEFORE", `${tenantId} has no earlier revision to go back to`, "tenant", hint);
  }
  const revision = live.revision + 1;
  const former = await app.mappings.revision(tenantId, repeats);
  const document = renumbered(former.document, revision);
  const { plan } = await readyMapping(app, document, tenantId);
  if (latest && latest.state !== "done") await app.rollOuts.end(latest, "rolled back");
  await app.findings.closeOfTenant(tenantId, ROLL_OUT_CODES);
  await app.rollOuts.begin(
    {
      ...{ tenantId, document, plan, revision, enrol: false, existingIds: null, first: 0 },
      former: await app.mappings.formerRevision(tenantId, repeats),
      startedBy: `${by.name}, back to revision ${repeats}`,
    },
    "all",
  );
  return { tenantId, revision, repeats };
}

/** What a roll-out took the place of; without one, the number before. */
async function beforeThat(app: App, tenantId: string, live: number): Promise<number | null> {
  const former = await app.rollOuts.formerOf(tenantId, live);
  return former === undefined ? app.mappings.formerRevision(tenantId, live) : former;
}

async function takeTrialBack(app: App, roll: RollOut): Promise<void> {
  const { tenantId, trial } = roll;
  await app.rollOuts.end(roll, "rolled back");
  await app.findings.closeOfTenant(tenantId, ROLL_OUT_CODES);
  if (trial.length === 0) return;
  if (!(await app.mappings.live(tenantId))) return app.rollOuts.forgetTrial(roll);
  await after(IN_FORCE_WITHIN_MS); // a worker may still decide by the plan that was tried
  await askRecords(app, tenantId, trial, { asked: "a roll-out taken back", key: `roll-out ${roll.id} back` });
  await app.rollOuts.forgetTrial(roll);
}

/** The same text with another revision number. */
function renumbered(document: string, revision: number): string {
  return applyEdits(document, modify(document, ["revision"], revision, {}));
}
