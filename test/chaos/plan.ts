import { type Random, random } from "../../src/twin/random.ts";
import type { Backend } from "./options.ts";

/*
 * What a seed comes to: who does what on both sides, in which order, and what fails between which of it. Pure, so that
 * a seed is the same script every time; only how fast the processes are is left to the machine.
 */

export const CUSTOMERS = ["harbourline", "kestrel-obs"] as const;
/** Whose mapping document: one whose CRM decides, or one that works both ways. */
export type Customer = (typeof CUSTOMERS)[number];

/** One thing that a person does on one of the sides. Records are numbered; what they are called follows from that. */
export type Act =
  | { do: "make partner"; partner: number; status: Status }
  | { do: "edit partner"; partner: number; rename: boolean; turn: number }
  | { do: "set status"; partner: number; status: Status; side: "pipedrive" | "program" }
  | { do: "make known person"; contact: number; partner: number }
  | { do: "register contact"; contact: number; partner: number }
  | { do: "register deal"; deal: number; contact: number; account: number; value: number; closes: string }
  | { do: "review"; deal: number; to: "approved" | "rejected" }
  | { do: "edit deal"; deal: number; side: "pipedrive" | "program"; value?: number; closes?: string }
  | { do: "edit deal on both sides"; deal: number; pipedrive: string; program: string }
  | { do: "merge partner"; partner: number; into: "itself" | "its double" }
  | { do: "delete deal"; deal: number }
  | { do: "restore deal"; deal: number }
  | { do: "move deal"; deal: number; stage: string }
  | { do: "end deal"; deal: number; status: "won" | "lost" };
export type Status = "Active" | "Inactive" | "Pending";

export const PROCESS_FAULTS = [
  "worker killed",
  "server killed",
  "database killed",
  "database restarted",
  "both twins killed",
  "worker's clock an hour off",
  "previous version beside this one",
] as const;
export const REDIS_FAULTS = ["redis flushed", "redis restarted", "redis unreachable"] as const;
export const TWIN_FAULTS = [
  "webhooks lost",
  "answers late, after our own webhook",
  "429 of the two-second window",
  "program: events lost",
  "webhooks duplicated",
  "5xx",
  "timeout after the write took effect",
  "option deleted",
  "program: 5xx",
  "429 of the day",
  "webhooks reordered",
  "committed late",
  "slow answers",
  "program: answers lost",
  "field hidden",
  "webhooks a minute late",
  "answer never comes",
  "HTML 403",
  "program: events duplicated and reordered",
  "Pipedrive's clock an hour ahead",
] as const;
export type FaultKind = (typeof PROCESS_FAULTS)[number] | (typeof REDIS_FAULTS)[number] | (typeof TWIN_FAULTS)[number];

/** A fault that begins before one beat and ends before another. */
export interface FaultOrder {
  kind: FaultKind;
  from: number;
  to: number;
  /** A moment into the beat at which it begins, in ms. */
  afterMs: number;
  /** How many requests or deliveries it may meet. */
  times: number;
  /** Which of two workers. */
  worker: 0 | 1;
}

export interface Beat {
  pauseMs: number;
  act: Act;
}

export interface Plan {
  seed: number;
  backend: Backend;
  customer: Customer;
  /** Whether a close date that both sides changed is left to people, who do not decide. */
  manual: boolean;
  beats: Beat[];
  faults: FaultOrder[];
}

const PROCESS_FAULTS_EACH = 2; // each costs starts of processes, which is what a seed takes longest for
const TWIN_FAULTS_EACH = 6;

/** @param seed a whole number; the same one gives the same plan on the same backend */
export function planSeed(seed: number, backend: Backend): Plan {
  const draw = random("chaos", seed, backend);
  const customer = CUSTOMERS[Math.floor(seed / 2) % 2] as Customer;
  const acts = [...beginnings(draw, customer), ...middles(draw, customer), ...endings(draw)];
  const beats = acts.map((act) => ({ act, pauseMs: draw.int(0, 220) }));
  const manual = Math.floor(seed / 4) % 2 === 1;
  return { seed, backend, customer, manual, beats, faults: planFaults(seed, backend, draw, beats.length) };
}

