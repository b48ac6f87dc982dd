import { randomUUID } from "node:crypto";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { RecordName } from "../store/records.ts";
import type { Replayable } from "../store/replays.ts";

/** So many at once: the rest is told, and another replay goes on with it. */
const MOST = 500;
/** Work of ours that waits behind whatever people do. */
const RECONCILE = 2;

/** What is to begin again: what one finding is about, one record, or all that have stopped since then. */
export type ReplayAsked = { finding: number } | { record: RecordName } | { since: Date };

export interface Replayed {
  tenantId: string;
  dryRun: boolean;
  /** What was made due, or would be: at most 500. */
  records: { name: string; stoppedAt: Date | null; cause: string | null }[];
  /** Stopped since then too, and left for another replay. */
  left: number;
  /** Pipedrive's tokens that looking at them takes at most. */
  tokens: number;
}

/**
 * Begins the work of records again once what stopped them is mended: their attempts count from zero, each is read
 * afresh, and nothing is written unless the sides differ. Findings that told of the stop are closed; what was not
 * mended raises them again. May be repeated.
 *
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_FINDING, FINDING_OF_NO_RECORD, UNKNOWN_RECORD, NOT_CONNECTED
 */
export async function replay(
  app: App,
  tenantId: string,
  asked: ReplayAsked,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Replayed> {
  await app.tenants.known(tenantId);
  const { records, all } = await chosen(app, tenantId, asked);
  if (!dryRun) {
    const order = "since" in asked ? RECONCILE : 0;
    for (const record of records) await ask(app, tenantId, record.name, order);
    await app.replays.closeStops(tenantId, records);
    if ("finding" in asked) await app.findings.close(tenantId, asked.finding);
    await app.ringer.ringDue(tenantId);
  }
  return {
    tenantId,
    dryRun,
    records: records.map(({ name, stoppedAt, cause }) => ({ name: textOf(name), stoppedAt, cause })),
    left: all - records.length,
    tokens: records.filter(({ name }) => "object" in name).length,
  };
}

async function chosen(app: App, tenantId: string, asked: ReplayAsked): Promise<{ records: Replayable[]; all: number }> {
  if ("since" in asked) return app.replays.stoppedSince(tenantId, asked.since, MOST);
  const record =
    "finding" in asked
      ? await ofFinding(app, tenantId, asked.finding)
      : await app.replays.ofRecord(tenantId, asked.record);
  if (record) return { records: [record], all: 1 };
  const what = "record" in asked ? textOf(asked.record) : "that record";
  const hint = "have it looked at: partnersync sync";
  throw new InputError("UNKNOWN_RECORD", `${tenantId}: nothing is known of ${what}`, "record", hint);
}

async function ofFinding(app: App, tenantId: string, id: number): Promise<Replayable> {
  const record = await app.replays.ofFinding(tenantId, id);
  if (record) return record;
  if (record === undefined) {
    const hint = `see \`partnersync findings list --tenant ${tenantId}\``;
    throw new InputError("UNKNOWN_FINDING", `${tenantId} has no finding ${id}`, "finding", hint);
  }
  const hint = "do what it says; what has stopped since begins again with --since";
  throw new InputError(
    "FINDING_OF_NO_RECORD",
    `finding ${id} of ${tenantId} is about no single record`,
    "finding",
    hint,
  );
}

/** A row of the inbox like any other: it survives whatever happens to the workers. */
async function ask(app: App, tenantId: string, name: RecordName, order: 0 | 2): Promise<void> {
  const source = "object" in name ? "pipedrive" : "program";
  const connection = await app.connections.current(tenantId, source);
  if (!connection) {
    const hint = "see `partnersync connect list`";
    throw new InputError("NOT_CONNECTED", `${tenantId} has no ${source} connection`, "tenant", hint);
  }
  const request: ReadRequest = { asked: "replay" };
  await app.lanes.accept({
    ...{ tenantId, connectionId: connection.id, source, deliveryKey: `replay ${randomUUID()}` },
    payload: (await app.tenants.key(tenantId)).sealJson("inbox.payload", request),
    ...{ object: null, crmId: null, kind: null, programId: null, ...name, class: order },
  });
}

function textOf(name: RecordName): string {
  return "object" in name ? `${name.object} ${name.crmId}` : `${name.kind} ${name.programId}`;
}
