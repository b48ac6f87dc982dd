import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BACKENDS, type Backend, backendOf, type ChaosOptions, parseOptions, USAGE } from "./options.ts";
import { planSeed } from "./plan.ts";
import { type Previous, unpackPrevious } from "./previous.ts";
import { type ChaosReport, repeatOf, toReport, toText } from "./report.ts";
import { type Rig, startRig } from "./rig.ts";
import { isWell, type Outcome, playSeed } from "./seed.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Standard output is the report's alone. */
function say(line: string): void {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
}

interface Run {
  options: ChaosOptions;
  folder: string;
  previous: Previous | null;
  startedAt: number;
  /** Ends what runs; also when the run is interrupted. */
  closing: Set<() => Promise<void>>;
}

async function main(options: ChaosOptions): Promise<ChaosReport> {
  const startedAt = Date.now();
  // Not under the project: as root the database runs as somebody who may not be able to get there.
  const folder = openToServer(mkdtempSync(join(tmpdir(), "partnersync-chaos-")));
  const unpacked = isPreviousNeeded(options)
    ? unpackPrevious(ROOT, join(folder, "previous"), options.previous)
    : { why: "no previous version: none of these seeds needs one" };
  const previous = "why" in unpacked ? null : unpacked;
  say("why" in unpacked ? `SKIPPED: ${unpacked.why}` : `the previous version is ${unpacked.ref}`);
  const run: Run = { options, folder, previous, startedAt, closing: new Set() };
  const closeAll = () => Promise.allSettled([...run.closing].map((close) => close()));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void closeAll().then(() => process.exit(130)));
  try {
    const played = await Promise.allSettled(BACKENDS.map((backend) => playBackend(backend, run)));
    const outcomes = played.flatMap((one) => {
      if (one.status === "rejected") throw one.reason; // both have ended: nothing is left behind
      return one.value;
    });
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    return toReport(outcomes, "why" in unpacked ? [unpacked.why] : [], seconds);
  } finally {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The database runs as somebody who has to get there. */
function openToServer(folder: string): string {
  chmodSync(folder, 0o711);
  return folder;
}

function isPreviousNeeded(options: ChaosOptions): boolean {
  const needs = (seed: number) =>
    planSeed(seed, backendOf(seed, options)).faults.some(({ kind }) => kind === "previous version beside this one");
  return Array.from({ length: options.seeds }, (_, i) => options.from + i).some(needs);
}

/** One seed after the other, in processes that go on from seed to seed; after one that failed they are new. */
async function playBackend(backend: Backend, run: Run): Promise<Outcome[]> {
  const { options } = run;
  const all = Array.from({ length: options.seeds }, (_, i) => options.from + i);
  const seeds = all.filter((seed) => backendOf(seed, options) === backend);
  const outcomes: Outcome[] = [];
  let rig: Rig | null = null;
  for (const seed of seeds) {
    if (Date.now() - run.startedAt > options.seconds * 1_000) break;
    rig ??= await openRig(backend, run);
    const plan = planSeed(seed, backend);
    const outcome = await playSeed(plan, rig, say);
    outcomes.push(outcome);
    const well = isWell(outcome);
    say(`seed ${seed} on ${backend}: ${well ? "well" : `NOT WELL, ${repeatOf(outcome)}`} (${outcome.ms} ms)`);
    if (!well || options.keep) await keep(rig, run, { plan, outcome });
    if (!well) {
      await closeRig(rig, run);
      rig = null;
    }
  }
  if (rig) await closeRig(rig, run);
  return outcomes;
}

async function openRig(backend: Backend, run: Run): Promise<Rig> {
  const folder = openToServer(mkdtempSync(join(run.folder, `${backend}-`)));
  const rig = await startRig(backend, folder, run.previous);
  run.closing.add(rig.close);
  return rig;
}

async function closeRig(rig: Rig, run: Run): Promise<void> {
  run.closing.delete(rig.close);
  await rig.close();
}

/** Logs, both sides and what was decided: all there is to find out what happened. */
async function keep(rig: Rig, { options }: Run, about: { plan: { seed: number }; outcome: Outcome }): Promise<void> {
  const { seed } = about.plan;
  const target = join(options.keep ?? join(tmpdir(), "partnersync-chaos-failed"), `seed-${seed}-${rig.backend}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const from = rig.folder;
  for (const name of readdirSync(from).filter((one) => one.endsWith(".log")))
    cpSync(join(from, name), join(target, name));
  writeFileSync(join(target, "seed.json"), JSON.stringify(about, null, 1));
  const tenant = `chaos-${seed}-${rig.backend}`;
  for (const [name, path] of [
    ["deliveries", `/deliveries?tenant=${tenant}`],
    ["organizations", `/companies/${tenant}/records/organization`],
    ["persons", `/companies/${tenant}/records/person`],
    ["deals", `/companies/${tenant}/records/deal`],
    ["program", `/program/${tenant}/aggregates`],
    ["commands", `/program/${tenant}/commands`],
    ["events", `/program/${tenant}/events`],
  ]) {
    const text = await fetch(`${rig.twinUrl}/_twin${path}`).then((answer) => answer.text(), String);
    writeFileSync(join(target, `${name}.json`), text);
  }
  for (const table of ["lane", "intent", "history", "finding", "link", "inbox_lane"]) {
    const rows = await rig.pool
      .query(`select to_jsonb(t) as row from ${table} t where tenant_id = $1`, [tenant])
      .then((result) => result.rows.map(({ row }) => row), String);
    writeFileSync(join(target, `${table}.json`), JSON.stringify(rows, null, 1));
  }
  say(`kept in ${target}`);
}

function optionsOrExit(): ChaosOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrExit();
const report = await main(options);
process.stdout.write(`${options.json ? JSON.stringify(report) : toText(report)}\n`);
process.exit(report.ok ? 0 : 1);
