import { crmRecordOf } from "../partner/crm-record.ts";
import { agreePair } from "../sync/agreement.ts";
import { isUnmapped } from "../sync/canonical.ts";
import { encodeProgram, programValues } from "../sync/codec.ts";
import { type BasePair, type FieldPlan, OWN_ROLE, ROLE_OBJECT } from "../sync/model.ts";
import { carriesStatus } from "./fold.ts";
import { linkTo } from "./link-to.ts";
import { adoptionAsked } from "./old-ids.ts";
import { isFormer, isUntied, ownLink, type Round, raise, subjectOf, type WrittenField } from "./round.ts";
import type { Steps } from "./steps.ts";
import { planOfField } from "./tenant.ts";
import { sendCommand } from "./write-program.ts";

/**
 * True when an Organization carries a status that puts it into the program, and is not linked yet. One that was last
 * changed before the mapping's `start_at` is left alone until somebody changes it.
 */
export function wantsEnrolment(round: Round): boolean {
  const { claim, crm, tenant } = round;
  if (tenant.plan.postsOnly || claim.object !== "organization" || !crm || crm.deleted || !isUnlinkedPartner(round))
    return false;
  if (isUntied(round, "partner")) return false;
  if (round.wokeOutbound) return false; // our own create of a partner that the program has already
  if (statusPlan(round)?.paused || round.deferred > 0) return false; // old ids are cleared first
  return carriesStatus(round) && Date.parse(crm.updateTime) >= Date.parse(tenant.plan.startAt);
}

function statusPlan({ tenant }: Round): FieldPlan | undefined {
  return tenant.plan.roles.partner.find(({ field }) => field === "partner.status");
}

function isUnlinkedPartner(round: Round): boolean {
  return !round.links.some((link) => link.role === "partner");
}

/** Puts an Organization into the program: picking a status in Pipedrive is the trigger. */
export async function enrol(round: Round, steps: Steps): Promise<void> {
  const { tenant, claim } = round;
  const plan = tenant.plan.roles.partner.filter(isOfEnrolment);
  const fields: WrittenField[] = [];
  const named: Record<string, unknown> = {};
  let status: string | null = null;
  for (const field of plan) {
    const value = round.crm?.values[field.field];
    if (value === undefined || isUnmapped(value)) continue;
    fields.push({ linkId: null, role: "partner", field: field.field, value, source: value, rule: "create" });
    if (field.field === "partner.status") status = typeof value === "string" ? value : null;
    else named[field.field.replace("partner.", "")] = encodeProgram(field, value);
  }
  await sendCommand(
    round,
    steps,
    { command: "partner.upsert_from_crm", crm_org_id: claim.crmId ?? 0, fields: named, status, expected_version: null },
    fields,
  );
  round.did.push("enrolled the partner");
  round.again.add("outbound"); // its id goes back onto the organization
}

/** The program cannot begin a partner without name and status, whoever has the say about them from then on. */
function isOfEnrolment({ field, direction, paused }: FieldPlan): boolean {
  if (paused) return false;
  return direction !== "program_to_crm" || field === "partner.status" || field === "partner.name";
}

/**
 * The program already ties this aggregate to the record: its event beat our answer, or it was there before us. Such an
 * event is routed here by the Pipedrive id it names, or that id stands in what is seen of an aggregate known before.
 */
export async function adopt(round: Round, steps: Steps): Promise<void> {
  const { program, claim } = round;
  if (!program || ownLink(round) || round.crm?.deleted) return;
  const role = OWN_ROLE[program.kind];
  const asked = adoptionAsked(round);
  const { object, crmId } = claim.object ? claim : (asked ?? crmRecordOf(program.kind, program.data) ?? claim);
  if (crmId === null || ROLE_OBJECT[role] !== object) return;
  if (!asked && isFormer(round, { role, crmId, programId: program.id })) return;
  if (!claim.object) round.again.add("outbound"); // the record has yet to be read
  const intent = round.intents.find((open) => open.type === "command");
  await linkTo(round, steps, {
    role,
    crmId,
    programId: program.id,
    createdBy: asked ? "adopt" : "program",
    bases: adoptedBases(round, intent?.body.fields ?? []),
    ...(intent && { intent }),
  });
}

/** What our own command sent and the event shows is agreed; everything else is decided at first contact. */
function adoptedBases(round: Round, fields: WrittenField[]): Record<string, BasePair> {
  if (!round.program) return {};
  const plan = round.tenant.plan.roles.partner;
  const values = programValues(plan, round.program, { link: () => undefined });
  const bases: Record<string, BasePair> = {};
  for (const { role, field, value, source } of fields) {
    const pair = agreePair(planOfField(round.tenant.plan, role, field), value, source, values[field], false);
    if (pair) bases[field] = pair;
  }
  return bases;
}

/** A status that somebody added to the drop-down and the mapping does not know. */
export function reportUnknownStatus(round: Round): void {
  const status = round.crm?.values["partner.status"];
  if (round.claim.object !== "organization" || !isUnlinkedPartner(round) || !isUnmapped(status)) return;
  const plan = statusPlan(round);
  if (plan?.paused) return;
  const label = plan?.label;
  raise(round, {
    code: "OPTION_UNMAPPED",
    field: "partner.status",
    message: `${round.claim.tenantId}: ${subjectOf(round)} has a ${label} that the mapping does not know; it stays out of the program. Choose one of the mapped values, or add this one to the mapping.`,
  });
}
