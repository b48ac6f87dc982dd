import type { CommandBody } from "../partner/adapter.ts";
import { encodeProgram } from "../sync/codec.ts";
import type { Value } from "../sync/model.ts";
import type { LinkWrite } from "./decide-links.ts";
import { record } from "./identity.ts";
import type { Round, WrittenField } from "./round.ts";
import { toWritten } from "./write-pipedrive.ts";

export interface NextCommand {
  /** The command for the version that the aggregate has when it is sent. */
  build(version: number): CommandBody;
  fields: WrittenField[];
}

/** Fields that say how a deal ended: they travel together, as an outcome. */
const OUTCOME_FIELDS = ["sales.status", "sales.lost_reason", "sales.closed_at"];

/** The inbound writes of one decision as the program's commands, in the order they are sent. */
export function commandsFor(writes: LinkWrite[], round: Round): NextCommand[] {
  const partner = writes.filter((write) => write.link.role === "partner");
  const deal = writes.filter((write) => write.link.role === "deal");
  const values = deal.filter((write) => !OUTCOME_FIELDS.includes(write.field));
  const outcome = deal.filter((write) => OUTCOME_FIELDS.includes(write.field));
  return [
    ...(partner.length > 0 ? [partnerCommand(partner, round)] : []),
    ...(values.length > 0 ? [valuesCommand(values, round)] : []),
    ...outcomeCommand(outcome, round),
  ];
}

/** Only what changed travels; a status that is not named stays as it is. */
export function partnerCommand(writes: LinkWrite[], round: Round): NextCommand {
  const status = writes.find((write) => write.field === "partner.status");
  const others = writes.filter((write) => write !== status);
  if (status?.link.state === "orphaned") return statusCommand(status, round);
  return {
    fields: writes.map(toWritten),
    build: (version) => ({
      command: "partner.upsert_from_crm",
      crm_org_id: round.claim.crmId ?? 0,
      fields: named(others, "partner."),
      status: typeof status?.value === "string" ? status.value : null,
      expected_version: version,
    }),
  };
}

/** The Organization is gone: there is nothing to name the partner by but its own id. */
function statusCommand(status: LinkWrite, round: Round): NextCommand {
  return {
    fields: [toWritten(status)],
    build: (version) => ({
      command: "partner.set_status",
      partner_id: round.program?.id ?? "",
      status: String(status.value),
      expected_version: version,
    }),
  };
}

function valuesCommand(writes: LinkWrite[], round: Round): NextCommand {
  return {
    fields: writes.map(toWritten),
    build: (version) => ({
      command: "registration.update_from_crm",
      registration_id: round.claim.programId ?? "",
      changes: named(writes, /^(registration|sales)\./),
      expected_version: version,
    }),
  };
}

/** Won and lost carry their time and reason with them; open again only where the program had an outcome. */
function outcomeCommand(writes: LinkWrite[], round: Round): NextCommand[] {
  if (writes.length === 0) return [];
  const crm = round.crm?.values ?? {};
  const outcome = crm["sales.status"];
  const registration_id = round.claim.programId ?? "";
  const fields = writes.map(toWritten);
  const before = record(round.program?.data.sales).status;
  const reopen: NextCommand = {
    fields: [],
    build: (version) => ({ command: "registration.reopen", registration_id, expected_version: version }),
  };
  if (outcome === "won" || outcome === "lost") {
    const amount = record(encodeAmount(crm["registration.amount"] ?? null));
    // Confirmed, never changed: an amount that differs is the business of its own field, and may be on its way to the CRM.
    const known = record(round.program?.data.amount);
    const agreed = known.value === amount.value && known.currency === amount.currency;
    return [
      // From won to lost and back the program goes by way of open.
      ...(before === (outcome === "won" ? "lost" : "won") ? [reopen] : []),
      {
        fields,
        build: (version) => ({
          command: "registration.set_outcome",
          registration_id,
          outcome,
          closed_at: textOf(crm["sales.closed_at"]),
          reason: outcome === "lost" ? textOf(crm["sales.lost_reason"]) : null,
          value: agreed && typeof amount.value === "number" ? (amount as { value: number; currency: string }) : null,
          expected_version: version,
        }),
      },
    ];
  }
  if (outcome !== "open" || (before !== "won" && before !== "lost")) return [];
  return [{ ...reopen, fields }];
}

function named(writes: LinkWrite[], prefix: string | RegExp): Record<string, unknown> {
  return Object.fromEntries(
    writes.map((write) => [write.field.replace(prefix, ""), encodeProgram(write.plan, write.value)]),
  );
}

function encodeAmount(value: Value): unknown {
  const isMoney = typeof value === "object" && value !== null && "amount" in value;
  return isMoney ? { value: Number(value.amount), currency: value.currency } : null;
}

function textOf(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}
