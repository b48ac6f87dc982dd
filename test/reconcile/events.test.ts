import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

/*
 * Every event that the program emits about what it has, with a tenant's default rules: one act in the portal, and what
 * becomes of it in Pipedrive. Outcomes (`won`, `lost`, `reopened`, `stage_changed`) come from Pipedrive by default, so
 * that they cause nothing there, whoever recorded them. Merged partners have scenes of their own.
 */

interface Scene {
  event: string;
  what: string;
  act(): Promise<unknown>;
  /** Of the Deal, the Person or the Organization of these scenes, what is as given afterwards; all else is as before. */
  deal?: Record<string, unknown>;
  person?: Record<string, unknown>;
  organization?: Record<string, unknown>;
  /** Of the registration's sale, in the program. */
  sale?: Record<string, unknown>;
  notes?: number;
}

let channel: Channel;
let partner: Partner;
let other: Partner;
let rep: Snapshot;
let personId = 0;
let ids = { deal: 0, registration: "" };

const review =
  (to: string, reason: string | null = null) =>
  () =>
    channel.twin.act({ action: "review", registration_id: ids.registration, to, reason });
const onRep = (action: string, more: object) => () =>
  channel.twin.act({ action, contact_id: rep.partner_user_id, ...more });
const onPartner = (action: string, more: object) => () => channel.twin.act({ action, partner_id: partner.id, ...more });

/** What the channel desk records in the portal, as when an order is placed there. */
const onSale =
  (action: string, more: object = {}) =>
  () =>
    channel.twin.act({ action, registration_id: ids.registration, ...more });

const sale = async () => (await channel.registrationNamed("Events")).sales as Record<string, unknown>;

const SCENES: Scene[] = [
  {
    event: "partner.updated",
    what: "changes nothing where Pipedrive has the say",
    act: onPartner("edit_partner", { fields: { tier: "gold" } }),
  },
  {
    event: "contact.updated",
    what: "is written to the Person",
    act: onRep("edit_contact", { fields: { job_title: "Head of sales" } }),
    person: { labels: { "Portal title": "Head of sales" } },
  },
  {
    event: "contact.status_changed",
    what: "leaves the Person as it is, unless the status is mapped",
    act: onRep("set_contact_status", { status: "disabled" }),
  },
  {
    event: "contact.status_changed",
    what: "and back",
    act: onRep("set_contact_status", { status: "active" }),
  },
  {
    event: "deal_registration.updated",
    what: "is written to the Deal",
    act: () => {
      const fields = { amount: { value: 1500, currency: "EUR" } };
      return channel.twin.act({ action: "edit_registration", registration_id: ids.registration, fields });
    },
    deal: { value: 1500 },
  },
  { event: "deal_registration.protection_extended", what: "never touches the Deal's status", act: review("approved") },
  {
    event: "deal_registration.stage_changed",
    what: "by the program is taken back: stages come from Pipedrive",
    act: onSale("set_stage", { stage_key: "proposal" }),
  },
  {
    event: "deal_registration.won",
    what: "recorded by the program is taken back where Pipedrive owns the outcome",
    act: onSale("set_outcome", { outcome: "won" }),
  },
  { event: "deal_registration.expired", what: "never touches the Deal's status", act: review("expired") },
  { event: "deal_registration.reinstated", what: "never touches the Deal's status", act: review("approved") },
  {
    event: "deal_registration.conflict_flagged",
    what: "touches nothing",
    act: onSale("flag_conflict", { candidates: ["reg_of_somebody_else"] }),
  },
  {
    event: "deal_registration.conflict_resolved",
    what: "touches nothing",
    act: onSale("resolve_conflict", { state: "overridden" }),
  },
  { event: "sync.ping", what: "touches nothing", act: () => channel.twin.act({ action: "ping" }) },
  {
    event: "contact.moved",
    what: "leaves the Person where it is",
    act: () => onRep("move_contact", { partner_id: other.id })(),
  },
  { event: "deal_registration.cancelled", what: "leaves one note", act: review("cancelled", "no budget"), notes: 1 },
  {
    event: "deal_registration.lost",
    what: "recorded by the program is taken back where Pipedrive owns the outcome",
    act: onSale("set_outcome", { outcome: "lost", reason: "Price" }),
  },
  {
    event: "deal_registration.reopened",
    what: "by the program leaves the Deal won, and is taken back",
    async act() {
      await channel.twin.edit("deal", { status: "won" }, ids.deal);
      await channel.system.quiet();
      expect(await sale()).toMatchObject({ status: "won" });
      await onSale("reopen")();
      expect(await sale()).toMatchObject({ status: "open" });
    },
    deal: { status: "won" },
    sale: { status: "won" },
  },
  {
    event: "partner.status_changed",
    what: "goes no way but from Pipedrive",
    act: onPartner("set_partner_status", { status: "pending" }),
  },
  { event: "partner.archived", what: "deletes nothing", act: onPartner("archive_partner", {}) },
];

describe("an event of the program, by the default rules", () => {
  beforeAll(async () => {
    channel = await openChannel({
      adjust({ objects }) {
        objects.person.extra.push({
          ...{ program: "contact.job_title", key: "0".repeat(40), label: "Portal title", type: "Text" },
          ...{ direction: "program_to_crm", write: "always" },
        } as (typeof objects.person.extra)[number]);
      },
    });
    partner = await channel.partner("Nordlicht");
    other = await channel.partner("Suedstern");
    rep = await channel.rep(partner, "mara@nordlicht.example");
    personId = (await channel.twin.records("person"))[0]?.id ?? 0;
    const { deal, registration } = await channel.deal(partner, rep, "Events");
    ids = { deal: deal.id, registration: String(registration.registration_id) };
  }, 90_000);
  afterAll(() => channel.close());

  const emitted = async (): Promise<string[]> => {
    const events = await channel.twin.call<{ type: string }[]>("GET", "/program/harbourline/events");
    return events.map(({ type }) => type);
  };
  /** Without the times that any write moves. */
  const seen = async () => {
    const settled = ({ update_time: _, ...record }: ReadableRecord) => record;
    const connection = await channel.system.app.connections.active("harbourline", "pipedrive");
    const path = `/companies/${connection?.companyDomain}/notes`;
    return {
      deal: settled(await channel.twin.record("deal", ids.deal)),
      person: settled(await channel.twin.record("person", personId)),
      organization: settled(await channel.twin.record("organization", partner.organization.id)),
      sale: await sale(),
      notes: (await channel.twin.call<{ notes: unknown[] }>("GET", path)).notes.length,
    };
  };

  test.each(SCENES)("$event $what", async ({ event, act, notes = 0, ...scene }) => {
    await channel.later();
    const before = await seen();
    const count = (await emitted()).length;
    await act();
    await channel.system.quiet();
    expect((await emitted()).slice(count)).toContain(event);
    const after = await seen();
    for (const what of ["deal", "person", "organization", "sale"] as const) {
      if (scene[what]) expect(after[what]).toMatchObject(scene[what]);
      else expect(after[what]).toEqual(before[what]);
    }
    expect(after.notes - before.notes).toBe(notes);
  });
});
