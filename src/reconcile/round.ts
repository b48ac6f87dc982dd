import { createHash } from "node:crypto";
import type { ProgramEvent } from "../partner/adapter.ts";
import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import type { ConflictRow, ConflictState, Evidence, RewriteRow, Word } from "../store/conflict-rows.ts";
import type {
  Claim,
  FindingRow,
  HistoryRow,
  LaneContent,
  Settlement,
  StoredIntent,
  StoredLink,
} from "../store/lane-rows.ts";
import type { Conflict, DecideInput, DecisionRule, RecentWrite, Standing } from "../sync/decide.ts";
import type { Aggregate, BasePair, Direction, Role, Value, Values } from "../sync/model.ts";
import type { LostField, ReadRequest, Row } from "./rows.ts";
import type { TenantContext } from "./tenant.ts";

/** What we know of the Pipedrive record: values of every mapped field of its object, in common form. */
export interface SeenCrm {
  values: Values;
  /** Pipedrive's update_time of the state these values are from; whole seconds. */
  updateTime: string;
  deleted: boolean;
  /** Gone into that record: its links are to go there as well. */
  mergedTo?: number;
}

export interface RoundLink extends Omit<StoredLink, "bases" | "recent"> {
  bases: Record<string, BasePair>;
  recent: NonNullable<DecideInput["recent"]>;
  changed: boolean;
}

/** Who told of a value: `read` and `answer` are calls of ours, which say nothing of who set it. */
export type Teller =
  | { by: "webhook"; userId: number | null; source: string | null; delivery: string; correlation: string | null }
  | { by: "event"; actor: ProgramEvent["actor"]; origin: string; delivery: string; correlation: string }
  | { by: "read" | "answer" };

/** A mapped field that was seen to have another value than before, without a write of ours. */
export interface Notice {
  side: "crm" | "program";
  role: StoredLink["role"];
  field: string;
  before: Value;
  value: Value;
  /** When it was changed, by that side's word; RFC 3339. */
  changedAt: string;
  teller: Teller;
  /** Told of when a newer state was known already. */
  late?: true;
}

/** One field's part in a write: what its base becomes once the write is acknowledged. */
export interface WrittenField {
  linkId: number | null;
  role: StoredLink["role"];
  field: string;
  value: Value;
  /** The other side's value when this was decided: its half of the pair. */
  source: Value;
  rule: DecisionRule | "create";
  /** The person who asked for it, and by which order. */
  person?: { name: string; order: string };
  /** What it overwrites, where somebody had set that: goes on record once the write is acknowledged. */
  lost?: LostWord | undefined;
  /** Of a write to Pipedrive: the value there as it was known, and its update_time. */
  over?: Pick<NonNullable<RecentWrite["over"]>, "value" | "updateTime"> | undefined;
}

export type LostWord = Pick<Conflict, "winner"> & Omit<Evidence, "after">;

/** A conflict that stands, or on which a person has spoken. */
export interface StandingConflict {
  /** Null: found in this very run. */
  id: number | null;
  version: number | null;
  linkId: number;
  field: string;
  state: ConflictState;
  verdict: Standing["verdict"];
  word: Word | null;
  winner: "crm" | "program" | null;
  rule: string | null;
  evidence: Evidence;
}

/** The sealed part of an intent: the exact request, and what it settles. */
export interface IntentBody {
  /** Body of a create or patch, a CommandBody, or a note with its marker. */
  request: Record<string, unknown>;
  fields: WrittenField[];
  /** Of a create: fields that stood still and only a creation writes. */
  owed?: string[];
}

export interface OpenIntent extends Omit<StoredIntent, "body"> {
  body: IntentBody;
}

/**
 * The working copy of one claim: what is known, and what this run concluded. Nothing of it is stored before settle,
 * except intents, links and reservations, which are written down when they happen.
 */
