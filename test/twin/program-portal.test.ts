import { beforeEach, describe, expect, test } from "@jest/globals";
import { act, eachWithATwin, events, registration, setUp, wire, withPeople } from "./program-rig.ts";

/* What people do in the portal of the program's twin, and what the review of a registration makes of it. */

eachWithATwin();

describe("people in the portal", () => {
  beforeEach(() => setUp());

  test("have their values kept as a portal keeps them", async () => {
    const people = await withPeople();
    const { body } = await act("submit_registration", registration(people));
    expect(body).toMatchObject({
      version: 1,
      number: "REG-00001",
      title: "Warehouse scanners",
      amount: { value: 1200.46, currency: "EUR" },
      prospect: {
        account: { domain: "blueyonder.example", legal_name: null },
        contact: { email: "bo@blueyonder.example", phone: "45123456", last_name: null },
      },
      review: { status: "submitted" },
      sales: { status: "none" },
      crm: { deal_id: null, org_id: null, person_id: null },
    });
    const yen = await act(
      "submit_registration",
      registration(people, { title: "Yen", amount: { value: 99.6, currency: "JPY" } }),
    );
    expect(yen.body.amount).toEqual({ value: 100, currency: "JPY" });
  });

  test("make one event and one version per change, none when nothing differs", async () => {
    const { partnerId } = await withPeople();
    await act("edit_partner", { partner_id: partnerId, fields: { tier: " gold ", name: "Northwind" } });
    await act("edit_partner", { partner_id: partnerId, fields: { tier: "gold" } });
    const made = (await events()).filter(({ aggregate }) => aggregate.kind === "partner");
    expect(made.map(({ type, aggregate }) => [type, aggregate.version])).toEqual([
      ["partner.created", 1],
      ["partner.updated", 2],
    ]);
    expect(made[1]).toMatchObject({
      tenant_id: "harbourline",
      schema_version: 1,
      occurred_at: "2025-03-04T10:00:00.000Z",
      actor: { kind: "vendor_user" },
      origin: "program",
      causation_id: null,
      changed: [{ path: "tier", from: null, to: "gold" }],
      data: { partner_id: partnerId, tier: "gold", version: 2, domains: ["northwind.example"] },
    });
  });

  test("become inactive with their partner and come back with it", async () => {
    const { partnerId, userId } = await withPeople();
    const other = await act("register_contact", { partner_id: partnerId, email: "bob@northwind.example" });
    await act("set_contact_status", { contact_id: other.body.partner_user_id, status: "disabled" });
    await act("set_partner_status", { partner_id: partnerId, status: "inactive" });
    const status = async (id: unknown) => (await wire(`/contact/${id}`)).body.status;
    expect([await status(userId), await status(other.body.partner_user_id)]).toEqual(["inactive", "disabled"]);
    await act("set_partner_status", { partner_id: partnerId, status: "active" });
    expect([await status(userId), await status(other.body.partner_user_id)]).toEqual(["active", "disabled"]);
    expect((await events()).map(({ type }) => type).slice(-4)).toEqual([
      "partner.status_changed",
      "contact.status_changed",
      "partner.status_changed",
      "contact.status_changed",
    ]);
  });

  test("are heard of when verified, not before", async () => {
    const { partnerId } = await withPeople();
    const pending = await act("register_contact", {
      partner_id: partnerId,
      email: "new@northwind.example",
      verified: false,
    });
    const id = String(pending.body.partner_user_id);
    expect((await wire(`/contact/${id}`)).status).toBe(404);
    expect(await events()).toHaveLength(2);
    await act("verify_contact", { contact_id: id });
    expect((await wire(`/contact/${id}`)).body).toMatchObject({ version: 1, status: "active" });
    expect((await events())[2]).toMatchObject({ type: "contact.created", aggregate: { id, version: 1 } });
  });

  test("go over to the partner that theirs is merged into", async () => {
    const people = await withPeople();
    const sent = await act("submit_registration", registration(people));
    const into = String((await act("create_partner", { name: "Contoso" })).body.partner_id);
    const merged = await act("merge_partners", { partner_id: people.partnerId, into });
    expect(merged.body).toMatchObject({ into, archived_at: "2025-03-04T10:00:00.000Z", version: 2 });
    expect((await wire(`/contact/${people.userId}`)).body).toMatchObject({ partner_id: into, version: 2 });
    expect((await wire(`/deal_registration/${sent.body.registration_id}`)).body).toMatchObject({ partner_id: into });
    expect((await events()).map(({ type }) => type).slice(-3)).toEqual([
      "contact.moved",
      "deal_registration.updated",
      "partner.merged",
    ]);
  });

  test("are told what is wrong", async () => {
    const people = await withPeople();
    const { partnerId } = people;
    const taken = await act("register_contact", { partner_id: partnerId, email: "ADA@northwind.example" });
    expect(taken).toEqual({ status: 409, body: { refused: "email_taken" } });
    const domain = await act("create_partner", { name: "Copy", website: "northwind.example" });
    expect(domain).toEqual({ status: 409, body: { refused: "domain_taken" } });
    expect((await act("register_contact", { partner_id: "prt_none", email: "x@y.example" })).status).toBe(404);
    expect((await act("dance")).status).toBe(400);
    expect((await act("edit_partner", { partner_id: partnerId, fields: { colour: "red" } })).status).toBe(400);
    await act("set_partner_status", { partner_id: partnerId, status: "pending" });
    const closed = await act("submit_registration", registration(people));
    expect(closed).toEqual({ status: 409, body: { refused: "partner_not_active", status: "pending" } });
  });
});

