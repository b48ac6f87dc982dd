import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import { InputError, NotFoundError } from "../errors.ts";
import { releaseOf } from "../reconcile/settle.ts";
import type { Claim, HistoryRow } from "../store/lane-rows.ts";
import type { Pair, PairedLink } from "../store/relinks.ts";
import { ROLE_KIND, ROLE_OBJECT, ROLES, type Role } from "../sync/model.ts";
import { activeConnection } from "./ask-records.ts";
import { syncRecord } from "./sync-record.ts";

/** What became of a pair. */
export interface Relinked extends Pair {
  tenantId: string;
  role: Role;
  /** False when it was so already. */
  changed: boolean;
  /** Of a link: it goes on from what both sides agreed on before it was unlinked. */
  formerBases: boolean;
}

/** A lane that is worked on is waited for so long. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * Ties a record and an aggregate together because a person says so: exactly these two, whatever either carries or is
 * called. Both are read (1 token) and brought into step by the mapping. A pair that was unlinked goes on from what both
 * sides agreed on then, so each side's changes since count as its own. Nothing is written by this itself. Undone by
 * `unlinkRecord`. Linking what is linked does nothing.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED, PAIR_IMPOSSIBLE, ALREADY_LINKED, UNKNOWN_RECORD, RECORD_BUSY
 */
export async function linkRecord(app: App, tenantId: string, pair: Pair, by: string): Promise<Relinked> {
  await app.tenants.known(tenantId);
  const role = roleOf(pair);
  const before = await app.relinks.around(tenantId, role, pair);
  const same = before.find((link) => isSame(link, pair) && link.state === "active");
  if (same) return { ...pair, tenantId, role, changed: false, formerBases: false };
  refuseSecond(tenantId, before, pair);
  await checkBothExist(app, tenantId, pair);
  const former = await app.relinks.formerPair(tenantId, role, pair);
  const key = await app.tenants.key(tenantId);
  const laneId = await app.relinks.laneOf(tenantId, pair);
  await withClaim(app, laneId, pair, async (claim) => {
    // Looked at again while nobody else can link this record.
    refuseSecond(tenantId, await app.relinks.around(tenantId, role, pair), pair);
    const result = await app.writes.link(claim, {
      role,
      ...pair,
      createdBy: "hand",
      bases: former ? key.sealJson("link.bases", former.bases) : null,
      seenCrm: null,
      intentId: null,
      identities: [],
      history: await historyOf(app, tenantId, { role, pair, event: "linked", by }),
    });
    if (result.outcome === "occupied") throw alreadyLinked(tenantId, pair, `${pair.object} ${pair.crmId}`);
    if (result.outcome !== "linked") return false;
    await app.relinks.forget(tenantId, role, pair);
    return true;
  });
  await app.relinks.release(tenantId, pair); // it is no copy of another one any more
  await lookAtBoth(app, tenantId, pair);
  return { ...pair, tenantId, role, changed: true, formerBases: former !== null };
}

/**
 * Unties a record from its aggregate. Neither side's fields are touched: ids of ours stay in Pipedrive until somebody
 * empties them. The program is told that the record is none of its any more; an identity that was reserved for it is
 * free. The sync never ties the two together again by itself, enrols the record or makes another one for the aggregate;
 * `linkRecord` does, with what both sides had agreed on. Unlinking what was unlinked does nothing.
 *
 * @throws InputError UNKNOWN_TENANT, PAIR_IMPOSSIBLE, NOT_LINKED, RECORD_BUSY
 */
export async function unlinkRecord(app: App, tenantId: string, pair: Pair, by: string): Promise<Relinked> {
  await app.tenants.known(tenantId);
  const role = roleOf(pair);
  const link = (await app.relinks.around(tenantId, role, pair)).find((one) => isSame(one, pair));
  const done = { ...pair, tenantId, role, formerBases: false };
  if (!link) {
    if (await app.relinks.formerPair(tenantId, role, pair)) return { ...done, changed: false };
    const hint = `see \`partnersync record ${pair.object} ${pair.crmId} --tenant ${tenantId}\``;
    throw new InputError("NOT_LINKED", `${tenantId}: ${named(pair)} are not linked`, "programId", hint);
  }
  await withClaim(app, link.laneId, pair, async (claim) => {
    const history = await historyOf(app, tenantId, { role, pair, event: "unlinked", by });
    return app.relinks.unlink(claim, link.id, by, history);
  });
  await app.relinks.release(tenantId, pair);
  await app.ringer.ringDue(tenantId);
  return { ...done, changed: true };
}

