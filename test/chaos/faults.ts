import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../src/app.ts";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import { lookForDrift } from "../../src/operations/look-for-drift.ts";
import { lostRecords } from "./drain.ts";
import type { FaultKind, FaultOrder } from "./plan.ts";
import { askRedis } from "./redis.ts";
import { insist, type Scene } from "./scene.ts";
import { fillEmptied } from "./story.ts";

/** Ends a fault. @returns how often it met something; null when this machine cannot have it */
export type End = () => Promise<number | null>;
type Begin = (scene: Scene, order: FaultOrder) => Promise<End>;

const HOUR_MS = 3_600_000;
/** Longer than a caller waits. */
const NEVER_MS = 2_500;
/** Later than anybody who does not wait tries again, and before nothing may commit any more. */
const LATE_MS = 2_000;

/** Each fault: how it begins, and how what it broke is whole again. */
export const FAULTS: Record<FaultKind, Begin> = {
  "worker killed": async ({ rig }, { worker }) => {
    await rig.workers[worker].end();
    return once(() => rig.revive(rig.workers[worker]));
  },
  "server killed": async ({ rig }) => {
    await rig.server.end();
    return once(() => rig.revive(rig.server));
  },
  "database killed": async ({ rig }) => {
    await rig.database.kill();
    return once(() => rig.database.start());
  },
  "database restarted": async ({ rig }) => {
    await rig.database.restart();
    return once();
  },
  "both twins killed": killTwins,
  "worker's clock an hour off": async ({ rig }, { times }) => {
    await rig.workers[1].end();
    rig.skewWorker(times % 2 === 0 ? HOUR_MS : -HOUR_MS);
    await rig.revive(rig.workers[1]);
    return once(async () => {
      await rig.workers[1].end();
      rig.skewWorker(0);
      await rig.revive(rig.workers[1]);
    });
  },
  "previous version beside this one": async ({ rig }) => {
    const { previous } = rig;
    if (!previous) return async () => null;
    await rig.workers[1].end();
    await rig.revive(previous);
    return once(async () => {
      await previous.end("SIGTERM");
      await rig.revive(rig.workers[1]);
    });
  },
  "redis flushed": async ({ rig: { redis } }) => {
    if (redis) await askRedis(redis.url, (client) => client.flushall());
    return once();
  },
  "redis restarted": async ({ rig }) => {
    await rig.redis?.part.end();
    return once(async () => rig.redis?.part.start());
  },
  "redis unreachable": async ({ rig }) => {
    const pid = rig.redis?.part.pid ?? 0;
    process.kill(pid, "SIGSTOP"); // accepts connections and never answers
    return once(async () => void process.kill(pid, "SIGCONT"));
  },

  "webhooks lost": meddle("pipedrive", "drop"),
  "webhooks duplicated": meddle("pipedrive", "duplicate", 6),
  "webhooks reordered": meddle("pipedrive", "reorder", 4),
  "webhooks a minute late": meddle("pipedrive", "delay", 4),
  "program: events lost": meddle("program", "drop"),
  "program: events duplicated and reordered": async (scene, order) => {
    const ends = [
      await meddle("program", "duplicate", 4)(scene, order),
      await meddle("program", "reorder", 3)(scene, order),
    ];
    return async () => {
      let met = 0;
      for (const end of ends) met += (await end()) ?? 0;
      return met;
    };
  },

  "429 of the two-second window": request("pipedrive", "429_burst"),
  "5xx": request("pipedrive", "status", { status: 503 }),
  "HTML 403": request("pipedrive", "html403", { times: 1 }),
  "slow answers": request("pipedrive", "latency", { ms: 700 }),
  "answers late, after our own webhook": request("pipedrive", "late_answer", { ms: 700 }),
  "timeout after the write took effect": request("pipedrive", "late_answer", { ms: NEVER_MS, writes: true }),
  "answer never comes": request("pipedrive", "lost_answer", { writes: true }),
  "committed late": request("pipedrive", "late_commit", { ms: LATE_MS, writes: true }),
  "program: 5xx": request("program", "status", { status: 502 }),
  "program: answers lost": request("program", "lost_answer"),
  "429 of the day": useUpTheDay,

  "Pipedrive's clock an hour ahead": async ({ twin }) => {
    await twin.call("POST", "/clock", { advanceMs: HOUR_MS });
    return once();
  },
  "option deleted": deleteOption,
  "field hidden": async (scene) => {
    const { rig, tenant, twin } = scene;
    const field = { object: "organization", label: "Allbound Status" };
    await twin.call("POST", `/companies/${tenant}/restrict`, { ...field, as: "hidden" });
    return once(async () => {
      await twin.call("POST", `/companies/${tenant}/restrict`, { ...field, as: null });
      await insist(scene, () => rig.withApp((app) => lookForDrift(app, tenant)));
    });
  },
};

function once(mend: () => Promise<unknown> = async () => {}): End {
  return async () => {
    await mend();
    return 1;
  };
}

