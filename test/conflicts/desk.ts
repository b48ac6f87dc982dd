import {
  type Choice,
  decideConflict,
  findConflict,
  listConflicts,
  undoConflict,
} from "../../src/operations/conflicts.ts";
import { localActor } from "../../src/store/actor.ts";
import type { ConflictState } from "../../src/store/conflict-rows.ts";
import { type Channel, openChannel, type Partner } from "../reconcile/channel.ts";
import { withContactDetails } from "../reconcile/documents.ts";
import type { SystemOptions } from "../support/system.ts";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";

export const TENANT = "harbourline";
export const ADA = localActor("ada");

/** Amounts are left to people, of two dates the newest wins, and portal roles come from the program. */
const adjust: NonNullable<SystemOptions["adjust"]> = (document) => {
  withContactDetails(document);
  for (const line of document.objects.deal.extra)
    line.on_conflict = line.program === "registration.amount" ? "manual" : "newest";
};

/** A deal that both sides know, people who edit it on either side, and one who decides. */
export interface Desk {
  channel: Channel;
  partner: Partner;
  rep: Snapshot;
  deal: ReadableRecord;
  registration: Snapshot;
  /** Begins with a new deal, worth 1200 on both sides. */
  next(): Promise<void>;
  editDeal(set: Record<string, unknown>): Promise<void>;
  editRegistration(fields: Record<string, unknown>): Promise<void>;
  /** Both edits are known before either is looked at. */
  bothEdit(edits: () => Promise<unknown>): Promise<void>;
  /** The deal is worth 10 in Pipedrive and 20 in the program: a person has to decide. */
  disagree(): Promise<number>;
  /** What each side says of the amount, and of the date. */
  amounts(): Promise<[crm: number, program: number]>;
  dates(): Promise<[crm: unknown, program: unknown]>;
  conflicts(state?: ConflictState): ReturnType<typeof listConflicts>;
  show(id: number): ReturnType<typeof findConflict>;
  decide(id: number, choice: Choice, seen?: number): Promise<unknown>;
  undo(id: number): Promise<unknown>;
}

export async function openDesk(options: SystemOptions = {}): Promise<Desk> {
  const channel = await openChannel({ tenant: TENANT, adjust, ...options });
  const { app } = channel.system;
  const partner = await channel.partner("Nordlicht Systems");
  const rep = await channel.rep(partner, "mara@nordlicht.example");
  let count = 0;
  const title = () => `Deal ${count}`;
  const desk: Desk = {
    ...{ channel, partner, rep, deal: { id: 0, labels: {} }, registration: { version: 0 } },
    async next() {
      count += 1;
      Object.assign(desk, await channel.deal(partner, rep, title()));
      await channel.later();
    },
    editDeal: async (set) => void (await channel.twin.edit("deal", set, desk.deal.id)),
    async editRegistration(fields) {
      const { registration_id } = desk.registration;
      await channel.twin.act({ action: "edit_registration", registration_id, fields });
    },
    async bothEdit(edits) {
      await channel.system.stopWorkers();
      await edits();
      channel.system.startWorkers();
      await channel.system.quiet();
    },
    async disagree() {
      await desk.bothEdit(async () => {
        await desk.editDeal({ value: 10 });
        await desk.editRegistration({ amount: { value: 20, currency: "EUR" } });
      });
      const [conflict] = await desk.conflicts("open");
      if (!conflict) throw new Error("there is no conflict");
      return conflict.id;
    },
    async amounts() {
      const { value } = await channel.dealNamed(title());
      const { amount } = await channel.registrationNamed(title());
      return [Number(value), (amount as { value: number }).value];
    },
    async dates() {
      const [deal, registration] = [await channel.dealNamed(title()), await channel.registrationNamed(title())];
      return [deal.expected_close_date, registration.expected_close_date];
    },
    async conflicts(state) {
      const found = await listConflicts(app, TENANT, { states: state && [state], limit: 100 });
      return found.filter(({ crmId }) => crmId === desk.deal.id);
    },
    show: (id) => findConflict(app, TENANT, id),
    async decide(id, choice, seen) {
      const { version } = await desk.show(id);
      await decideConflict(app, TENANT, id, { choice, seen: seen ?? version, by: ADA });
      await channel.system.quiet();
    },
    async undo(id) {
      await undoConflict(app, TENANT, id, ADA);
      await channel.system.quiet();
    },
  };
  return desk;
}
