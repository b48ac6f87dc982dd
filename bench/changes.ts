import type { Direction } from "../src/sync/model.ts";
import type { ReadableRecord } from "../test/support/twin-client.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import type { Stack } from "./stack.ts";
import type { Tenant } from "./tenant.ts";

/** Changes of every linked organization, as their sender would post them, and what they have to come to. */
export interface Prepared {
  deliveries: Recorded[];
  /** Whether the other side agrees now. @throws Error naming the first record that does not */
  verify(): Promise<void>;
}

const EDITS_AT_ONCE = 6;
const STATUSES = ["Active", "Inactive"] as const;

/** Makes organizations into partners the way people do: they get a status, and the workers do the rest. */
export async function linkOrganizations(stack: Stack, count: number): Promise<void> {
  const share = Math.ceil(count / stack.tenants.length);
  for (const tenant of stack.tenants) {
    await inParallel(Array.from({ length: share }), async (_, i) => {
      await tenant.twin.edit("organization", {
        name: `Partner ${i}`,
        "label:Company website": `partner-${i}.example`,
        "label:Allbound Status": "Active",
      });
    });
  }
  await stack.quiet();
  for (const tenant of stack.tenants) {
    tenant.organizations = (await tenant.twin.records("organization")).map(({ id, labels }) => {
      if (!labels["Allbound ID"]) throw new Error(`organization ${id} of ${tenant.id} was not linked`);
      return { id, partnerId: String(labels["Allbound ID"]) };
    });
  }
}

/**
 * Lets the twin's people change every organization once per turn, and keeps the notifications instead of delivering
 * them.
 *
 * @param turns make the values differ: no two in a row may be equal modulo two
 */
export async function prepare(
  stack: Stack,
  direction: Direction,
  turns: number[],
  recorder: Recorder,
): Promise<Prepared> {
  for (const tenant of stack.tenants) await tenant.divert(recorder.url);
  const deliveries: Recorded[] = [];
  for (const turn of turns) {
    // Pipedrive's times are whole seconds: two changes of a record within one of them would have to be read.
    await stack.tenants[0]?.twin.call("POST", "/clock", { advanceMs: 2_000 });
    const lists = stack.tenants.map(async (tenant) => {
      const recorded = recorder.record(pathOf(tenant, direction), tenant.organizations.length);
      await inParallel(tenant.organizations, (organization) => change(tenant, organization, direction, turn));
      return recorded;
    });
    deliveries.push(...interleave(await Promise.all(lists)));
  }
  for (const tenant of stack.tenants) await tenant.divert(tenant.serverUrl);
  return {
    deliveries,
    async verify() {
      for (const tenant of stack.tenants) await verify(tenant, direction, turns.at(-1) ?? 0);
    },
  };
}

function pathOf({ id, connection }: Tenant, direction: Direction): string {
  return direction === "inbound" ? `/webhooks/pipedrive/${connection.id}` : `/events/${id}`;
}

async function change(
  { twin }: Tenant,
  { id, partnerId }: Tenant["organizations"][number],
  direction: Direction,
  turn: number,
): Promise<void> {
  if (direction === "inbound") await twin.edit("organization", { name: nameOf(id, turn) }, id);
  else await twin.act({ action: "set_partner_status", partner_id: partnerId, status: statusOf(turn).toLowerCase() });
}

async function verify({ id, twin, organizations }: Tenant, direction: Direction, turn: number): Promise<void> {
  const names = new Map((await twin.aggregates("partner")).map((partner) => [partner.partner_id, partner.name]));
  const records = new Map(
    (await twin.records("organization")).map((record): [number, ReadableRecord] => [record.id, record]),
  );
  for (const organization of organizations) {
    const agrees =
      direction === "inbound"
        ? names.get(organization.partnerId) === nameOf(organization.id, turn)
        : records.get(organization.id)?.labels["Allbound Status"] === statusOf(turn);
    if (!agrees) throw new Error(`organization ${organization.id} of ${id} was not brought into step`);
  }
}

function nameOf(id: number, turn: number): string {
  return `Partner ${id} in turn ${turn}`;
}

function statusOf(turn: number): (typeof STATUSES)[number] {
  return STATUSES[turn % STATUSES.length]!;
}

/** Tenants' changes come in side by side. */
function interleave<T>(lists: T[][]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }).flatMap((_, i) => lists.flatMap((list) => list.slice(i, i + 1)));
}

async function inParallel<T>(items: T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const line = async () => {
    for (let mine = next++; mine < items.length; mine = next++) await work(items[mine] as T, mine);
  };
  await Promise.all(Array.from({ length: EDITS_AT_ONCE }, line));
}
