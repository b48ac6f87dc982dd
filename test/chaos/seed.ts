import { setTimeout as sleep } from "node:timers/promises";
import { type documentOf, onboard } from "../support/system.ts";
import { compare, type Verdict } from "./compare.ts";
import { notesOf, repairLost, undecidedDeals, untilQuiet, writesAfterQuiet } from "./drain.ts";
import { type End, FAULTS } from "./faults.ts";
import { type Act, type FaultKind, type FaultOrder, type Plan, TWIN_FAULTS } from "./plan.ts";
import type { Rig } from "./rig.ts";
import type { Scene } from "./scene.ts";
import { newStory, perform } from "./story.ts";

/** What became of one seed. */
export interface Outcome {
  seed: number;
  backend: Plan["backend"];
  customer: Plan["customer"];
  /** How often each fault met something; null: this machine cannot have it. */
  faults: Partial<Record<FaultKind, number | null>>;
  verdict: Verdict;
  /** Writes that came after all had been said. */
  lateWrites: number;
  /** Lanes that gave their record up. */
  stopped: string[];
  /** What broke the run itself, such as that it never got quiet. */
  broke: string | null;
  /** Records whose lost notifications were repaired by a `sync` of theirs. */
  repaired: number;
  findings: Record<string, number>;
  ms: number;
}

export function isWell({ verdict, lateWrites, stopped, broke }: Outcome): boolean {
  return (
    Object.values(verdict).every((list) => list.length === 0) && lateWrites === 0 && stopped.length === 0 && !broke
  );
}

/** Waits between attempts of notifications last a fiftieth of their time: 60 ms, 0.6 s and 3 s. */
const RETRY_FACTOR = 0.02;