/** Partners, their people, and what these register; nobody waits for anything that they would not have to see. */
function beginnings(draw: Random, customer: Customer): Act[] {
  const partners: Act[] = [0, 1, 2].map((partner) => ({ do: "make partner", partner, status: "Active" }));
  const known: Act = { do: "make known person", contact: 1, partner: 1 };
  const contacts: Act[] = [0, 1, 2].map((contact) => ({ do: "register contact", contact, partner: contact % 2 }));
  const deals: Act[] = [0, 1, 2, 3].map((deal) => ({
    do: "register deal",
    deal,
    contact: deal % 3,
    account: deal === 3 ? 0 : deal, // two deals of one new customer
    value: draw.int(1, 900) * 10,
    closes: dayOf(draw),
  }));
  const reviews: Act[] = [0, 1, 2, 3].map((deal) => ({
    do: "review",
    deal,
    to: deal === 2 && customer === "harbourline" ? "rejected" : "approved",
  }));
  return [...partners, known, ...contacts, ...deals, ...shuffled(draw, reviews)];
}

function middles(draw: Random, customer: Customer): Act[] {
  const stages = customer === "harbourline" ? ["Demo held", "Quote sent", "Contract"] : ["Proof of concept", "Legal"];
  const side = () => draw.pick(["pipedrive", "program"] as const);
  const dealt = [0, 1, 3];
  const acts: Act[] = [];
  for (let turn = 0; turn < 3; turn++) {
    acts.push({ do: "edit partner", partner: draw.int(0, 2), rename: draw.int(0, 1) === 1, turn });
    acts.push({ do: "edit deal", deal: draw.pick(dealt), side: side(), value: draw.int(1, 900) * 10 });
    acts.push({ do: "edit deal", deal: draw.pick(dealt), side: side(), closes: dayOf(draw) });
    const status = draw.pick(["Inactive", "Pending", "Active"] as const);
    acts.push({ do: "set status", partner: 2, status, side: customer === "harbourline" ? "pipedrive" : side() });
  }
  for (const deal of dealt) acts.push({ do: "move deal", deal, stage: draw.pick(stages) });
  const deal = draw.pick(dealt);
  acts.push({ do: "edit deal on both sides", deal, pipedrive: dayOf(draw), program: dayOf(draw) });
  acts.push({ do: "merge partner", partner: draw.int(0, 2), into: draw.pick(["itself", "its double"] as const) });
  return shuffled(draw, acts);
}

function endings(draw: Random): Act[] {
  const restored: Act[] = draw.int(0, 1) === 1 ? [{ do: "restore deal", deal: 1 }] : [];
  return [
    { do: "delete deal", deal: 1 },
    { do: "end deal", deal: 0, status: draw.pick(["won", "lost"] as const) },
    { do: "edit partner", partner: 1, rename: true, turn: 9 },
    ...restored,
    { do: "end deal", deal: 3, status: draw.pick(["won", "lost"] as const) },
  ];
}

/** Each kind comes up in turn, so that few seeds try them all; when, how long and how often is drawn. */
function planFaults(seed: number, backend: Backend, draw: Random, beats: number): FaultOrder[] {
  const turn = Math.floor(seed / 2);
  const processes = backend === "redis" ? [...REDIS_FAULTS, ...PROCESS_FAULTS] : PROCESS_FAULTS;
  const order = (kind: FaultKind, from: number, to: number): FaultOrder => ({
    kind,
    from,
    to,
    afterMs: draw.int(0, 150),
    times: draw.int(1, 3),
    worker: draw.int(0, 1) as 0 | 1,
  });
  // One after the other: whoever runs this by hand would not take two things down at once either.
  const share = Math.floor((beats - 6) / PROCESS_FAULTS_EACH);
  const ofProcesses = inTurn(processes, turn, PROCESS_FAULTS_EACH).map((kind, i) => {
    const from = 3 + i * share + draw.int(0, Math.floor(share / 2));
    return order(kind, from, Math.min(from + draw.int(1, 3), 3 + (i + 1) * share));
  });
  const ofTwins = inTurn(TWIN_FAULTS, turn, TWIN_FAULTS_EACH).map((kind) => {
    const from = draw.int(2, beats - 8);
    // What is arranged for notifications meets them until the end.
    return order(kind, from, /webhooks|events/.test(kind) ? beats : draw.int(from + 5, beats));
  });
  return [...ofProcesses, ...ofTwins].sort((a, b) => a.from - b.from);
}

function inTurn<T>(kinds: readonly T[], turn: number, each: number): T[] {
  return Array.from({ length: each }, (_, i) => kinds[(turn * each + i) % kinds.length] as T);
}

function shuffled<T>(draw: Random, list: T[]): T[] {
  return list
    .map((one) => ({ one, at: draw.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function dayOf(draw: Random): string {
  return `2027-${String(draw.int(1, 12)).padStart(2, "0")}-${String(draw.int(1, 28)).padStart(2, "0")}`;
}
