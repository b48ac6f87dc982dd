import { ClaimLostError, NoEffectError, RecordError } from "../errors.ts";
import type { Linked, NewLink } from "../store/writes.ts";
import { programValues } from "../sync/codec.ts";
import { type CrmObject, type ProgramKind, ROLE_KIND, ROLE_OBJECT, type Role, type Values } from "../sync/model.ts";
import { close, sentBases } from "./acknowledge.ts";
import { toHistoryRow } from "./history-row.ts";
import { identitiesOf } from "./identity.ts";
import type { OpenIntent, Round, RoundLink, SeenCrm } from "./round.ts";
import type { Steps } from "./steps.ts";

const LINK_TRIES = 5;
const LINK_PAUSE_MS = 100;

export interface LinkTo {
  role?: Role;
  crmId: number;
  /** Default: of the intent, else this lane's aggregate. */
  programId?: string;
  createdBy: NewLink["createdBy"];
  /** The person's decision that it follows. */
  decision?: { match: number; by: string | null };
  /** The create that this link completes. */
  intent?: OpenIntent;
  /** The record as the create answered it. */
  seen?: SeenCrm;
  bases?: RoundLink["bases"];
  identities?: Buffer[];
}

/**
 * Ties a record to its aggregate, in the store at once: a link is committed before its record is read, and everybody who
 * waited for it becomes due in the same transaction.
 *
 * @throws NoEffectError while another worker holds the other lane of the same record; it is tried again soon
 * @throws RecordError RECORD_TAKEN when the record stands for another aggregate already
 */
export async function linkTo(round: Round, steps: Steps, how: LinkTo): Promise<void> {
  const role = how.role ?? how.intent?.role;
  const programId = how.programId ?? how.intent?.programId ?? round.program?.id;
  if (!role || !programId) throw new Error("a link needs its role and its program id");
  const { key } = round.tenant;
  const object: CrmObject = ROLE_OBJECT[role];
  const kind: ProgramKind = ROLE_KIND[role];
  const bases = how.bases ?? (how.intent && sentBases(how.intent.body));
  const { createdBy, decision } = how;
  const plan = round.tenant.plan.roles[role];
  const content = {
    ...{ crmId: how.crmId, programId, createdBy, ...(decision && { decision }) },
    // Changes are noted from here on: this is what they began with, as far as it is known.
    first: {
      crm: how.seen?.values ?? round.crm?.values ?? null,
      program: round.program ? programValues(plan, round.program, { link: () => undefined }) : null,
    },
  };
  const told = { event: "linked", intentId: how.intent?.id ?? null, content } as const;
  const result = await linkPatiently(round, steps, {
    role,
    object,
    crmId: how.crmId,
    kind,
    programId,
    createdBy: how.createdBy,
    bases: bases ? key.sealJson("link.bases", bases) : null,
    seenCrm: how.seen ? key.sealJson("lane.seen_crm", how.seen) : null,
    intentId: how.intent?.id ?? null,
    history: toHistoryRow(round, { role, field: "link", rule: createdBy }, told),
    identities: how.identities ?? identitiesOf(round, role),
  });
  if (result.outcome !== "linked")
    throw notLinked(round, result.outcome, `${object} ${how.crmId}`, `${kind} ${programId}`);

  if (how.intent) close(round, how.intent, "done");
  round.did.push(`${how.createdBy === "match" ? "matched" : "linked"} ${object} ${how.crmId} to ${programId}`);
  if (role === "customer_org" || role === "customer_person") return; // that record has a lane of its own
  // The claimed lane is the record's lane from now on.
  Object.assign(round.claim, { object, crmId: how.crmId, kind, programId });
  if (how.seen && !result.told) round.crm = how.seen;
  round.links.push(
    newLink(result.id, { role, object, crmId: how.crmId, kind, programId, createdBy: how.createdBy }, bases),
  );
}

/** The other lane of the same record is mostly just reading our own create's webhook: it is done in a moment. */
async function linkPatiently(round: Round, steps: Steps, link: NewLink): Promise<Linked> {
  for (let tries = 0; ; tries++) {
    const result = await steps.writes.link(round.claim, link);
    if (result.outcome !== "taken" || tries === LINK_TRIES) return result;
    await new Promise((resolve) => setTimeout(resolve, LINK_PAUSE_MS));
  }
}

function notLinked(round: Round, outcome: "lost" | "taken" | "occupied", record: string, aggregate: string): Error {
  const { tenantId } = round.claim;
  switch (outcome) {
    case "lost":
      return new ClaimLostError(`${tenantId}: the claim on this lane is lost`);
    case "taken":
      return new NoEffectError(`${tenantId}: ${record} is being worked on`);
    case "occupied":
      return new RecordError(
        "RECORD_TAKEN",
        `${tenantId}: ${aggregate} cannot be linked to ${record}, which stands for another one already. Separate them in Pipedrive or join them in the partner program, then run sync again.`,
      );
  }
}

function newLink(
  id: number,
  identity: Pick<RoundLink, "role" | "object" | "crmId" | "kind" | "programId" | "createdBy">,
  bases: RoundLink["bases"] = {},
): RoundLink {
  const empty = { baseVersion: 0, recent: [], restored: [], pausedFields: [] };
  return { id, ...identity, ...empty, state: "active", bases, changed: false };
}

/** What a create answered, as the record's first known state. */
export function seenOf(values: Values, updateTime: string): SeenCrm {
  return { values, updateTime, deleted: false };
}
