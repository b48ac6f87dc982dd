import { createPostgresBackend, type Job, Worker } from "bullmq";
import { Redis } from "ioredis";
import { loadConfig } from "../src/config.ts";
import { createNeutralProgram } from "../src/partner/neutral-http.ts";
import { createPipedriveClient } from "../src/pipedrive/client.ts";
import { createTokenWindow } from "../src/pipedrive/token-window.ts";
import { openDatabase } from "../src/store/database.ts";
import { type Account, BASELINE_PREFIX, BASELINE_QUEUE, type BaselineJob } from "./baseline-job.ts";

/** The baseline's worker process: takes a job, makes its call with our own clients, and that is all. */
const { databaseUrl = "", redisUrl, concurrency, burstTokens, timings } = loadConfig();
const clients = new Map(
  (JSON.parse(process.env.BENCH_ACCOUNTS ?? "[]") as Account[]).map(({ id, token, secret, twinUrl }) => {
    const timeoutMs = timings.callTimeoutMs;
    const window = createTokenWindow({ capacity: burstTokens });
    const pipedrive = createPipedriveClient({ baseUrl: twinUrl, token, timeoutMs, window, onSpend: () => {} });
    const program = createNeutralProgram({ baseUrl: `${twinUrl}/program/${id}`, secrets: [secret], timeoutMs });
    return [id, { pipedrive, program }];
  }),
);

async function run({ data }: Job<BaselineJob>): Promise<string> {
  const client = clients.get(data.account);
  if (!client) throw new Error(`no account ${data.account}`);
  if ("command" in data) await client.program.apply(data.command);
  else await client.pipedrive.patch("organization", data.patch.id, data.patch.body);
  return "done";
}

const worker = redisUrl
  ? new Worker<BaselineJob>(BASELINE_QUEUE, run, {
      concurrency,
      connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
      prefix: BASELINE_PREFIX,
    })
  : new Worker<BaselineJob>(
      BASELINE_QUEUE,
      run as never,
      { concurrency, connection: openDatabase(databaseUrl).pool } as never,
      createPostgresBackend as never,
    );
worker.on("error", () => {});
worker.on("failed", (_job, error) => process.stderr.write(`${error.message}\n`));
process.once("SIGTERM", () => void worker.close().then(() => process.exit(0)));
process.stderr.write(`${JSON.stringify({ msg: "working" })}\n`);
