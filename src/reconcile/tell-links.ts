import type { CommandBody, UnlinkReason } from "../partner/adapter.ts";
import { crmRecordOf } from "../partner/crm-record.ts";
import { OWN_ROLE } from "../sync/model.ts";
import { ownLink, type Round } from "./round.ts";
import type { Steps } from "./steps.ts";
import { sendCommand } from "./write-program.ts";

/** What the program has to hear next about which record its aggregate is. */
type LinkNews = { tell: "link"; crmId: number } | { tell: "unlink"; reason: UnlinkReason };

/** The program has not been told yet which record stands for this aggregate, or that none does any more. */
export function wantsLinkCommand(round: Round): boolean {
  return newsOf(round) !== null;
}

/** Tells it. A record that took another one's place is told in two commands: the program ties no two to one aggregate. */
export async function tellLink(round: Round, steps: Steps): Promise<void> {
  for (let news = newsOf(round), sent = 0; news !== null && sent < 2; news = newsOf(round), sent++) {
    const body = news.tell === "link" ? await linkCommand(round, steps, news.crmId) : unlinkCommand(round, news.reason);
    await sendCommand(round, steps, body, []);
    round.did.push(
      news.tell === "link" ? `told the program its record ${news.crmId}` : `told the program: ${news.reason}`,
    );
  }
}

function newsOf(round: Round): LinkNews | null {
  const { program, tenant } = round;
  if (tenant.plan.postsOnly || !program) return null;
  const told = crmRecordOf(program.kind, program.data)?.crmId ?? null;
  const link = ownLink(round);
  if (told === null) return link && link.role !== "partner_user" ? { tell: "link", crmId: link.crmId } : null;
  if (link?.crmId === told) return null;
  const former = round.apart.former.find(({ role, crmId }) => role === OWN_ROLE[program.kind] && crmId === told);
  if (former) return { tell: "unlink", reason: former.reason };
  if (link) return link.role === "deal" ? { tell: "link", crmId: link.crmId } : null;
  // A deleted partner's status says it all; a deleted Person says nothing about who may use the portal.
  const gone = round.links.some(({ role, state, crmId }) => role === "deal" && state === "orphaned" && crmId === told);
  return gone && round.crm?.deleted ? { tell: "unlink", reason: "deleted" } : null;
}

async function linkCommand({ claim, program }: Round, steps: Steps, crmId: number): Promise<CommandBody> {
  const id = program?.id ?? "";
  if (program?.kind === "partner") return { command: "partner.link_crm", partner_id: id, org_id: crmId };
  if (program?.kind === "contact") return { command: "contact.link_crm", contact_id: id, person_id: crmId };
  const customers = await steps.links.customersOf(claim.tenantId, id);
  return {
    command: "registration.link_crm",
    registration_id: id,
    deal_id: crmId,
    org_id: customers.customer_org ?? null,
    person_id: customers.customer_person ?? null,
  };
}

function unlinkCommand({ program }: Round, reason: UnlinkReason): CommandBody {
  const id = program?.id ?? "";
  if (program?.kind === "partner") return { command: "partner.unlink_crm", partner_id: id, reason };
  if (program?.kind === "contact") return { command: "contact.unlink_crm", contact_id: id, reason };
  return { command: "registration.unlink_crm", registration_id: id, reason };
}
