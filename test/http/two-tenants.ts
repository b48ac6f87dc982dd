import { randomUUID } from "node:crypto";
import { localActor } from "../../src/store/actor.ts";
import { INTAKE_ADDRESS } from "../../src/store/connection-rows.ts";
import type { Claim } from "../../src/store/lane-rows.ts";
import { DEFAULT_LIMITS } from "../../src/store/write-limits.ts";
import type { MappingPlan } from "../../src/sync/model.ts";
import { addAccessRows } from "./access-rows.ts";
import { addConflict } from "./conflict-rows.ts";
import { addMatch } from "./match-rows.ts";
import { startTestServer } from "./test-server.ts";

/** The tenant that asks. */
export const A = "harbourline";
/** The one it must never see. */
export const B = "kestrel-obs";
/** In all that is B's: whoever shows it shows something of B. */
export const CANARY = "canary-5f1d";
export const RECORD = { object: "organization", crmId: 777_001 } as const;
export const PARTNER = "prt_of_b";
/** What B's record stood for once. */
export const FORMER = "prt_former_of_b";
/** What A has no revision of: in force before, in force, on its way. */
export const REVISIONS = { former: 5, live: 7, next: 8 } as const;
export const FIELDS = {
  paused: { role: "partner", field: "partner.name" },
  resumed: { role: "partner", field: "partner.status" },
} as const;

