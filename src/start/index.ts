import { CommanderError } from "commander";
import type { App } from "../app.ts";
import { loadConfig } from "../config.ts";
import { DEFAULT_SEED, toSeed } from "../seed.ts";
import { closeOnSignal, reportFailure } from "../service.ts";
import { CUSTOMERS, readDocument } from "./documents.ts";
import { type Everything, startEverything } from "./everything.ts";
import { readOptions, type StartOptions } from "./options.ts";
import { type Played, playScript, type Seat, takeSeat } from "./play.ts";
import { report, stepLine, toJson } from "./report.ts";
import { setUpCustomer } from "./set-up.ts";
import { STEPS } from "./steps/index.ts";
import type { Customer } from "./steps/step.ts";

/** Whom a first start lets in. */
const FIRST = "admin";
const say = (text: string) => process.stderr.write(`${text}\n`);

/** `npm start`: everything in one process, then the acceptance script, then at your service until Ctrl-C. */
async function main(options: StartOptions): Promise<void> {
  const stopping = new AbortController();
  let ending = false;
  const starting = startEverything(loadConfig(), { seed: toSeed(options.seed), fresh: options.fresh, say });
  const close = async () => {
    ending = true;
    stopping.abort();
    await (await starting).close();
  };
  closeOnSignal(
    {
      async close() {
        await close();
        if (options.once) process.exit(1); // interrupted before it could tell
      },
    },
    { info: () => say("stopping …"), error: (shown: unknown) => say(JSON.stringify(shown)) } as never,
  );
  try {
    const everything = await starting;
    const played = await rehearse(everything, stopping.signal);
    process.stdout.write(`${options.json ? toJson(played) : report(played)}\n`);
    if (!options.once) return await invite(everything, options.seed);
    ending = true;
    await everything.close();
    process.exit(played.steps.every(({ ok }) => ok) ? 0 : 1);
  } catch (error) {
    if (ending) return; // stopped in the middle; whoever stopped it ends the process
    reportFailure(error);
    await starting.then((everything) => everything.close()).catch(() => {});
    process.exit(1);
  }
}

async function rehearse(everything: Everything, signal: AbortSignal): Promise<Played> {
  const { twinUrl, app } = everything;
  const seats = await Promise.all(
    CUSTOMERS.map(async (customer) => {
      const document = await readDocument(customer);
      await setUpCustomer(document, everything);
      say(`${customer}: connected, mapping revision ${document.revision} in force`);
      const { company_domain: domain } = document.pipedrive;
      const quiet = () => app.lanes.quiet(customer);
      return [customer, await takeSeat(twinUrl, { tenant: customer, domain, quiet })] as const;
    }),
  );
  let done = 0;
  return playScript(
    Object.fromEntries(seats) as Record<Customer, Seat>,
    (result) => {
      done += 1;
      say(stepLine(result, done, STEPS.length));
    },
    signal,
  );
}

async function invite({ app, serverUrl, twinUrl, logFile }: Everything, seed: string): Promise<void> {
  const ofSeed = seed === DEFAULT_SEED ? "" : `--seed ${seed} `; // else it would look into another database
  say(`
server      ${serverUrl}
Bull Board  ${serverUrl}/queues
admin API   ${serverUrl}/api/docs
twin        ${twinUrl}/_twin/
log         ${logFile}
CLI         npm run cli -- ${ofSeed}tenant list

${await waysIn(app, serverUrl)}

Ctrl-C stops everything.`);
}

/** The first start lets somebody in; later ones do so until there is an admin of everything with a password. */
async function waysIn({ operators }: App, serverUrl: string): Promise<string> {
  const admins = (await operators.list()).filter((one) => one.role === "admin" && !one.tenants && !one.disabledAt);
  if (admins.some(({ hasPassword }) => hasPassword)) {
    return "Sign in with the password you chose; for another link: npm run cli -- user sign-in <name>";
  }
  const { name } = admins[0] ?? (await operators.add({ name: await freeName(operators), role: "admin" }));
  const { code } = await operators.issueOnce(name);
  return `Sign in as ${name}, and choose a password (works once, for a day):\n${serverUrl}/sign-in/once?code=${code}`;
}

/** Somebody may be called so already, and be no admin. */
async function freeName({ find }: App["operators"]): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? FIRST : `${FIRST}-${number}`;
    if (!(await find(name))) return name;
  }
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  reportFailure(error);
  process.exit(1);
}