describe("the review of a registration", () => {
  let people: { partnerId: string; userId: string };
  let id: string;
  const review = (to: string, reason?: string) =>
    act("review", { registration_id: id, to, ...(reason ? { reason } : {}) });

  beforeEach(async () => {
    await setUp();
    people = await withPeople();
    id = String((await act("submit_registration", registration(people))).body.registration_id);
  });

  async function steps(): Promise<string[]> {
    const own = (await events()).filter(({ aggregate }) => aggregate.id === id);
    expect(own.map(({ aggregate }) => aggregate.version)).toEqual(own.map((_, index) => index + 1));
    return own.map(({ type }) => type.replace("deal_registration.", ""));
  }

  test("goes from submission to protection, its extension, its end and its return", async () => {
    await review("in_review");
    await review("action_required", "who is the buyer?");
    await review("submitted");
    const approved = await review("approved");
    expect(approved.body).toMatchObject({
      review: { status: "approved", decided_at: "2025-03-04T10:00:00.000Z" },
      protection: { starts_at: "2025-03-04T10:00:00.000Z", expires_at: "2025-06-02T10:00:00.000Z" },
    });
    expect((await review("approved")).body).toMatchObject({ protection: { expires_at: "2025-08-01T10:00:00.000Z" } });
    expect((await review("expired")).body).toMatchObject({ review: { status: "expired", phase: "protection" } });
    await review("approved");
    await review("cancelled", "partner left");
    expect(await steps()).toEqual([
      "submitted",
      "review_started",
      "returned",
      "resubmitted",
      "approved",
      "protection_extended",
      "expired",
      "reinstated",
      "cancelled",
    ]);
  });

  test("ends for good where it ends, and never skips a step", async () => {
    expect(await review("cancelled", "no")).toMatchObject({ status: 409, body: { refused: "illegal_transition" } });
    expect(await review("rejected")).toMatchObject({ status: 400, body: { error: "reason_missing" } });
    expect(await review("rejected", "because")).toMatchObject({ status: 400, body: { error: "reason_unknown" } });
    expect((await review("rejected", "existing_customer")).body).toMatchObject({
      review: { reason: "existing_customer" },
    });
    expect(await review("approved")).toMatchObject({ status: 409, body: { refused: "illegal_transition" } });
    expect(await steps()).toEqual(["submitted", "rejected"]);
  });

  test("that expires while information is awaited cannot be reinstated", async () => {
    await review("action_required", "more, please");
    expect((await review("expired")).body).toMatchObject({ review: { phase: "review" } });
    expect((await review("approved")).status).toBe(409);
  });

  test("decides what its partner may edit", async () => {
    const edit = (fields: Record<string, unknown>) => act("edit_registration", { registration_id: id, fields });
    expect(await edit({ title: "New" })).toMatchObject({
      status: 409,
      body: { refused: "not_editable", field: "title" },
    });
    await review("approved");
    expect(await edit({ prospect: { account: { name: "Other" } } })).toMatchObject({ status: 409 });
    const edited = await edit({ amount: { value: 5, currency: "EUR" }, contact: { email: "cy@blueyonder.example" } });
    expect(edited.body).toMatchObject({
      amount: { value: 5 },
      prospect: { account: { name: "Blue Yonder Ltd" }, contact: { email: "cy@blueyonder.example", phone: null } },
    });
    expect((await steps()).at(-1)).toBe("updated");
  });

  test("does not begin with a draft, which nobody outside sees", async () => {
    const draft = await act("submit_registration", registration(people, { title: "Draft", draft: true }));
    const draftId = String(draft.body.registration_id);
    expect(draft.body).toMatchObject({ version: 0, review: { status: "draft" }, submitted_at: null });
    expect((await wire(`/deal_registration/${draftId}`)).status).toBe(404);
    await act("edit_registration", { registration_id: draftId, fields: { title: "Better" } });
    await act("review", { registration_id: draftId, to: "submitted" });
    expect((await wire(`/deal_registration/${draftId}`)).body).toMatchObject({ version: 1, title: "Better" });
    expect((await events()).at(-1)).toMatchObject({ type: "deal_registration.submitted" });
  });
});