export interface Round {
  claim: Claim;
  tenant: TenantContext;
  rows: Row[];
  /** Rows folded into what is seen; settle marks exactly these as read. */
  folded: number[];
  links: RoundLink[];
  crm: SeenCrm | null;
  program: Aggregate | null;
  /** What the claim began with. What is seen is replaced, never changed in place: the same object is the same state. */
  before: { crm: SeenCrm | null; program: Aggregate | null };
  times: Claim["times"];
  /** Why the record has to be read before anything can be decided; null when it need not. */
  readWanted: string | null;
  /** The aggregate has to be read: a person asked for it. */
  programReadWanted: boolean;
  intents: OpenIntent[];
  closed: Settlement["intents"];
  history: HistoryRow[];
  /** Changes that were seen; they become history with what is kept as seen. */
  noticed: Notice[];
  /** Who told of a change of a Pipedrive field: what a read shows afterwards is theirs. */
  tellers: Map<string, { teller: Teller; at: string }>;
  /** Values that are there by our own writes, by side and field. */
  ours: Map<string, Value>;
  findings: FindingRow[];
  effects: Settlement["effects"];
  conflicts: StandingConflict[];
  /** Decided and carried out in this run. */
  conflictsKept: ConflictRow[];
  rewrites: RewriteRow[];
  openEffects: LaneContent["effects"];
  /** Records that went into this one, as far as rows say. */
  mergedFrom: Set<number>;
  /** A webhook told of the deletion: whether it was a merge, it would have said. */
  deletionTold: boolean;
  /** Why nothing may be written about this record until a person has looked; null while nothing is wrong with it. */
  held: string | null;
  /** What ended between this record and its aggregates. */
  apart: LaneContent["apart"];
  effectsDone: Settlement["effects_done"];
  /** Rows that are the other direction's. */
  deferred: number;
  /** Fields that this run may write although they stand still for a lost right. */
  tried: LostField[];
  /** Custom fields that Pipedrive kept as this run wrote them. */
  kept: LostField[];
  /** Fields that Pipedrive took without changing them: the connection's user may not write there any more. */
  unwritable: { linkId: number; role: StoredLink["role"]; field: string }[];
  /** Outbound writes wait until then: a write of unknown outcome may still commit. */
  outboundWaitsUntil: Date | null;
  /** Another record this one refers to is not linked yet; everything else went ahead. */
  waitsFor: { kind: string; id: string } | null;
  /** Work is left for this direction at once (one create per round). */
  again: Set<Direction>;
  /** A person said that the aggregate stays out of Pipedrive. */
  dropped: boolean;
  /** Another lane of this tenant has outbound work because of this run. */
  wokeOutbound: boolean;
  /** What the run did, in words, for Bull Board. */
  did: string[];
}

/** Opens the sealed parts of a claimed lane. Names of sealed columns are part of their authentication. */
export function openRound(claim: Claim, content: LaneContent, tenant: TenantContext): Round {
  const { key } = tenant;
  const unseal = <T>(column: string, sealed: Buffer | null, otherwise: T): T =>
    sealed ? (key.unsealJson(column, sealed) as T) : otherwise;
  const before = {
    crm: unseal<SeenCrm | null>("lane.seen_crm", claim.seenCrm, null),
    program: unseal<Aggregate | null>("lane.seen_program", claim.seenProgram, null),
  };
  return {
    claim,
    tenant,
    ...before,
    before,
    rows: content.rows.map((row) => {
      const { id, deliveryKey } = row;
      const payload = unseal<unknown>("inbox.payload", row.payload, null);
      if (row.source === "program")
        return { id, deliveryKey, source: row.source, event: payload as ProgramEvent | ReadRequest };
      const change = payload as WebhookChange | ReadRequest;
      const dated = "asked" in change ? change : { ...change, at: new Date(change.at) };
      return { id, deliveryKey, source: row.source, change: dated };
    }),
    folded: [],
    links: content.links.map((link) => ({
      ...link,
      bases: unseal("link.bases", link.bases, {}),
      recent: unseal("link.recent", link.recent, []),
      changed: false,
    })),
    times: structuredClone(claim.times),
    readWanted: null,
    programReadWanted: false,
    intents: content.intents.map((intent) => ({ ...intent, body: unseal("intent.body", intent.body, EMPTY_BODY) })),
    closed: [],
    history: [],
    noticed: [],
    tellers: new Map(),
    ours: new Map(),
    findings: [],
    effects: [],
    conflicts: content.conflicts.map(({ word, evidence, ...conflict }) => ({
      ...conflict,
      verdict: conflict.verdict ?? (conflict.state === "apart" ? "apart" : null),
      word: unseal<Word | null>("conflict.word", word, null),
      evidence: key.unsealJson("conflict.evidence", evidence) as Evidence,
    })),
    conflictsKept: [],
    rewrites: [],
    openEffects: content.effects,
    mergedFrom: new Set(),
    deletionTold: false,
    held: null,
    apart: content.apart,
    effectsDone: [],
    deferred: 0,
    tried: [],
    kept: [],
    unwritable: [],
    outboundWaitsUntil: null,
    waitsFor: null,
    again: new Set(),
    dropped: false,
    wokeOutbound: false,
    did: [],
  };
}

