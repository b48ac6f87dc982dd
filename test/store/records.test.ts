import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createFindings } from "../../src/store/findings.ts";
import type { HistoryRow, Settlement } from "../../src/store/lane-rows.ts";
import { createLanes, type Lanes } from "../../src/store/lanes.ts";
import { createRecords, type Records } from "../../src/store/records.ts";
import { createWrites } from "../../src/store/writes.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

const tenantId = "harbourline";
let store: TestStore;
let lanes: Lanes;
let records: Records;

beforeAll(async () => {
  store = await openTestStore();
  lanes = createLanes(store.db, { leaseMs: 30_000, ringSlots: 8 });
  records = createRecords(store.db, store.tenants, createFindings(store.db, store.tenants));
  await store.tenants.create({ id: tenantId, name: "" });
  await store.tenants.create({ id: "kestrel-obs", name: "" });
  await fillOneRecord();
});
afterAll(() => store.stop());

/** A linked organization with history, an open intent, a finding and an unread delivery. */
async function fillOneRecord(): Promise<void> {
  const key = await store.tenants.key(tenantId);
  const writes = createWrites(store.db, { callTimeoutMs: 1_000, callMarginMs: 1_000 });
  const accept = () =>
    lanes.accept({
      tenantId,
      connectionId: randomUUID(),
      source: "pipedrive",
      deliveryKey: randomUUID(),
      payload: key.sealJson("inbox.payload", {}),
      object: "organization",
      crmId: 4711,
      kind: null,
      programId: null,
    });
  const laneId = (await accept()) as number;
  const claim = await lanes.claim(laneId, "outbound");
  if (!claim) throw new Error("the lane is taken");
  const record = { role: "partner", object: "organization", crmId: 4711 } as const;
  const bases = key.sealJson("link.bases", { "partner.name": { crm: "Zürich", program: "Zürich" } });
  const link = { ...record, kind: "partner", programId: "prt_1", createdBy: "create" } as const;
  await writes.link(claim, { ...link, bases, seenCrm: null, intentId: null, identities: [] });
  const intent = {
    ...record,
    type: "patch",
    direction: "outbound",
    programId: "prt_1",
    key: "k",
    revision: 1,
  } as const;
  await writes.openIntent(claim, { ...intent, counted: null, body: key.sealJson("intent.body", {}) });
  const history = Array.from({ length: 25 }, (_, n) => historyRow(n, key.sealJson("history.content", { sent: n })));
  await lanes.settle(settlement(laneId, claim.epoch, history));
  await accept();
}

function historyRow(n: number, content: Buffer): HistoryRow {
  const row = {
    role: "partner",
    program_id: "prt_1",
    field: `field ${n}`,
    event: "written",
    winner: "program",
  } as const;
  return { ...row, rule: "changed", revision: 1, intent_id: null, content: content.toString("base64"), salt: null };
}

function settlement(lane: number, epoch: number, history: HistoryRow[]): Settlement {
  const finding = {
    code: "REWRITTEN",
    severity: "warning",
    field: "Status",
    message: "m",
    subject: "s",
    detail: null,
  } as const;
  return {
    lane,
    epoch,
    direction: "outbound",
    rang: 1,
    read: [],
    seen_crm: null,
    seen_program: null,
    times: { crm: {}, program: {} },
    due: { inbound: null, outbound: null },
    blocked: { kind: "contact", id: "con_1" },
    stopped: false,
    attempts: 2,
    cause: "waits",
    links: [],
    intents: [],
    history,
    findings: [finding],
    effects: [],
    effects_done: [],
  };
}

describe("a record", () => {
  test("is shown with both identities, its bases and what happened last, opened", async () => {
    const view = await records.find(tenantId, { object: "organization", crmId: 4711 });
    expect(view?.lane).toMatchObject({ programId: "prt_1", cause: "waits", class: "live" });
    expect(view?.lane.blockedOn).toEqual({ kind: "contact", id: "con_1" });
    expect(view?.links).toMatchObject([
      { role: "partner", crmId: 4711, bases: { "partner.name": { crm: "Zürich", program: "Zürich" } } },
    ]);
    expect(view?.unread).toBe(2);
    expect(view?.openIntents).toMatchObject([{ type: "patch", crmId: 4711, revision: 1 }]);
    expect(view?.findings).toMatchObject([{ code: "REWRITTEN", field: "Status" }]);
    expect(view?.history).toHaveLength(20);
    expect(view?.history[0]).toMatchObject({ field: "field 24", content: { sent: 24 } });
  });

  test("is found by its id in the program too", async () => {
    const byProgram = await records.find(tenantId, { kind: "partner", programId: "prt_1" });
    expect(byProgram?.lane.crmId).toBe(4711);
  });

  test("is not another tenant's, nor another object's", async () => {
    expect(await records.find("kestrel-obs", { object: "organization", crmId: 4711 })).toBeNull();
    expect(await records.find(tenantId, { object: "deal", crmId: 4711 })).toBeNull();
    await expect(records.find("nobody", { object: "deal", crmId: 1 })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT",
    });
  });
});
