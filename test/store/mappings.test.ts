import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createMappings, type Mappings } from "../../src/store/mappings.ts";
import type { MappingPlan } from "../../src/sync/model.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
let mappings: Mappings;
let tenantId: string;
let tenants = 0;

beforeAll(async () => {
  store = await openTestStore();
  mappings = createMappings(store.db);
});
afterAll(() => store.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `tenant-${tenants}`;
  await store.tenants.create({ id: tenantId, name: "" });
});

function planOf(revision: number): MappingPlan {
  const place = { pipelineId: 1, stageId: 2 };
  return {
    tenantId,
    revision,
    idFormat: "prefixed",
    startAt: "2026-01-01T00:00:00Z",
    paused: false,
    roles: {
      partner: [
        {
          field: "partner.status",
          label: "Allbound Status",
          type: "option",
          crm: { custom: "a".repeat(40), crmType: "enum" },
          direction: "crm_to_program",
          write: "always",
          onConflict: "crm",
          options: [{ program: "active", id: 12, label: "Active" }],
        },
      ],
      partner_user: [],
      deal: [],
      customer_org: [],
      customer_person: [],
    },
    stages: { entry: place, onApproved: null, map: [{ program: "open", ...place }], unmapped: "ignore" },
    rules: {
      createOn: "approved",
      matchCustomer: "link_exact",
      onRejected: "note",
      rejectedLostReason: null,
      onExpired: "none",
      ownerFrom: "none",
      fallbackOwnerId: 3,
      defaultCurrency: "EUR",
      programOwnsOutcome: false,
    },
    users: [{ id: 3, email: "ops@example.com", active: true }],
    websiteKey: { system: "website" },
  };
}

const save = (revision: number, document = `{"revision":${revision}}`) =>
  mappings.saveLive({ tenantId, document, plan: planOf(revision), loadedBy: "vera" });

describe("a mapping", () => {
  test("is live once it is loaded, with its plan as it was", async () => {
    expect(await mappings.live(tenantId)).toBeNull();
    expect(await save(1)).toEqual({ revision: 1, changed: true });
    expect(await mappings.live(tenantId)).toMatchObject({ revision: 1, plan: planOf(1), document: '{"revision":1}' });
  });

  test("gives way to a newer revision, and stays as it was", async () => {
    await save(1);
    await save(3);
    expect((await mappings.live(tenantId))?.revision).toBe(3);
    const rows = await store.db.prisma.mappingRevision.findMany({ where: { tenantId }, orderBy: { revision: "asc" } });
    expect(rows.map((row) => [row.revision, row.state, row.document])).toEqual([
      [1, "retired", '{"revision":1}'],
      [3, "live", '{"revision":3}'],
    ]);
  });

  test("that is live already is left alone", async () => {
    await save(2);
    expect(await save(2)).toEqual({ revision: 2, changed: false });
  });

  test("loaded again has its lock renewed, when the account has changed since", async () => {
    await save(2);
    const plan = { ...planOf(2), users: [{ id: 4, email: "new@example.com", active: true }] };
    const again = { tenantId, document: '{"revision":2}', plan, loadedBy: "otto" };
    expect(await mappings.saveLive(again)).toEqual({ revision: 2, changed: true });
    expect(await mappings.live(tenantId)).toMatchObject({ revision: 2, plan, loadedBy: "otto" });
  });

  test("that is not newer is refused, naming both revisions", async () => {
    await save(5);
    for (const revision of [4, 5]) {
      await expect(save(revision, "another text")).rejects.toMatchObject({
        code: "REVISION_NOT_NEWER",
        message: expect.stringMatching(`revision ${revision} .* live revision 5`),
        hint: expect.stringContaining("6"),
      });
    }
    expect((await mappings.live(tenantId))?.document).toBe('{"revision":5}');
  });

  test("loaded twice at once becomes live once, and the other load sees it", async () => {
    const results = await Promise.allSettled([save(1, "one"), save(1, "other"), save(1, "one"), save(2)]);
    expect(results.filter((result) => result.status === "fulfilled").length).toBeGreaterThan(0);
    const live = await store.db.prisma.mappingRevision.findMany({ where: { tenantId, state: "live" } });
    expect(live.map((row) => row.revision)).toEqual([2]);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "REVISION_NOT_NEWER" });
    }
  });

  test("needs a tenant, and belongs to no other", async () => {
    const plan = planOf(1);
    await expect(mappings.saveLive({ tenantId: "nobody", document: "", plan, loadedBy: "" })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT",
    });
    await save(1);
    await store.tenants.create({ id: `${tenantId}-other`, name: "" });
    expect(await mappings.live(`${tenantId}-other`)).toBeNull();
  });

  test("stored by an older version that lacks something says what to do", async () => {
    await save(1);
    await store.db.pool.query("update mapping_revision set plan = plan #- '{rules,createOn}' where tenant_id = $1", [
      tenantId,
    ]);
    await expect(createMappings(store.db).live(tenantId)).rejects.toMatchObject({
      code: "PLAN_OUTDATED",
      where: "rules.createOn",
      hint: expect.stringContaining("load the document again"),
    });
  });
});

test("a lock whose document was changed behind it is refused", async () => {
  await mappings.saveLive({ tenantId, document: "one", plan: planOf(1), loadedBy: "ops" });
  await store.db.pool.query("update mapping_revision set document = 'two' where tenant_id = $1", [tenantId]);
  const fresh = createMappings(store.db);
  await expect(fresh.live(tenantId)).rejects.toMatchObject({ code: "LOCK_MISMATCH" });
});
