import type { Teller } from "../reconcile/round.ts";
import { type HistoryEntry, LINK_FIELD } from "../store/history.ts";
import type { FieldPlan, MappingPlan, Value, Values } from "../sync/model.ts";
import { valueText } from "./value-text.ts";

/** Why a side won, in words. */
export const RULES: Record<string, string> = {
  one_way: "this field travels one way",
  changed: "only this side had changed",
  first_contact: "the other side was empty at first contact",
  if_empty: "written only when empty",
  restore_once: "put back once after it was emptied",
  crm: "both had changed: Pipedrive wins",
  program: "both had changed: the program wins",
  newest: "both had changed: the newest wins",
  person: "both had changed: a person decided",
  manual: "both had changed: a person has to decide",
  agreed: "both sides came to say the same",
  restore: "it had been overwritten unseen: put back",
  create: "came with the new record",
  match: "found by what identifies it",
  adopt: "the id was there already",
  undo: "a person put a former value back",
  clear: "an id of an earlier trial",
  hand: "by hand",
};

export const SYSTEMS = { crm: "Pipedrive", program: "the partner program" } as const;
export type Side = keyof typeof SYSTEMS;

/** What one line of history says, for people and for scripts. */
export interface HistoryLine {
  /** When it was changed by that side's word; else when it was written down. */
  changedAt: string | null;
  label: string;
  side: Side | null;
  before: Value | undefined;
  value: Value | undefined;
  /** What the other side kept of it, where that is something else. */
  keptAs: Value | undefined;
  /** Who or what set it. */
  by: string;
  /** Deliveries that were being read. */
  causes: string[];
  correlation: string | null;
  /** All of that in words. */
  text: string;
}

/** Sealed content of the rows that lanes write. */
interface Content {
  side?: Side;
  before?: Value;
  value?: Value;
  sent?: Value;
  answered?: Value;
  crm?: Value;
  program?: Value;
  changedAt?: string;
  late?: true;
  teller?: Teller;
  person?: { name: string; order: string };
  reason?: string;
  causes?: string[];
  first?: { crm: Values | null; program: Values | null };
  crmId?: number;
  programId?: string;
}

/** @param of a field that is being looked at: what a link began with is told of that one */
export function lineOf(entry: HistoryEntry, plan: MappingPlan | null, of?: string): HistoryLine {
  const content = (entry.content ?? {}) as Content;
  const field = plan?.roles[entry.role].find((candidate) => candidate.field === entry.field);
  const label = field?.label ?? entry.field;
  const { side = null, before, sent, answered, causes = [], changedAt = null } = content;
  const value =
    entry.event === "written" ? sent : entry.event === "conflict" ? content[winnerOf(entry)] : content.value;
  const keptAs = sent !== undefined && textOf(field, sent) !== textOf(field, answered) ? answered : undefined;
  const by = byOf(entry, content, plan);
  const correlation = content.teller && "correlation" in content.teller ? content.teller.correlation : null;
  const text = entry.content === null ? "its values were pruned" : wordsOf(entry, content, { field, plan, of, by });
  return { changedAt, label, side, before, value, keptAs, by, causes, correlation, text };
}

function winnerOf({ winner }: HistoryEntry): Side {
  return winner === "program" ? "program" : "crm";
}

function byOf(entry: HistoryEntry, { teller, person }: Content, plan: MappingPlan | null): string {
  if (person) return person.name;
  if (entry.event !== "seen" || !teller) return "partnersync";
  if (teller.by === "event") {
    const { kind, id, label } = teller.actor;
    return `${label || id} (${kind.replaceAll("_", " ")}) in the partner program`;
  }
  if (teller.by !== "webhook" || teller.userId === null) return "somebody who is not told";
  const user = plan?.users.find(({ id }) => id === teller.userId);
  const door = teller.source === "api" ? ", by an API call" : "";
  return `${user?.email ?? "somebody"} (Pipedrive user ${teller.userId}${door})`;
}

interface Telling {
  field: FieldPlan | undefined;
  plan: MappingPlan | null;
  of: string | undefined;
  by: string;
}

function wordsOf(entry: HistoryEntry, content: Content, telling: Telling): string {
  const { field, by } = telling;
  const text = (value: Value | undefined) => textOf(field, value);
  const where = content.side ? SYSTEMS[content.side] : "";
  const why = RULES[entry.rule ?? ""] ?? entry.rule ?? "";
  const from = content.before === undefined ? "" : `${text(content.before)} → `;
  switch (entry.event) {
    case "seen":
      return `${by} changed it${by.endsWith(where) ? "" : ` in ${where}`}: ${from}${text(content.value)}${content.late ? " (told of late)" : ""}`;
    case "written": {
      const differs = text(content.sent) !== text(content.answered);
      const kept = differs ? `, which keeps it as ${text(content.answered)}` : "";
      return `${by} wrote ${from}${text(content.sent)}${where ? ` to ${where}` : ""}${kept} (${why})`;
    }
    case "conflict": {
      const both = `Pipedrive ${text(content.crm)}, program ${text(content.program)}`;
      return `both sides had a say: ${both}; ${SYSTEMS[winnerOf(entry)]} won (${why})`;
    }
    case "refused":
      return content.reason ?? "an order was refused";
    case "linked":
      return `linked ${entry.role.replace("_", " ")} ${content.crmId} to ${content.programId} (${why || "by the program"})${firstOf(entry, content, telling)}`;
    default:
      return entry.event;
  }
}

/** What the two sides held when they were tied together. */
function firstOf(entry: HistoryEntry, { first }: Content, { plan, of }: Telling): string {
  const field = plan?.roles[entry.role].find((candidate) => candidate.field === of);
  if (!field || !first) return "";
  const told = (side: Side) => {
    const value = first[side]?.[field.field];
    return value === undefined ? [] : [`${SYSTEMS[side]} ${textOf(field, value)}`];
  };
  const both = [...told("crm"), ...told("program")];
  return both.length > 0 ? `; then: ${both.join(", ")}` : "";
}

export function textOf(field: FieldPlan | undefined, value: Value | undefined): string {
  if (value === undefined) return "";
  if (field) return valueText(field, value);
  return value === null ? "(empty)" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The line's field is about the record as a whole. */
export function isOfRecord({ field }: Pick<HistoryEntry, "field">): boolean {
  return field === LINK_FIELD;
}