/** Records are kept over there; trouble that was arranged, and which notifications were lost, are not. */
async function killTwins(scene: Scene): Promise<End> {
  const { rig, twin } = scene;
  scene.lost.push(...(await lostRecords(scene)));
  const { faults } = await twin.call<{ faults: Record<string, unknown>[] }>("GET", "/faults");
  const { retryFactor, meddles } = await twin.call<{ retryFactor: number; meddles: Meddled[] }>("GET", "/deliveries");
  await rig.twin.end();
  await rig.revive(rig.twin);
  await twin.call("POST", "/deliveries", { retryFactor });
  for (const meddle of meddles) await twin.call("POST", "/deliveries", { meddle });
  for (const fault of faults) await twin.call("POST", "/faults", fault);
  return once();
}

type Meddled = { kind: string; count: number; sender: string; tenant: string };

/** Trouble for notifications. What is late stays so until a minute has passed over there. */
function meddle(sender: "pipedrive" | "program", kind: string, most = 2): Begin {
  return async ({ twin, tenant }, { times }) => {
    const order = { kind, sender, tenant, count: Math.max(times, most), ...(kind === "delay" && { ms: 60_000 }) };
    const { meddles: before } = await twin.call<{ meddles: Meddled[] }>("POST", "/deliveries", { meddle: order });
    const left = (all: Meddled[]) => all.filter((one) => one.kind === kind && one.sender === sender);
    return async () => {
      const { meddles } = await twin.call<{ meddles: Meddled[] }>("GET", "/deliveries");
      if (kind === "delay") await twin.call("POST", "/clock", { advanceMs: 60_000 });
      if (kind === "reorder") await twin.call("POST", "/deliveries", { pause: false });
      const sum = (all: Meddled[]) => left(all).reduce((total, { count }) => total + count, 0);
      return Math.max(0, sum(before) - sum(meddles));
    };
  };
}

/** Trouble for the sync's own requests. */
function request(
  side: "pipedrive" | "program",
  kind: string,
  more: { ms?: number; status?: number; times?: number; writes?: boolean } = {},
): Begin {
  const { writes, ...fault } = more;
  // A Deal's creation is met for itself: nothing else tells that there is one already, if it is made twice.
  const creation = { method: "POST", path: "^/api/v2/deals$" };
  const requests =
    side === "program" ? [{ method: "POST" }] : writes ? [{ method: "PATCH" }, creation, { method: "POST" }] : [{}];
  return async ({ twin, tenant }, { times }) => {
    type Armed = { id: string; times: number };
    const armed: Armed[] = [];
    for (const which of requests) {
      const match = { side, ...which, ...(side === "pipedrive" ? { company: tenant } : { tenant }) };
      armed.push(await twin.call<Armed>("POST", "/faults", { match, kind, times, ...fault }));
    }
    return async () => {
      const { faults } = await twin.call<{ faults: Armed[] }>("GET", "/faults");
      let met = 0;
      for (const { id, times: all } of armed) {
        const left = faults.find((one) => one.id === id)?.times ?? 0;
        if (left > 0) await twin.call("DELETE", `/faults/${id}`).catch(() => {}); // it has met its last one meanwhile
        met += all - left;
      }
      return met;
    };
  };
}

/** The day's tokens are gone, two seconds before the next day begins. */
async function useUpTheDay({ twin, tenant }: Scene): Promise<End> {
  const company = `/companies/${tenant}`;
  const { now } = await twin.call<{ now: string }>("GET", "/clock");
  const dailyResetHour = (new Date(now).getUTCHours() + 1) % 24;
  await twin.call("POST", "/companies", { domain: tenant, switches: { dailyResetHour } });
  type Spent = { refused: number; day: { endsAt: string } };
  const before = await twin.call<Spent>("GET", `${company}/spend`);
  const { now: then } = await twin.call<{ now: string }>("GET", "/clock");
  const advanceMs = Math.max(0, Date.parse(before.day.endsAt) - Date.parse(then) - 2_000);
  await twin.call("POST", "/clock", { advanceMs });
  await twin.call("POST", `${company}/budget`, { remaining: 0 });
  return async () => {
    const after = await twin.call<Spent>("GET", `${company}/spend`);
    return Math.max(0, after.refused - before.refused); // what was counted before a restart is forgotten
  };
}

/** Somebody deletes an option that the mapping names; it is made again, which gives it another id and empties nothing back. */
async function deleteOption(scene: Scene): Promise<End> {
  const { rig, tenant, twin, story } = scene;
  const options = (method: string, body: unknown) =>
    scene.administrate(method, `organizationFields/${key}/options`, body);
  type Fields = { fields: { organization: Record<string, { key: string; options: Record<string, number> }> } };
  const look = async () =>
    (await twin.call<Fields>("GET", `/companies/${tenant}`)).fields.organization["Allbound Status"];
  const { key, options: before } = (await look()) ?? { key: "", options: {} };
  await insist(scene, () => options("DELETE", [{ id: before.Pending }]));
  return once(async () => {
    await insist(scene, async () => {
      // The answer may have been lost: whoever is not sure looks before making it a second time.
      if ((await look())?.options.Pending === undefined) await options("POST", [{ label: "Pending" }]);
    });
    const load = async (app: App) => {
      const document = JSON.parse((await app.mappings.live(tenant))?.document ?? "{}");
      await loadMapping(app, JSON.stringify({ ...document, revision: document.revision + 1 }), "chaos");
    };
    await insist(scene, () => rig.withApp(load));
    await sleep(2_100); // in force for every worker
    await fillEmptied("Pending", story, twin);
  });
}
