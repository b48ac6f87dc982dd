import { describe, expect, test } from "@jest/globals";
import { NotFoundError, RecordError } from "../../src/errors.ts";
import { signBody } from "../../src/partner/signature.ts";
import {
  act,
  approvedRegistration,
  command,
  commandLog,
  control,
  eachWithAProgram,
  eventTypes,
  failure,
  program,
  refusal,
  secret,
  tenant,
  upsert,
  url,
} from "./program-wire-rig.ts";

/* The sync's own client against the twin: what each command does, and by which codes it is refused. */

eachWithAProgram();

describe("commands about partners", () => {
  test("create, update and switch one, with an event for each change that names the command's key", async () => {
    const create = upsert(7, {
      fields: { name: " Northwind ", website: "www.northwind.example", manager_email: "CAM@x.example" },
    });
    const created = await program.apply(create);
    expect(created).toMatchObject({
      kind: "partner",
      version: 1,
      data: { name: "Northwind", domains: ["northwind.example"], manager_email: "cam@x.example", crm: { org_id: 7 } },
    });
    const both = upsert(7, { fields: { tier: "gold" }, status: "pending", expected_version: 1 });
    expect(await program.apply(both)).toMatchObject({
      id: created.id,
      version: 3,
      data: { tier: "gold", status: "pending" },
    });
    const off = command({
      command: "partner.set_status",
      partner_id: created.id,
      status: "inactive",
      expected_version: 3,
    });
    expect(await program.apply(off)).toMatchObject({ version: 4, data: { status: "inactive" } });
    expect(await program.get("partner", created.id)).toMatchObject({ version: 4 });

    const { events } = await program.fetchChanges(null);
    expect(events.map(({ type, aggregate, causation_id }) => [type, aggregate.version, causation_id])).toEqual([
      ["partner.created", 1, create.idempotency_key],
      ["partner.updated", 2, both.idempotency_key],
      ["partner.status_changed", 3, both.idempotency_key],
      ["partner.status_changed", 4, off.idempotency_key],
    ]);
    expect(events.every(({ origin, actor }) => origin === "crm" && actor.id === "partnersync")).toBe(true);
  });

  test("that say what is already so change nothing", async () => {
    await program.apply(upsert(7));
    const same = await program.apply(upsert(7, { expected_version: 1 }));
    expect(same.version).toBe(1);
    expect(await eventTypes()).toEqual(["partner.created"]);
    expect(await commandLog()).toMatchObject({
      total: 2,
      changed: 1,
      counts: { "partner.upsert_from_crm": { received: 2, changed: 1, unchanged: 1, refused: 0, repeated: 0 } },
    });
  });

  test("are refused by their documented codes, without effect", async () => {
    const { id } = await program.apply(upsert(7));
    const taken = upsert(8, { fields: { name: "Copy", website: "https://partner-7.example/about" } });
    expect(await refusal(taken)).toBe("domain_taken");
    expect(await refusal(upsert(8, { status: "prospective" }))).toBe("unknown_status");
    expect(await refusal(upsert(8, { status: null }))).toBe("unknown_status");
    expect(await refusal(upsert(7, { expected_version: null }))).toBe("version_conflict");
    expect(await refusal(upsert(7, { expected_version: 2 }))).toBe("version_conflict");
    expect(await refusal(upsert(8, { expected_version: 1 }))).toBe("version_conflict");
    const off = { command: "partner.set_status", partner_id: id, status: "inactive" } as const;
    expect(await refusal(command({ ...off, expected_version: 9 }))).toBe("version_conflict");
    expect(await refusal(command({ ...off, status: "gone", expected_version: 1 }))).toBe("unknown_status");
    expect(await failure(program.apply(command({ ...off, partner_id: "prt_x", expected_version: 1 })))).toBeInstanceOf(
      NotFoundError,
    );
    expect(await failure(program.apply(upsert(8, { fields: { name: "X", shoe_size: 9 } })))).toBeInstanceOf(
      RecordError,
    );
    expect(await eventTypes()).toEqual(["partner.created"]);
  });
});

