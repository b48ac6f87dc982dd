import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bodyOf, eventOf, postEvent, startTestServer, type TestServer, type TestTenant } from "./test-server.ts";

let server: TestServer;
let base: string;
let tenant: TestTenant;
let tenants = 0;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen();
});
afterAll(() => server.stop());
beforeEach(async () => {
  tenants += 1;
  tenant = await server.addTenant(`tenant-${tenants}`);
});

async function lanesOf(tenantId: string) {
  const sql = "select object, crm_id, kind, program_id, due_inbound, due_outbound from lane where tenant_id = $1";
  return (await server.pool.query(sql, [tenantId])).rows;
}

describe("a program event", () => {
  test("delivered five times is accepted once, stored sealed, and rings its lane", async () => {
    const event = eventOf(tenant.id);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => postEvent(base, tenant.id, event)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await lanesOf(tenant.id)).toEqual([
      {
        object: null,
        crm_id: null,
        kind: "partner",
        program_id: "prt_1",
        due_inbound: null,
        due_outbound: expect.any(Date),
      },
    ]);
    const { rows } = await server.pool.query("select * from inbox where tenant_id = $1", [tenant.id]);
    expect(rows.map((row) => row.delivery_key)).toEqual([event.event_id]);
    expect((await server.tenants.key(tenant.id)).unsealJson("inbox.payload", rows[0].payload)).toEqual(event);
    const jobs = await server.doorbells.queues.outbound.getJobs();
    expect(jobs.map((job) => job.name)).toContain(`${tenant.id} partner prt_1`);
  });

  test.each([
    ["partner", { org_id: 17 }, "organization"],
    ["contact", { person_id: 17 }, "person"],
    ["deal_registration", { deal_id: 17, org_id: 4, person_id: 5 }, "deal"],
  ])("of a %s whose snapshot names its record goes to that record's lane", async (kind, crm, object) => {
    const aggregate = { kind, id: "agg_1", version: 2 };
    await postEvent(base, tenant.id, eventOf(tenant.id, { aggregate, data: { version: 2, crm } }));
    expect(await lanesOf(tenant.id)).toEqual([expect.objectContaining({ object, crm_id: "17" })]);
  });

  test("signed with the next secret is accepted while secrets are rotated", async () => {
    const [, secret] = tenant.secrets;
    expect((await postEvent(base, tenant.id, eventOf(tenant.id), { secret })).status).toBe(200);
  });

  test("is told which check of its signature failed", async () => {
    const event = eventOf(tenant.id);
    const codes = await Promise.all(
      [
        { header: null },
        { header: "t=12,v1=zz" },
        { atMs: Date.now() - 301_000 },
        { atMs: Date.now() + 301_000 },
        { secret: "guess" },
      ].map(async (options) => {
        const answer = await postEvent(base, tenant.id, event, options);
        return [answer.status, (await bodyOf(answer)).error.code];
      }),
    );
    expect(codes).toEqual([
      [401, "SIGNATURE_MISSING"],
      [401, "SIGNATURE_MALFORMED"],
      [401, "SIGNATURE_EXPIRED"],
      [401, "SIGNATURE_EXPIRED"],
      [401, "SIGNATURE_MISMATCH"],
    ]);
    expect(await server.count("inbox", tenant.id)).toBe(0);
  });

  test("of an unknown tenant is answered like one with a wrong signature", async () => {
    const wrong = await postEvent(base, tenant.id, eventOf(tenant.id), { secret: "guess" });
    for (const unknown of ["nobody", "no%00body", "x".repeat(90)]) {
      const answer = await postEvent(base, unknown, eventOf("nobody"), { secret: "guess" });
      expect(answer.status).toBe(401);
      expect({ ...(await bodyOf(answer)).error, correlationId: "" }).toEqual({
        ...(await bodyOf(wrong.clone())).error,
        correlationId: "",
      });
    }
  });

  test("of one tenant is not taken at another's address, by signature or by name", async () => {
    const other = await server.addTenant(`${tenant.id}-other`);
    const forged = await postEvent(base, other.id, eventOf(other.id), { secret: tenant.secrets[0] });
    expect(forged.status).toBe(401);
    const misled = await postEvent(base, other.id, eventOf(tenant.id), { secret: other.secrets[0] });
    expect([misled.status, (await bodyOf(misled)).error.code]).toEqual([400, "EVENT_TENANT"]);
    expect(await server.count("inbox", other.id)).toBe(0);
  });

  test("that is a ping, or about something that is not synced, needs no lane", async () => {
    for (const changes of [
      { type: "sync.ping", aggregate: { kind: "sync", id: tenant.id, version: 1 } },
      { type: "sync.ping" },
      { type: "lead.offered", aggregate: { kind: "lead", id: "lead_1", version: 1 } },
    ]) {
      const answer = await postEvent(base, tenant.id, eventOf(tenant.id, changes));
      expect([answer.status, await bodyOf(answer)]).toEqual([200, { ignored: true }]);
    }
    expect(await server.count("lane", tenant.id)).toBe(0);
  });

  test("of a type nobody has heard of counts by its snapshot", async () => {
    const answer = await postEvent(base, tenant.id, eventOf(tenant.id, { type: "partner.knighted" }));
    expect(await bodyOf(answer)).toEqual({ accepted: true });
  });

  test("that cannot be read is refused by member, and found", async () => {
    const answer = await postEvent(base, tenant.id, eventOf(tenant.id, { schema_version: 2 }));
    expect(answer.status).toBe(400);
    expect((await bodyOf(answer)).error).toMatchObject({ code: "EVENT_MALFORMED", where: "schema_version" });
    const { rows } = await server.pool.query("select code, message from finding where tenant_id = $1", [tenant.id]);
    const message = expect.stringContaining("; have the program correct this member and send the event again");
    expect(rows).toEqual([{ code: "EVENT_UNREADABLE", message }]);
  });
});
