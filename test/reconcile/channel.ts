import type { Finding } from "../../src/store/findings.ts";
import { type System, type SystemOptions, startSystem } from "../support/system.ts";
import type { ReadableRecord, Snapshot, TwinClient } from "../support/twin-client.ts";

export interface Partner {
  organization: ReadableRecord;
  id: string;
}

interface FaultOrder {
  kind: string;
  side?: "pipedrive" | "program";
  method?: string;
  path?: string;
  times?: number;
  ms?: number;
  status?: number;
}

/** A vendor's channel to set scenes in: partners, their people and deals on both sides, and what goes wrong. */
export interface Channel {
  system: System;
  twin: TwinClient;
  /** An organization that is a partner on both sides, and known to the sync. */
  partner(name: string): Promise<Partner>;
  /** An active user of a partner, linked to the person that was created for them. */
  rep(partner: Partner, email: string): Promise<Snapshot>;
  register(partner: Partner, rep: Snapshot, title: string, more?: Record<string, unknown>): Promise<Snapshot>;
  approve(registration: Snapshot): Promise<Snapshot>;
  /** An approved registration whose Deal exists and is known. */
  deal(partner: Partner, rep: Snapshot, title: string): Promise<{ deal: ReadableRecord; registration: Snapshot }>;
  dealNamed(title: string): Promise<ReadableRecord>;
  registrationNamed(title: string): Promise<Snapshot>;
  fault(order: FaultOrder): Promise<{ id: string }>;
  faults(): Promise<unknown[]>;
  /** Pipedrive's calls and tokens while `work` was done and all of it had been said. */
  spentBy(work: () => Promise<unknown>): Promise<{ tokens: number; calls: Record<string, number> }>;
  /** Lets some seconds pass in Pipedrive: two changes within one second cannot be told apart without a read. */
  later(): Promise<void>;
  /** Open findings of one code. */
  found(code: string): Promise<Finding[]>;
  codes(): Promise<string[]>;
  rows<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export async function openChannel(options: SystemOptions & { tenant?: string } = {}): Promise<Channel> {
  const tenant = options.tenant ?? "harbourline";
  const system = await startSystem({ ...options, tenants: [tenant] });
  const twin = system.of(tenant);
  const named = <T extends Record<string, unknown>>(list: T[], title: string): T => {
    const found = list.find((one) => one.title === title);
    if (!found) throw new Error(`there is no ${title}`);
    return found;
  };
  const channel: Channel = {
    system,
    twin,
    async partner(name) {
      const organization = await twin.edit("organization", {
        name,
        [`label:${tenant === "harbourline" ? "Website" : "Company website"}`]: prospectOf(name).account.domain,
        "label:Allbound Status": "Active",
      });
      await system.quiet();
      const id = String((await twin.record("organization", organization.id)).labels["Allbound ID"]);
      return { organization, id };
    },
    async rep(partner, email) {
      const [first] = email.split("@");
      const contact = await twin.act({
        action: "register_contact",
        partner_id: partner.id,
        email,
        first_name: first,
        last_name: "Voss",
      });
      await system.quiet();
      return contact;
    },
    register: (partner, rep, title, more = {}) =>
      twin.act({
        action: "submit_registration",
        partner_id: partner.id,
        submitted_by: rep.partner_user_id,
        title,
        prospect: prospectOf(title),
        amount: { value: 1200, currency: "EUR" },
        expected_close_date: "2027-03-01",
        ...more,
      }),
    approve: (registration) =>
      twin.act({ action: "review", registration_id: registration.registration_id, to: "approved" }),
    async deal(partner, rep, title) {
      const registration = await channel.register(partner, rep, title);
      await channel.approve(registration);
      await system.quiet();
      return { deal: await channel.dealNamed(title), registration: await channel.registrationNamed(title) };
    },
    dealNamed: async (title) => named(await twin.records("deal"), title),
    registrationNamed: async (title) => named(await twin.aggregates("deal_registration"), title),
    fault: ({ side = "pipedrive", method, path, ...fault }) =>
      twin.call("POST", "/faults", { match: { side, ...(method && { method }), ...(path && { path }) }, ...fault }),
    faults: async () => (await twin.call<{ faults: unknown[] }>("GET", "/faults")).faults,
    async spentBy(work) {
      const before = await twin.spend();
      await work();
      await system.quiet();
      const after = await twin.spend();
      const calls: Record<string, number> = {};
      for (const [operation, { calls: made }] of Object.entries(after.byOperation)) {
        const more = made - (before.byOperation[operation]?.calls ?? 0);
        if (more > 0) calls[operation] = more;
      }
      return { tokens: after.tokens - before.tokens, calls };
    },
    later: async () => void (await twin.call("POST", "/clock", { advanceMs: 3_000 })),
    found: async (code) => (await system.app.findings.list(tenant)).filter((finding) => finding.code === code),
    codes: async () => (await system.app.findings.list(tenant)).map(({ code, subject }) => `${code} ${subject}`).sort(),
    rows: async (sql, values) => (await system.database.pool.query(sql, values)).rows,
    close: () => system.close(),
  };
  return channel;
}

/** A prospect of its own for each title. */
export function prospectOf(title: string) {
  const domain = `${title.toLowerCase().replace(/\W/g, "")}.example`;
  return {
    account: { name: `${title} GmbH`, domain, country: "DE" },
    contact: { first_name: "Ida", last_name: "Kern", email: `ida@${domain}` },
  };
}

/** Waits until `check` holds. */
export async function eventually(what: string, check: () => Promise<boolean>, withinMs = 12_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