describe("commands about registrations", () => {
  test("link, update, close, reopen and close again", async () => {
    const { id, version } = await approvedRegistration();
    const link = {
      command: "registration.link_crm",
      registration_id: id,
      deal_id: 31,
      org_id: 9,
      person_id: null,
    } as const;
    const linked = await program.apply(command(link));
    expect(linked).toMatchObject({
      version: version + 1,
      data: { crm: { deal_id: 31, org_id: 9, person_id: null }, sales: { status: "open" } },
    });
    expect((await program.apply(command(link))).version).toBe(version + 1);
    expect(await refusal(command({ ...link, deal_id: 32 }))).toBe("already_linked");

    const update = { command: "registration.update_from_crm", registration_id: id } as const;
    const changes = {
      amount: { value: 250.129, currency: "eur" },
      expected_close_date: "2025-07-01",
      stage_key: "proposal",
    };
    const updated = await program.apply(command({ ...update, changes, expected_version: linked.version }));
    expect(updated).toMatchObject({
      version: linked.version + 2,
      data: {
        amount: { value: 250.13, currency: "EUR" },
        expected_close_date: "2025-07-01",
        sales: { stage_key: "proposal" },
      },
    });
    expect(await refusal(command({ ...update, changes, expected_version: linked.version }))).toBe("version_conflict");

    const outcome = { command: "registration.set_outcome", registration_id: id, reason: null, value: null } as const;
    const won = await program.apply(
      command({
        ...outcome,
        outcome: "won",
        closed_at: "2025-06-01T12:00:00+02:00",
        expected_version: updated.version,
      }),
    );
    expect(won.data.sales).toMatchObject({ status: "won", closed_at: "2025-06-01T10:00:00.000Z", lost_reason: null });
    const lose = {
      ...outcome,
      outcome: "lost",
      closed_at: null,
      reason: " price ",
      expected_version: won.version,
    } as const;
    expect(await refusal(command(lose))).toBe("illegal_transition");
    const reopened = await program.apply(
      command({ command: "registration.reopen", registration_id: id, expected_version: won.version }),
    );
    expect(reopened.data.sales).toMatchObject({ status: "open", closed_at: null });
    const lost = await program.apply(
      command({ ...lose, value: { value: 5, currency: "EUR" }, expected_version: reopened.version }),
    );
    expect(lost.data).toMatchObject({ sales: { status: "lost", lost_reason: "price" }, amount: { value: 5 } });
    expect((await eventTypes()).slice(4)).toEqual(["updated", "updated", "stage_changed", "won", "reopened", "lost"]);
  });

  test("of a sale that has not begun, or of a draft, are refused", async () => {
    const { id, version, data } = await approvedRegistration();
    const reopen = { command: "registration.reopen", registration_id: id, expected_version: version } as const;
    expect(await refusal(command(reopen))).toBe("illegal_transition");
    const draft = await act("submit_registration", {
      partner_id: data.partner_id,
      submitted_by: data.submitted_by,
      title: "Draft",
      prospect: { account: { name: "Blue Yonder" } },
      draft: true,
    });
    const link = { command: "registration.link_crm", deal_id: 31, org_id: null, person_id: null } as const;
    expect(await refusal(command({ ...link, registration_id: draft.registration_id ?? "" }))).toBe(
      "illegal_transition",
    );
  });

  test("cannot give one deal to two registrations", async () => {
    const { id, data } = await approvedRegistration();
    const second = await act("submit_registration", {
      partner_id: data.partner_id,
      submitted_by: data.submitted_by,
      title: "Second",
      prospect: { account: { name: "Blue Yonder" } },
    });
    const link = { command: "registration.link_crm", deal_id: 31, org_id: null, person_id: null } as const;
    await program.apply(command({ ...link, registration_id: id }));
    expect(await refusal(command({ ...link, registration_id: second.registration_id ?? "" }))).toBe("already_linked");
  });
});

/** Commands of the contract that this client does not send yet, posted as bytes. */
describe("the other commands", () => {
  async function post(body: Record<string, unknown>): Promise<{ status: number; body: Record<string, unknown> }> {
    const raw = JSON.stringify(command(body as never));
    const headers = { "content-type": "application/json", "x-program-signature": signBody(secret, raw, Date.now()) };
    const response = await fetch(`${url}/program/${tenant}/commands`, { method: "POST", headers, body: raw });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  test("upsert a contact under a known partner, with an address nobody else has", async () => {
    const { id } = await program.apply(upsert(7));
    const contact = { command: "contact.upsert_from_crm", partner_id: id, expected_version: null };
    const made = await post({ ...contact, crm_person_id: 1, email: "A@p.example", phone: "+1 (555) 01" });
    expect(made.body.result).toMatchObject({
      email: "a@p.example",
      phone: "155501",
      status: "active",
      crm: { person_id: 1 },
    });
    expect(await post({ ...contact, crm_person_id: 2, email: "a@P.example" })).toEqual({
      status: 409,
      body: { refused: "email_taken" },
    });
    const stray = await post({ ...contact, partner_id: "prt_x", crm_person_id: 3, email: "c@p.example" });
    expect(stray.body).toEqual({ refused: "partner_unknown" });
    const edited = await post({ ...contact, crm_person_id: 1, email: "b@p.example", expected_version: 1 });
    expect(edited.body.result).toMatchObject({ version: 2, email: "b@p.example", phone: "155501" });
  });

  test("partner.link_crm ties a partner that has no Organization yet, once", async () => {
    const { id } = await program.apply(upsert(41));
    const made = await act("create_partner", { name: "Linked later" });
    const link = (partner_id: unknown, org_id: number) => post({ command: "partner.link_crm", partner_id, org_id });
    expect((await link(made.partner_id, 42)).body.result).toMatchObject({ crm: { org_id: 42 }, version: 2 });
    expect((await link(made.partner_id, 42)).body.result).toMatchObject({ version: 2 });
    expect(await link(made.partner_id, 43)).toEqual({ status: 409, body: { refused: "already_linked", org_id: 42 } });
    expect((await link(made.partner_id, 41)).status).toBe(409);
    expect(await link(id, 42)).toMatchObject({ status: 409, body: { refused: "already_linked" } });
  });

  test("unlink, flag and report", async () => {
    const { id } = await approvedRegistration();
    const link = { command: "registration.link_crm", registration_id: id, deal_id: 31, org_id: 9, person_id: 4 };
    await post(link);
    const unlinked = await post({ command: "registration.unlink_crm", registration_id: id, reason: "deleted" });
    expect(unlinked.body.result).toMatchObject({ crm: { deal_id: null, org_id: null }, sales: { status: "open" } });
    const flagged = await post({
      command: "registration.flag_conflict",
      registration_id: id,
      candidates: ["reg_other"],
    });
    expect(flagged.body.result).toMatchObject({ conflict: { state: "suspected", candidates: ["reg_other"] } });
    await post({
      command: "sync.record_finding",
      code: "ID_MISMATCH",
      severity: "high",
      ref: "organization 9",
      detail: "x",
    });
    expect(await control("GET", "/findings")).toMatchObject([{ code: "ID_MISMATCH", ref: "organization 9" }]);
    expect((await eventTypes()).slice(-2)).toEqual(["updated", "conflict_flagged"]);
  });
});
