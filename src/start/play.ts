import { setTimeout as after } from "node:timers/promises";
import { type Checked, type Checker, createChecker, type Shown } from "./checker.ts";
import { createMeter, type Meter, type Reading } from "./meter.ts";
import { createPeople, type People } from "./people.ts";
import { STEPS } from "./steps/index.ts";
import { CannotPlayError, type Customer, type Step } from "./steps/step.ts";

export interface StepResult {
  name: string;
  tenant: Customer;
  ok: boolean;
  pipedrive: Shown;
  program: Shown;
  tokens: number;
  ms: number;
  /** False when it was found done, from an earlier run. */
  played: boolean;
  /** What is not as it should be. */
  wrong: string[];
}

export interface Totals {
  /** What people did on both sides. */
  changes: number;
  /** What the sync wrote to both sides. */
  writes: number;
  tokens: number;
  /** Writes that one of the sync's own writes caused. */
  echoes: number;
}

export interface Played {
  steps: StepResult[];
  totals: Totals;
}

/** What playing needs to know of a customer. */
export interface Seat {
  people: People;
  look: Checker;
  meter: Meter;
  /** The counters before the first step. */
  start: Reading;
  /** Whether the sync has nothing left to do for this customer. Waited for, never judged by. */
  quiet(): Promise<boolean>;
}

const STEP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Seats the people of a customer at the twin. @param domain of its Pipedrive account */
export async function takeSeat(
  twinUrl: string,
  { tenant, domain, quiet }: { tenant: Customer; domain: string; quiet: Seat["quiet"] },
): Promise<Seat> {
  const who = { tenant, domain };
  const meter = createMeter(twinUrl, who);
  const [people, look] = [createPeople(twinUrl, who), createChecker(twinUrl, who)];
  return { people, look, meter, start: await meter.read(), quiet };
}

/**
 * Plays the script, step by step; what an earlier run has done is only looked at.
 *
 * @param onStep hears of each step as it ends
 * @param signal stops between two looks
 */
export async function playScript(
  seats: Record<Customer, Seat>,
  onStep: (result: StepResult) => void,
  signal: AbortSignal,
): Promise<Played> {
  const steps: StepResult[] = [];
  for (const step of STEPS) {
    const result = await playStep(step, seats[step.tenant], signal);
    steps.push(result);
    onStep(result);
  }
  const totals: Totals = { changes: 0, writes: 0, tokens: 0, echoes: 0 };
  for (const { people, meter, start } of Object.values(seats)) {
    const { writes, tokens, echoes } = await meter.since(start);
    totals.changes += people.acts;
    totals.writes += writes;
    totals.tokens += tokens;
    totals.echoes += echoes;
  }
  return { steps, totals };
}

async function playStep(step: Step, seat: Seat, signal: AbortSignal): Promise<StepResult> {
  const { name, tenant } = step;
  const { people, look, meter } = seat;
  const before = await meter.read();
  const startedAt = Date.now() - people.heldBackMs;
  let checked = await checkStep(step, look);
  const played = checked.wrong.length > 0;
  if (played) {
    try {
      await step.play(people, look);
      checked = await awaitStep(step, look, signal);
    } catch (error) {
      signal.throwIfAborted();
      checked.wrong.unshift(`${error instanceof CannotPlayError ? "cannot be played: " : ""}${messageOf(error)}`);
    }
  }
  const ms = Date.now() - people.heldBackMs - startedAt;
  if (played) {
    await allSaid(seat, signal);
    if (checked.wrong.length === 0) checked = await checkStep(step, look); // what lasts, not what passed by
  }
  const tokens = (await meter.read()).tokens - before.tokens;
  return { name, tenant, ok: checked.wrong.length === 0, ...checked, tokens, ms, played };
}

async function awaitStep(step: Step, look: Checker, signal: AbortSignal): Promise<Checked> {
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  let wellSince: number | null = null;
  for (;;) {
    const checked = await checkStep(step, look);
    const now = Date.now();
    wellSince = checked.wrong.length > 0 ? null : (wellSince ?? now);
    if (wellSince !== null && now - wellSince >= (step.holdsMs ?? 0)) return checked;
    if (now >= deadline) return checked;
    await after(POLL_MS, undefined, { signal });
  }
}

async function checkStep(step: Step, look: Checker): Promise<Checked> {
  try {
    return await step.check(look);
  } catch (error) {
    return { pipedrive: {}, program: {}, wrong: [messageOf(error)] };
  }
}

/** Everything that a step set off is done, so that all it shows will last and nothing is counted with the next one. */
async function allSaid({ meter, quiet }: Seat, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  // Two looks in a row: what arrives between asking for one and for the other makes work, and work makes deliveries.
  for (let quietLooks = 0; quietLooks < 2 && Date.now() < deadline; ) {
    quietLooks = (await meter.pending()) === 0 && (await quiet()) ? quietLooks + 1 : 0;
    await after(POLL_MS, undefined, { signal });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
