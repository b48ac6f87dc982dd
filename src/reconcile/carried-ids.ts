import type { CrmObject, ProgramKind } from "../sync/model.ts";
import { seeRecord } from "./fold.ts";
import { isAlive, OWN_ROLES, takeOver } from "./merges.ts";
import { hasOrders } from "./old-ids.ts";
import { activeLinks, isFormer, ownLink, type Round, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";
import { planOfObject } from "./tenant.ts";

const OWN_KIND = { organization: "partner", person: "contact", deal: "deal_registration" } as const satisfies Record<
  CrmObject,
  ProgramKind
>;
const PREFIXES: Record<string, ProgramKind> = { prt: "partner", usr: "contact", reg: "deal_registration" };

/**
 * Looks at the ids that the record carries. One that belongs elsewhere holds the record: nothing is written about it on
 * either side, with a finding, until it is put right in Pipedrive.
 *
 * @returns true when this run is over: the record turned out to have taken another one's place
 */
export async function checkCarriedIds(round: Round, steps: Steps): Promise<boolean> {
  const { object, crmId, tenantId } = round.claim;
  if (!object || crmId === null) return false;
  // A copy whose ids a person wants emptied is put right by that.
  const isOrdered = hasOrders(round);
  if (round.apart.twins.length > 0 && !(isOrdered && activeLinks(round).length === 0))
    return checkTwins(round, steps, object, crmId);
  if (!round.crm || round.crm.deleted || isOrdered) return false;
  if (await isSwapped(round, steps, object)) return false;
  const id = carried(round, "allbound_id");
  const own = ownLink(round);
  if (id === null || own?.programId === id || round.apart.aliases.includes(id)) return false;
  if (own) {
    hold(round, object, "ID_MISMATCH", "holds another id than the one this record is linked by");
    return false;
  }
  if (isFormer(round, { role: OWN_ROLES[object], crmId, programId: id })) return false; // a person has parted them
  return checkForeign(round, steps, { tenantId, object, crmId, id });
}

/** An unlinked record with the id of one that is linked: its successor after a merge, or a copy of it. */
async function checkForeign(
  round: Round,
  steps: Steps,
  { tenantId, object, crmId, id }: { tenantId: string; object: CrmObject; crmId: number; id: string },
): Promise<boolean> {
  const link = await steps.relinks.ownLinkOf(tenantId, OWN_KIND[object], id);
  if (!link || link.crmId === crmId || link.object !== object) return false;
  const present = await isAlive(round, steps, crmId); // a late webhook may show what was put right since
  if (!present) return false;
  seeRecord(round, present);
  if (carried(round, "allbound_id") !== id) return false;
  const other = await isAlive(round, steps, link.crmId);
  if (!other) return takeOver(round, steps, link.crmId);
  const key = keyOf(round, object, "allbound_id");
  if (key !== null && other.custom_fields[key] === id) {
    await steps.relinks.quarantine(tenantId, { object, crmId, otherId: link.crmId, programId: id });
    tellClones(round, object, crmId, link.crmId, id);
  } else hold(round, object, "ID_MISMATCH", `holds the id of ${object} ${link.crmId}`);
  return false;
}

/** Two records with one id stay apart until one of them is gone, or the later one carries it no more. */
async function checkTwins(round: Round, steps: Steps, object: CrmObject, crmId: number): Promise<boolean> {
  const id = carried(round, "allbound_id");
  const isOther = (programId: string) => isShown(round, "allbound_id") && id !== programId;
  const over = (twin: Round["apart"]["twins"][number]) =>
    round.crm?.deleted || (twin.isCopy && isOther(twin.programId));
  const standing = round.apart.twins.filter((twin) => !over(twin));
  if (standing.length === 0 || standing.length < round.apart.twins.length) {
    await steps.relinks.release(round.claim.tenantId, { object, crmId });
    round.apart.twins = [];
    round.again.add("inbound").add("outbound");
    return false;
  }
  for (const { otherId, programId, isCopy } of standing) {
    if (isCopy) tellClones(round, object, crmId, otherId, programId);
    else round.held = `${object} ${otherId} carries its id as well`;
  }
  return false;
}

function tellClones(round: Round, object: CrmObject, copy: number, other: number, id: string): void {
  round.held = `${object} ${other} carries its id as well`;
  const message = `${round.claim.tenantId}: ${object} ${copy} and ${object} ${other} carry one id, ${shown(id)}, so that nobody can tell which of them is meant. Nothing is written about either. Empty that field in the wrong one, or delete or merge it.`;
  const finding = { code: "RECORD_CLONED", severity: "error", field: null, detail: null } as const;
  round.findings.push({ ...finding, subject: `${object} ${copy} and ${other}`, message });
}

/** The id of another kind of thing: fields that somebody filled the wrong way round. */
async function isSwapped(round: Round, steps: Steps, object: CrmObject): Promise<boolean> {
  const expected = { allbound_id: OWN_KIND[object], allbound_deal_id: "deal_registration" } as const;
  for (const field of ["allbound_id", "allbound_deal_id"] as const) {
    const id = carried(round, field);
    if (id === null || round.links.some(({ programId }) => programId === id)) continue;
    const kind = await kindOf(round, steps, id);
    if (kind === undefined || kind === expected[field]) continue;
    hold(round, object, "ID_SWAPPED", `holds the id of a ${kind.replace("_", " ")}`, field);
    return true;
  }
  return false;
}

/** By its prefix; ids without one are looked up among the links. */
async function kindOf(round: Round, steps: Steps, id: string): Promise<ProgramKind | undefined> {
  if (round.tenant.plan.idFormat === "opaque") return steps.relinks.kindOf(round.claim.tenantId, id);
  return PREFIXES[/^([a-z]{3})_/.exec(id)?.[1] ?? ""];
}

function hold(round: Round, object: CrmObject, code: string, what: string, field = "allbound_id"): void {
  const label = planOfObject(round.tenant.plan, object).find((plan) => plan.field === field)?.label ?? field;
  round.held = `${label} ${what}`;
  const message = `${round.claim.tenantId}: ${subjectOf(round)}: ${label} ${what}. Nothing is written about this record, and the field is never overwritten. Put the right id there or empty it; if the link is wrong, unlink it.`;
  raise(round, { code, severity: "error", field, message });
}

/** What an id field holds; null where it is empty, not mapped or stands still. */
function carried(round: Round, field: string): string | null {
  const { object } = round.claim;
  const plan = object && planOfObject(round.tenant.plan, object).find((one) => one.field === field);
  const value = plan && !plan.paused ? round.crm?.values[field] : null;
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** What the field holds is known: one that stands still, or was not shown, tells nothing, not even that it is empty. */
function isShown({ claim, crm, tenant }: Round, field: string): boolean {
  const plan = claim.object && planOfObject(tenant.plan, claim.object).find((one) => one.field === field);
  return Boolean(plan && !plan.paused) && crm?.values[field] !== undefined;
}

function keyOf(round: Round, object: CrmObject, field: string): string | null {
  const crm = planOfObject(round.tenant.plan, object).find((plan) => plan.field === field)?.crm;
  return crm && "custom" in crm ? crm.custom : null;
}

function shown(id: string): string {
  return /^\w{1,64}$/.test(id) ? id : "which is no id of ours";
}