/** Plays a plan on a rig that runs, with a tenant of its own, then judges. Everything runs again afterwards. */
export async function playSeed(plan: Plan, rig: Rig, say: (line: string) => void): Promise<Outcome> {
  const startedAt = Date.now();
  const outcome: Outcome = {
    seed: plan.seed,
    backend: plan.backend,
    customer: plan.customer,
    faults: {},
    verdict: { lost: [], duplicated: [], diverged: [] },
    lateWrites: 0,
    stopped: [],
    broke: null,
    repaired: 0,
    findings: {},
    ms: 0,
  };
  try {
    const scene = await setUp(plan, rig);
    say(`seed ${plan.seed}: begins, for ${plan.customer}`);
    const player = new Player(plan, scene, outcome, say);
    await player.playAll();
    say(`seed ${plan.seed}: faults have ended`);
    await settle(scene, player, outcome);
    outcome.lateWrites = await writesAfterQuiet(scene);
    const who = { tenant: scene.tenant, domain: scene.tenant };
    const undecided = await undecidedDeals(scene);
    outcome.verdict = await compare(rig.twinUrl, who, scene.story, undecided);
    Object.assign(outcome, await notesOf(scene));
  } catch (error) {
    outcome.broke = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  outcome.ms = Date.now() - startedAt;
  return outcome;
}

async function setUp({ seed, customer, backend, manual }: Plan, rig: Rig): Promise<Scene> {
  await rig.freshTwin();
  const tenant = `chaos-${seed}-${backend}`;
  const options = {
    as: tenant,
    // The two-second window is not what is tried here; the day's budget is.
    company: { limits: { burstPer2s: 100_000 } },
    adjust: (document: ReturnType<typeof documentOf>) => {
      document.rules.match_customer = "link_exact";
      const closes = document.objects.deal?.extra?.find(
        ({ program }) => program === "registration.expected_close_date",
      );
      if (closes && manual) closes.on_conflict = "manual";
    },
  };
  const { twin, token } = await rig.withApp(async (app) => {
    const client = await onboard(app, { url: rig.twinUrl }, rig.serverUrl, customer, options);
    const connection = await app.connections.active(tenant, "pipedrive");
    return { twin: client, token: (await app.connections.pipedriveSecrets(connection?.id ?? "")).token };
  });
  await twin.call("POST", "/deliveries", { retryFactor: RETRY_FACTOR });
  async function administrate<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { "x-api-token": token, "content-type": "application/json" };
    const answer = await fetch(`${rig.twinUrl}/api/v2/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return ((await answer.json()) as { data: T }).data;
  }
  const story = newStory({ customer, domain: tenant, manual });
  return { rig, tenant, twin, story, lost: [], administrate };
}

/** Plays acts in their order; who cannot do something yet tries again before every later one. */
class Player {
  private waiting: { act: Act; why: string }[] = [];
  private readonly running = new Map<number, End>();

  private readonly plan: Plan;
  private readonly scene: Scene;
  private readonly outcome: Outcome;
  private readonly say: (line: string) => void;

  constructor(plan: Plan, scene: Scene, outcome: Outcome, say: (line: string) => void) {
    this.plan = plan;
    this.scene = scene;
    this.outcome = outcome;
    this.say = say;
  }

  async playAll(): Promise<void> {
    for (const [at, { act, pauseMs }] of this.plan.beats.entries()) {
      await this.endFaults(at);
      await this.beginFaults(at);
      await sleep(pauseMs);
      await this.playWaiting();
      await this.play(act);
    }
    await this.endFaults(Number.POSITIVE_INFINITY);
  }

  /** @returns what people still could not do */
  async playWaiting(): Promise<string[]> {
    for (const { act } of this.waiting.splice(0)) await this.play(act);
    return this.waiting.map(({ act, why }) => `${JSON.stringify(act)}: ${why}`);
  }

  private async play(act: Act): Promise<void> {
    const before = this.waiting.find((other) => isSameRecord(other.act, act));
    if (before) {
      this.waiting.push({ act, why: "after what waits already" });
      return;
    }
    await perform(act, this.scene.story, this.scene.twin).catch((error) => {
      this.waiting.push({ act, why: String(error) });
    });
  }

  private async beginFaults(at: number): Promise<void> {
    for (const [index, order] of this.plan.faults.entries()) {
      if (order.from !== at) continue;
      await sleep(order.afterMs);
      this.say(`seed ${this.plan.seed}: ${order.kind}`);
      this.running.set(index, await FAULTS[order.kind](this.scene, order));
    }
  }

  /** Processes first: who mends the rest needs them. */
  private async endFaults(at: number): Promise<void> {
    const running = [...this.plan.faults.entries()].filter(([index]) => this.running.has(index));
    const ofProcesses = running.filter(([, { kind }]) => isOfProcess(kind));
    await this.endDue(ofProcesses, at);
    if (ofProcesses.some(([index]) => this.running.has(index))) return;
    await this.endDue(
      running.filter(([, { kind }]) => !isOfProcess(kind)),
      at,
    );
  }

  private async endDue(faults: [number, FaultOrder][], at: number): Promise<void> {
    for (const [index, { kind, to }] of faults) {
      const end = this.running.get(index);
      if (!end || to > at) continue;
      this.running.delete(index);
      const met = await end();
      this.outcome.faults[kind] = met === null ? null : (this.outcome.faults[kind] ?? 0) + met;
    }
  }
}

function isOfProcess(kind: FaultKind): boolean {
  return !TWIN_FAULTS.some((one) => one === kind);
}

/** What people do to one record, they do in their order. */
function isSameRecord(a: Act, b: Act): boolean {
  const key = (act: Act) =>
    "deal" in act ? `deal ${act.deal}` : "contact" in act ? `contact ${act.contact}` : `partner ${act.partner}`;
  return key(a) === key(b);
}

/** Faults have ended: all that waits is done, and what nobody was told of is repaired. */
async function settle(scene: Scene, player: Player, outcome: Outcome): Promise<void> {
  await scene.twin.call("DELETE", "/faults");
  await scene.twin.call("POST", "/deliveries", { calm: true });
  await scene.twin.call("POST", "/clock", { advanceMs: 60_000 }); // whatever is late arrives
  let cannot: string[] = [];
  for (let round = 0; round < 12; round++) {
    if (round === 0) {
      await untilQuiet(scene, { blocked: "waits" });
      outcome.repaired = await repairLost(scene);
    }
    await untilQuiet(scene, { blocked: "open" });
    const before = cannot.length;
    cannot = await player.playWaiting();
    if (cannot.length === 0) break;
    if (round > 3 && cannot.length === before) break; // nothing comes of waiting
  }
  await untilQuiet(scene, { blocked: "open" });
  if (cannot.length > 0) outcome.verdict.lost.push(...cannot.map((one) => `could never be done: ${one}`));
}
