import { randomBytes, randomUUID } from "node:crypto";
import { createPostgresBackend, Queue } from "bullmq";
import { Redis } from "ioredis";
import type pg from "pg";
import type { ProgramCommand } from "../src/partner/adapter.ts";
import { createNeutralProgram } from "../src/partner/neutral-http.ts";
import { createPipedriveClient } from "../src/pipedrive/client.ts";
import type { Direction } from "../src/sync/model.ts";
import { twinClient } from "../test/support/twin-client.ts";
import { type Account, BASELINE_PREFIX, BASELINE_QUEUE, type BaselineJob } from "./baseline-job.ts";
import { startChild } from "./child.ts";
import type { BackendName } from "./stack.ts";
import type { Surroundings } from "./surroundings.ts";
import { documentFor, makeCompany } from "./tenant.ts";

/**
 * What we are compared with: bare BullMQ, one job per change, each with just the HTTP call that the change ends in. Its
 * accounts are like ours, and the twin tells of its writes as well (to somebody who answers and forgets).
 */
export interface Baseline {
  /** Makes one write per organization. @returns ms from the first job added to the last call received */
  run(direction: Direction): Promise<number>;
  close(): Promise<void>;
}

interface BaselineAccount extends Account {
  organizations: { id: number; partnerVersion: number }[];
  statusKey: string;
  statusOptions: number[];
  received(direction: Direction): Promise<number>;
}

export async function startBaseline(given: {
  backend: BackendName;
  env: NodeJS.ProcessEnv;
  around: Surroundings;
  pool: pg.Pool;
}): Promise<Baseline> {
  const { backend, around, pool } = given;
  const { options } = around;
  const accounts: BaselineAccount[] = [];
  for (let i = 1; i <= options.tenants; i++) {
    const share = Math.ceil(options.changes / options.tenants);
    accounts.push(await makeAccount(around, `plain-${backend}-${i}`, share));
  }
  const plain = accounts.map(({ id, token, secret, twinUrl }): Account => ({ id, token, secret, twinUrl }));
  const worker = await startChild("bench/baseline-worker.ts", {
    folder: around.folder,
    name: `${backend}-baseline`,
    env: { ...given.env, BENCH_ACCOUNTS: JSON.stringify(plain) },
    ready: /"msg":"working"/,
  });
  const redis = backend === "redis" && around.redisUrl ? new Redis(around.redisUrl, { maxRetriesPerRequest: 1 }) : null;
  const queue = redis
    ? new Queue<BaselineJob>(BASELINE_QUEUE, { connection: redis, prefix: BASELINE_PREFIX })
    : (new Queue(BASELINE_QUEUE, { connection: pool }, createPostgresBackend) as unknown as Queue<BaselineJob>);
  queue.on("error", () => {});
  let turn = 0;
  return {
    async run(direction) {
      turn += 1;
      const jobs = accounts.flatMap((account) => jobsOf(account, direction, turn));
      const before = await Promise.all(accounts.map((account) => account.received(direction)));
      const startedAt = performance.now();
      await queue.addBulk(jobs);
      for (const [i, account] of accounts.entries()) {
        while ((await account.received(direction)) < before[i]! + account.organizations.length) await pause();
      }
      return performance.now() - startedAt;
    },
    async close() {
      await worker.stop();
      await queue.close();
      redis?.disconnect();
    },
  };
}

/** How often it is asked whether all has arrived: rarely enough not to be felt. */
export function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}

/** Commands or patches that the twin received so far for one of its accounts. */
export function receivedBy(twin: ReturnType<typeof twinClient>, tenant: string) {
  return async (direction: Direction): Promise<number> => {
    if (direction === "outbound") return (await twin.spend()).byOperation["organizations.update"]?.calls ?? 0;
    return (await twin.call<{ commands: number }>("GET", `/program/${tenant}`)).commands;
  };
}

async function makeAccount(around: Surroundings, id: string, organizations: number): Promise<BaselineAccount> {
  const { twinUrl, recorder } = around;
  const twin = twinClient(twinUrl, id, id);
  const token = await makeCompany(twin, id);
  const secret = randomBytes(24).toString("base64url");
  const url = `${recorder.url}/nobody`;
  await twin.call("PUT", `/program/${id}`, { secrets: [secret], events_url: url, idFormat: "opaque" });
  const pipedrive = createPipedriveClient({ baseUrl: twinUrl, token, timeoutMs: 10_000, onSpend: () => {} });
  await pipedrive.createWebhook({
    name: "bench",
    subscription_url: url,
    event_action: "*",
    event_object: "organization",
    http_auth_user: "nobody",
    http_auth_password: "nobody",
  });
  const label = (await documentFor(id)).objects.organization.fields.allbound_status?.label;
  const status = (await pipedrive.fields("organization")).find(({ field_name }) => field_name === label);
  const program = createNeutralProgram({ baseUrl: `${twinUrl}/program/${id}`, secrets: [secret], timeoutMs: 10_000 });
  const made = [];
  for (let i = 1; i <= organizations; i++) {
    const organization = await twin.edit("organization", { name: `Plain ${i}` });
    const partner = await program.apply(upsert(organization.id, { name: `Plain ${i}` }, "active", null));
    made.push({ id: organization.id, partnerVersion: partner.version });
  }
  return {
    id,
    token,
    secret,
    twinUrl,
    organizations: made,
    statusKey: status?.field_code ?? "",
    statusOptions: (status?.options ?? []).map((option) => Number(option.id)),
    received: receivedBy(twin, id),
  };
}

function jobsOf(
  account: BaselineAccount,
  direction: Direction,
  turn: number,
): { name: string; data: BaselineJob; opts: object }[] {
  const opts = { attempts: 1, removeOnComplete: { count: 1000 }, removeOnFail: { count: 5000 } };
  return account.organizations.map((organization) => {
    const name = `${account.id} organization ${organization.id}`;
    if (direction === "outbound") {
      const option = account.statusOptions[turn % account.statusOptions.length] ?? null;
      const body = { custom_fields: { [account.statusKey]: option } };
      return { name, opts, data: { account: account.id, patch: { id: organization.id, body } } };
    }
    const fields = { name: `Plain ${organization.id} in turn ${turn}` };
    const command = upsert(organization.id, fields, null, organization.partnerVersion);
    organization.partnerVersion += 1;
    return { name, opts, data: { account: account.id, command } };
  });
}

function upsert(
  orgId: number,
  fields: Record<string, unknown>,
  status: string | null,
  version: number | null,
): ProgramCommand {
  return {
    command: "partner.upsert_from_crm",
    crm_org_id: orgId,
    fields,
    status,
    expected_version: version,
    idempotency_key: randomUUID(),
    origin: "crm",
    actor: { kind: "sync", id: "bench", label: "bench" },
    cause: "bench",
  };
}