/** In which role the two can stand for each other. @throws InputError PAIR_IMPOSSIBLE */
function roleOf({ object, kind }: Pair): Role {
  const role = ROLES.find((one) => ROLE_OBJECT[one] === object && ROLE_KIND[one] === kind);
  if (role) return role;
  const hint =
    "an organization is a partner, or the customer of a deal_registration; a person is a contact, or that customer's; a deal is a deal_registration";
  throw new InputError("PAIR_IMPOSSIBLE", `${object} and ${kind} cannot stand for each other`, "kind", hint);
}

function isSame(link: PairedLink, { crmId, programId }: Pair): boolean {
  return link.crmId === crmId && link.programId === programId;
}

/** One record has one partner, and one partner one record. @throws InputError ALREADY_LINKED */
function refuseSecond(tenantId: string, links: PairedLink[], pair: Pair): void {
  const other = links.find((link) => !isSame(link, pair));
  if (other) throw alreadyLinked(tenantId, other, other.crmId === pair.crmId ? record(other) : aggregate(other));
}

function alreadyLinked(tenantId: string, other: Pair, what: string): InputError {
  const { object, crmId, kind, programId } = other;
  const hint = `if that is wrong: partnersync unlink ${object} ${crmId} ${kind} ${programId} --tenant ${tenantId}`;
  return new InputError("ALREADY_LINKED", `${tenantId}: ${what} is linked: ${named(other)}`, "programId", hint);
}

const record = ({ object, crmId }: Pair) => `${object} ${crmId}`;
const aggregate = ({ kind, programId }: Pair) => `${kind} ${programId}`;
const named = (pair: Pair) => `${record(pair)} and ${aggregate(pair)}`;

/** @throws InputError NOT_CONNECTED, UNKNOWN_RECORD */
async function checkBothExist(app: App, tenantId: string, pair: Pair): Promise<void> {
  const pipedrive = await app.clients.pipedrive(await activeConnection(app, tenantId, "pipedrive"));
  const program = await app.clients.program(await activeConnection(app, tenantId, "program"));
  const missing = (what: string, where: string) =>
    new InputError("UNKNOWN_RECORD", `${tenantId}: ${where} has no ${what}`, "id", "see that the id is right");
  const found = await orNull(pipedrive.get(pair.object, pair.crmId, { purpose: "link" }));
  if (!found || found.is_deleted) throw missing(record(pair), "Pipedrive");
  if (!(await orNull(program.get(pair.kind, pair.programId)))) throw missing(aggregate(pair), "the partner program");
}

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error) => {
    if (error instanceof NotFoundError) return null;
    throw error;
  });
}

/**
 * Does something under the lane's claim, again and again while it answers false.
 *
 * @throws InputError RECORD_BUSY
 */
async function withClaim(
  app: App,
  laneId: number,
  pair: Pair,
  work: (claim: Claim) => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  do {
    const claim = await app.lanes.claim(laneId, "inbound");
    if (claim) {
      let done = false;
      try {
        done = await work(claim);
      } finally {
        await app.lanes.settle(releaseOf(claim, { ...UNCHANGED, ...claim }));
      }
      if (done) return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (Date.now() < until);
  throw new InputError("RECORD_BUSY", `${named(pair)} are being worked on`, "id", "try again in a moment");
}

/** The lane is due at once, and its next run says what is left to do. */
const UNCHANGED = { retryAt: {}, blocked: null, stopped: false, cause: null, note: null };

async function historyOf(
  app: App,
  tenantId: string,
  { role, pair, event, by }: { role: Role; pair: Pair; event: "linked" | "unlinked"; by: string },
): Promise<HistoryRow> {
  const key = await app.tenants.key(tenantId);
  const { crmId, programId } = pair;
  const content = key.sealJson("history.content", { crmId, programId, by }).toString("base64");
  const revision = (await app.mappings.liveRevision(tenantId)) ?? 0;
  const fixed = { field: "link", rule: "hand", winner: null, intent_id: null };
  return { role, program_id: programId, event, revision, content, salt: randomBytes(16).toString("base64"), ...fixed };
}

/** What is known of either may be old by now. */
async function lookAtBoth(app: App, tenantId: string, { object, crmId, kind, programId }: Pair): Promise<void> {
  await syncRecord(app, tenantId, { object, crmId });
  await syncRecord(app, tenantId, { kind, programId });
}