/** A server with A, and with B of which there is something in every table that people read. */
export async function startTwoTenants() {
  const server = await startTestServer();
  const a = await server.addTenant(A);
  await server.tenants.create({ id: B, name: CANARY });
  const common = { tenantId: B, environment: "rehearsal", baseUrl: `http://127.0.0.1:1/${CANARY}` } as const;
  const secrets = { token: CANARY, webhookUser: CANARY, webhookPassword: CANARY };
  const pipedrive = await server.connections.add({ ...common, side: "pipedrive", companyDomain: CANARY, secrets });
  const program = await server.connections.add({ ...common, side: "program", secrets: { secrets: [CANARY] } });
  const intake = { intake: [{ path: CANARY, secret: CANARY }] };
  await server.connections.add({ ...common, side: "program", baseUrl: INTAKE_ADDRESS, secrets: intake });
  for (const revision of [REVISIONS.former, REVISIONS.live]) {
    const document = `${CANARY} ${revision}`;
    await server.mappings.saveLive({ tenantId: B, document, plan: { ...planOf(B), revision }, loadedBy: CANARY });
  }
  await addRollOut(server);
  const by = { proposedById: randomUUID(), proposedBy: CANARY };
  await server.mappings.propose({ tenantId: B, document: `proposed ${CANARY}`, ...by });
  const { sha256 } = await server.mappings.proposal(B);

  const key = await server.tenants.key(B);
  const payload = key.sealJson("inbox.payload", { CANARY });
  const delivery = { tenantId: B, connectionId: pipedrive.id, deliveryKey: CANARY, payload };
  const laneId = await server.lanes.accept({
    ...{ ...delivery, source: "pipedrive", ...RECORD },
    ...{ kind: null, programId: null },
  });
  const claim = await server.lanes.claim(laneId as number, "outbound");
  if (!claim) throw new Error("the lane is taken");
  const seen = { CANARY };
  const link = { role: "partner", ...RECORD, kind: "partner", programId: PARTNER, createdBy: "create" } as const;
  const sealed = { bases: key.sealJson("link.bases", seen), seenCrm: key.sealJson("lane.seen_crm", seen) };
  await server.writes.link(claim, { ...link, ...sealed, intentId: null, identities: [] });
  const customer = { role: "customer_org", object: "organization", crmId: 777_002 } as const;
  await server.pool.query(
    `insert into link (tenant_id, lane_id, role, object, crm_id, kind, program_id, created_by)
     values ($1, $2, $3, $4, $5, 'deal_registration', $6, 'match')`,
    [B, laneId, customer.role, customer.object, customer.crmId, PARTNER],
  );
  await server.pool.query(
    "insert into history (tenant_id, lane_id, role, field, event, revision, content) values ($1, $2, 'partner', $3, 'written', 1, $4)",
    [B, laneId, CANARY, key.sealJson("history.content", seen)],
  );
  await server.historySeals.seal();
  const finding = {
    tenantId: B,
    code: "OPTION_UNMAPPED",
    severity: "error",
    subject: CANARY,
    message: CANARY,
  } as const;
  await server.findings.raise({ ...finding, code: "ROLL_OUT_PAUSED", subject: `${CANARY}, as a whole` });
  await server.findings.raise({ ...finding, laneId, detail: seen });
  const [{ id: findingId = 0 } = {}] = await server.findings.list(B);
  const { rows: links } = await server.pool.query("select id from link where tenant_id = $1 and role = 'partner'", [B]);
  const conflictId = await addConflict(server, {
    ...link,
    tenantId: B,
    linkId: links[0].id,
    field: CANARY,
    value: CANARY,
  });
  server.spend.record(pipedrive.id, B, { purpose: CANARY, operation: CANARY, tokens: 5 });
  await server.spend.flush();
  const act = { actor: localActor(CANARY), address: null, correlationId: CANARY, action: CANARY, target: CANARY };
  await server.audit.note({ ...act, tenantId: B }, { phase: "done", before: seen, after: seen });

  const ofB = await addAccessRows(server.access, { tenantId: B, connectionId: pipedrive.id, mark: CANARY });
  await addWaiting(server, program.id);
  await server.canaryOrders.keep(B, RECORD, { before: { key: CANARY }, sent: { key: CANARY } });
  await addHeldWrite(server, { laneId: laneId as number, claim });

  const match = await addMatch(server, {
    tenantId: B,
    connectionId: program.id,
    mark: CANARY,
    programId: `reg_${CANARY}`,
  });
  await addApart(server, key.sealJson("link.bases", seen));

  const { rows: tables } = await server.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'tenant_id' and table_name <> 'audit' order by 1`,
  );
  return {
    ...server,
    /** Of B. */
    ids: {
      ...{ pipedrive: pipedrive.id, program: program.id, finding: findingId, lane: laneId as number, sha256, claim },
      match,
      conflict: conflictId,
    },
    /** What reviews of B's access hold. */
    ofB,
    ofA: a,
    /** All rows of B; of the audit trail what was not merely refused. */
    async rowsOfB(): Promise<Record<string, unknown[]>> {
      const of = async (sql: string) => (await server.pool.query(sql, [B])).rows.map(({ row }) => row);
      const rows = tables.map(async ({ name }) => {
        return [name, await of(`select row_to_json(t)::text as row from "${name}" t where tenant_id = $1 order by 1`)];
      });
      const tenant = await of("select row_to_json(t)::text as row from tenant t where id = $1");
      const sql =
        "select row_to_json(t)::text as row from audit t where tenant_id = $1 and phase <> 'refused' order by id";
      return { ...Object.fromEntries(await Promise.all(rows)), tenant, audit: await of(sql) };
    },
  };
}

type Server = Awaited<ReturnType<typeof startTestServer>>;

async function addRollOut({ rollOuts }: Server): Promise<void> {
  const { live: former, next: revision } = REVISIONS;
  const what = { revision, document: CANARY, plan: { ...planOf(B), revision }, former };
  await rollOuts.begin({ tenantId: B, ...what, enrol: true, existingIds: null, first: 5, startedBy: CANARY });
}

/** Pairs and ids that were parted, merged or carried twice. */
async function addApart({ pool }: Server, bases: Buffer): Promise<void> {
  const { object, crmId } = RECORD;
  await pool.query(
    `insert into link_tombstone (tenant_id, object, crm_id, role, kind, program_id, reason, bases, removed_by)
     values ($1, $2, $3, 'partner', 'partner', $4, 'manual', $5, $6)`,
    [B, object, crmId, FORMER, bases, CANARY],
  );
  await pool.query("insert into merged_record (tenant_id, object, crm_id, into_id) values ($1, $2, 777004, $3)", [
    ...[B, object, crmId],
  ]);
  await pool.query("insert into program_alias (tenant_id, kind, program_id, into_id) values ($1, 'partner', $2, $3)", [
    ...[B, FORMER, PARTNER],
  ]);
  await pool.query(
    "insert into quarantine (tenant_id, object, crm_id, other_id, program_id, is_copy) values ($1, 'deal', 777005, 777006, $2, true)",
    [B, CANARY],
  );
}

/** What a program that only posts has told, fields that stand still, and looks that were made or asked for. */
async function addWaiting(
  { intakes, pausedFields, driftLooks, lanes, pool }: Server,
  programId: string,
): Promise<void> {
  const told = {
    kind: "partner",
    id: "prt_posted",
    eventId: CANARY,
    occurredAt: null,
    told: { name: CANARY },
  } as const;
  await intakes.accept(B, programId, [told]);
  for (const name of Object.values(FIELDS)) await pausedFields.pause(B, name, "person", CANARY);
  await pausedFields.resume(B, FIELDS.resumed);
  const { role, field } = FIELDS.paused;
  await pool.query(
    "update lane set blocked_kind = 'field', blocked_id = $2 where id = (select min(id) from lane where tenant_id = $1 and crm_id is not null)",
    [B, `${role}.${field}`],
  );
  await driftLooks.done(B);
  const asked = { source: "pipedrive", deliveryKey: "asked", payload: Buffer.from(""), class: 2 } as const;
  const record = { object: "deal", crmId: 777_003, kind: null, programId: null } as const;
  await lanes.accept({ tenantId: B, connectionId: programId, ...asked, ...record });
}

/** Limits that were reached, what was counted until then, and what was held. */
async function addHeldWrite({ writeLimits, pool }: Server, { laneId, claim }: { laneId: number; claim: Claim }) {
  await writeLimits.set(B, { ...DEFAULT_LIMITS, windowMinutes: 3 }, CANARY);
  await writeLimits.hold(claim, CANARY, [{ label: CANARY, before: CANARY, after: CANARY }]);
  await pool.query(
    `insert into counted_write (tenant_id, direction, kind, record, lane_id, fields, at)
     values ($1, 'outbound', 'changed', $2, $3, array[$2], now())`,
    [B, CANARY, laneId],
  );
  await pool.query(
    "insert into breaker (tenant_id, direction, tripped_at, kind, counted, most) values ($1, 'outbound', now(), 'changed', 1, 1)",
    [B],
  );
}

export type TwoTenants = Awaited<ReturnType<typeof startTwoTenants>>;

export function planOf(tenantId: string): MappingPlan {
  const place = { pipelineId: 1, stageId: 2 };
  const name = {
    field: "partner.name",
    label: tenantId === B ? CANARY : "Name",
    type: "text",
    crm: { system: "name" },
  } as const;
  return {
    ...{ tenantId, revision: 1, idFormat: "prefixed", startAt: "2026-01-01T00:00:00Z", paused: false },
    roles: {
      partner: [{ ...name, direction: "both", write: "always", onConflict: "crm" }],
      ...{ partner_user: [], deal: [], customer_org: [], customer_person: [] },
    },
    stages: { entry: place, onApproved: null, map: [], unmapped: "ignore" },
    rules: {
      ...{ createOn: "approved", matchCustomer: "link_exact", onRejected: "note", rejectedLostReason: null },
      ...{
        onExpired: "none",
        ownerFrom: "none",
        fallbackOwnerId: 3,
        defaultCurrency: "EUR",
        programOwnsOutcome: false,
      },
    },
    users: [],
    websiteKey: null,
  };
}
