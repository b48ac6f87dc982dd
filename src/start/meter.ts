import { z } from "zod";
import { type Checker, type Company, type CrmRecord, createChecker } from "./checker.ts";
import { countEchoes, type Written } from "./echoes.ts";
import { callTwin } from "./twin-http.ts";

/* What the sync has spent and written, by the twins' own counts and logs. Nothing of the sync is imported here. */

const counted = z.object({ calls: z.int(), tokens: z.number() });
const spend = z.looseObject({ tokens: z.number(), byOperation: z.record(z.string(), counted) });
const commandLog = z.looseObject({
  log: z.array(
    z.looseObject({ command: z.string(), outcome: z.enum(["changed", "unchanged", "refused", "repeated"]) }),
  ),
});
const webhook = z.looseObject({
  meta: z.looseObject({
    id: z.string(),
    action: z.string(),
    entity: z.string(),
    entity_id: z.string(),
    change_source: z.string(),
    timestamp: z.string(),
  }),
  data: z.record(z.string(), z.unknown()).nullable(),
  previous: z.record(z.string(), z.unknown()).nullable(),
});
const deliveries = z.looseObject({
  deliveries: z.array(z.looseObject({ state: z.string(), payload: z.looseObject({ event: z.unknown().optional() }) })),
});
export type WebhookEvent = z.infer<typeof webhook>;

/** Counts of one customer, as they grow. */
export interface Reading {
  tokens: number;
  /** Calls that change something in Pipedrive. */
  crmWrites: number;
  /** Of these, changes of records. */
  crmUpdates: number;
  commands: { sent: number; unchanged: number; seen: number };
  events: number;
}

/** Reads the counters of one customer. */
export interface Meter {
  read(): Promise<Reading>;
  /** Deliveries that are not received yet, of either side. */
  pending(): Promise<number>;
  /** What was written since, and how much of it was an echo. */
  since(before: Reading): Promise<{ tokens: number; writes: number; echoes: number }>;
}

const WRITES = /^(organizations|persons|deals|notes)\.(create|update|delete)$/;
const UPDATES = /^(organizations|persons|deals)\.update$/;

/** @param who the tenant's program, and the domain of its Pipedrive account */
export function createMeter(twinUrl: string, who: { tenant: string; domain: string }): Meter {
  const look = createChecker(twinUrl, who);
  const get = async <S extends z.ZodType>(schema: S, path: string): Promise<z.infer<S>> =>
    schema.parse(await callTwin(`${twinUrl}/_twin${path}`));

  async function read(): Promise<Reading> {
    const { tokens, byOperation } = await get(spend, `/companies/${who.domain}/spend`);
    const { log } = await get(commandLog, `/program/${who.tenant}/commands`);
    const calls = (which: RegExp) =>
      Object.entries(byOperation).reduce((sum, [name, { calls }]) => sum + (which.test(name) ? calls : 0), 0);
    const sent = log.filter(({ outcome }) => outcome !== "repeated");
    return {
      tokens,
      crmWrites: calls(WRITES),
      crmUpdates: calls(UPDATES),
      commands: {
        sent: sent.length,
        unchanged: sent.filter(({ outcome }) => outcome === "unchanged").length,
        seen: log.length,
      },
      events: (await look.events()).length,
    };
  }

  async function webhooks(): Promise<WebhookEvent[]> {
    const all = await get(deliveries, `/deliveries?sender=pipedrive&tenant=${who.domain}`);
    const events = all.deliveries.map(({ payload }) => webhook.safeParse(payload.event).data);
    return [...new Map(events.filter((one) => one !== undefined).map((one) => [one.meta.id, one])).values()];
  }

  return {
    read,
    async pending() {
      const counts = [`sender=pipedrive&tenant=${who.domain}`, `sender=program&tenant=${who.tenant}`].map(
        async (of) => (await get(deliveries, `/deliveries?state=pending&${of}`)).deliveries.length,
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    async since(before) {
      const [now, changes] = [await read(), await webhooks()];
      const byUs = changes.filter(({ meta }) => meta.change_source === "api" && meta.action === "change");
      const idle = Math.max(0, now.crmUpdates - before.crmUpdates - byUs.length);
      const unchanged = now.commands.unchanged - before.commands.unchanged;
      const written = await allWritten(look, changes, before.events);
      return {
        tokens: now.tokens - before.tokens,
        writes: now.crmWrites - before.crmWrites + now.commands.sent - before.commands.sent,
        echoes: idle + unchanged + countEchoes(written),
      };
    },
  };
}

/** Every field change of records that stand for each other, as both sides' logs tell it. */
async function allWritten(look: Checker, changes: WebhookEvent[], fromEvent: number): Promise<Written[]> {
  const company = await look.company();
  const pairs = await pairsOf(look);
  const fromCrm = changes.flatMap((change) => crmWritten(change, company, pairs));
  const fromProgram = (await look.events()).slice(fromEvent).flatMap(({ aggregate, changed, origin, occurred_at }) =>
    aggregate.version === 1
      ? []
      : changed.map(
          ({ path, from, to }): Written => ({
            pair: aggregate.id,
            field: path,
            side: "program",
            ours: origin === "crm",
            at: occurred_at,
            from,
            to,
          }),
        ),
  );
  return [...fromCrm, ...fromProgram];
}

/** Pipedrive record → program id. */
async function pairsOf(look: Checker): Promise<Map<string, string>> {
  const persons = await look.records("person");
  const idOf = (one: CrmRecord) => String(one.labels["Allbound ID"] ?? "");
  return new Map([
    ...(await look.partners()).map(({ partner_id, crm }) => [`organization ${crm.org_id}`, partner_id] as const),
    ...(await look.registrations()).map(
      ({ registration_id, crm }) => [`deal ${crm.deal_id}`, registration_id] as const,
    ),
    ...persons.map((one) => [`person ${one.id}`, idOf(one)] as const),
  ]);
}

/** What a field of Pipedrive is called in the program, for fields that travel. */
const PATHS: Record<string, string> = {
  name: "name",
  Website: "website",
  "Company website": "website",
  "Allbound Status": "status",
  "Partner tier": "tier",
  "Sales region": "region",
  value: "amount",
  expected_close_date: "expected_close_date",
  stage_id: "sales.stage_key",
  status: "sales.status",
};

function crmWritten({ meta, data, previous }: WebhookEvent, company: Company, pairs: Map<string, string>): Written[] {
  const pair = pairs.get(`${meta.entity} ${meta.entity_id}`);
  if (meta.action !== "change" || !pair || !data || !previous) return [];
  const names = new Map(Object.entries(company.fields[meta.entity] ?? {}).map(([label, { key }]) => [key, label]));
  const flat = (record: Record<string, unknown>) => ({ ...record, ...(record.custom_fields as object | undefined) });
  const [now, old] = [flat(data) as Record<string, unknown>, flat(previous) as Record<string, unknown>];
  return Object.keys(old).flatMap((key) => {
    const field = PATHS[names.get(key) ?? key];
    if (!field) return [];
    const ours = meta.change_source === "api";
    return [
      { pair, field, side: "pipedrive" as const, ours, at: meta.timestamp, from: old[key], to: now[key] ?? null },
    ];
  });
}