const EMPTY_BODY: IntentBody = { request: {}, fields: [] };

/** The record or aggregate as people know it, for messages: `organization 4711`. */
export function subjectOf({ claim }: Pick<Round, "claim">): string {
  return claim.object ? `${claim.object} ${claim.crmId}` : `${claim.kind} ${claim.programId}`;
}

/** Links whose records and aggregates still exist. */
export function activeLinks(round: Round): RoundLink[] {
  return round.links.filter((link) => link.state === "active");
}

/** The link in which this lane's own aggregate stands; a customer's link has none. */
export function ownLink(round: Round): RoundLink | undefined {
  return activeLinks(round).find(
    (link) => link.role === "partner" || link.role === "partner_user" || link.role === "deal",
  );
}

/** A pair that was unlinked: it is tied together again by a person only. */
export function isFormer(
  { apart }: Pick<Round, "apart">,
  pair: { role: Role; crmId: number | null; programId: string },
): boolean {
  return apart.former.some(
    ({ role, crmId, programId }) => role === pair.role && crmId === pair.crmId && programId === pair.programId,
  );
}

/** Somebody untied this lane's record or aggregate in that role by hand: the sync looks for no other counterpart. */
export function isUntied({ apart, links }: Pick<Round, "apart" | "links">, role: Role): boolean {
  return (
    !links.some((link) => link.role === role) &&
    apart.former.some((former) => former.role === role && former.reason === "manual")
  );
}

/**
 * The key of a write: of one decision, each command has its own. A resend takes the stored key; a new decision makes a
 * new one, since a program may answer a refused key with the same refusal for ever.
 */
export function intentKey(round: Round, command: string, body: unknown): string {
  const { tenantId, laneId, epoch } = round.claim;
  const versions = round.links.map((link) => [link.id, link.baseVersion]);
  const text = JSON.stringify([tenantId, laneId, epoch, versions, command, body]);
  return createHash("sha256").update(text).digest("hex");
}

/** Leaves a finding: what happened, to which record and field, and what would mend it. One is open per subject. */
export function raise(
  round: Round,
  finding: { code: string; severity?: FindingRow["severity"]; field?: string; message: string; detail?: unknown },
): void {
  const subject = `${subjectOf(round)}${finding.field ? ` ${finding.field}` : ""}`;
  round.findings = round.findings.filter((raised) => raised.code !== finding.code || raised.subject !== subject);
  round.findings.push({
    code: finding.code,
    severity: finding.severity ?? "warning",
    field: finding.field ?? null,
    message: finding.message,
    subject,
    detail:
      finding.detail === undefined
        ? null
        : round.tenant.key.sealJson("finding.detail", finding.detail).toString("base64"),
  });
}
