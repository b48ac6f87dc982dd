import type { App } from "../app.ts";
import type { DailyAllowance } from "../contexts.ts";
import { InputError } from "../errors.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { checkMapping } from "../sync/mapping/check.ts";
import { diffDocuments, type MappingChange } from "../sync/mapping/diff.ts";
import { blocks, type MappingFinding, toFinding } from "../sync/mapping/finding.ts";
import { tellExisting } from "../sync/mapping/live/existing.ts";
import { type MappingDocument, parseMappingDocument } from "../sync/mapping/parse.ts";
import { CRM_OBJECTS, type ProgramKind, type Role } from "../sync/model.ts";
import { otherTenant } from "./check-mapping.ts";
import { type DryRun, dryRun, dryRunPrice } from "./dry-run.ts";
import { liveSideOf } from "./live-side.ts";
import { MappingRefusedError } from "./load-mapping.ts";

export interface PlanOptions {
  /** Reads the account and some records; without it only what costs nothing is said, and the price. */
  spend: boolean;
  /** Linked records of each object that are looked at, at most 100. */
  sample: number;
  /** As in a roll-out: organizations with a status enter whatever `start_at` says. */
  enrol: boolean;
}

export interface MappingOutlook {
  tenantId: string;
  revision: number;
  /** In force now; null when nothing is. */
  against: number | null;
  /** With how many linked records each touches; null: none at once, only what comes from now on. */
  changes: (MappingChange & { part: Exclude<MappingChange["part"], "paper">; records: number | null })[];
  linked: Partial<Record<Role, number>>;
  /** Aggregates of the program that have no record in Pipedrive yet and may get one. */
  withoutRecord: Partial<Record<ProgramKind, number>>;
  findings: MappingFinding[];
  price: {
    /** Of looking at the account and the sample, which `spend` does. */
    look: number;
    /** Of the roll-out: known part, listings apart (10 tokens per 500 organizations). */
    rollOut: number;
    /** Of that, writes to Pipedrive as the sample suggests; null without it. */
    writes: number | null;
  };
  /** Of the roll-out at the account's two-second allowance, seconds. */
  takesS: number;
  /**
   * The account's tokens per day as its answers last told them, shared with the customer's other apps, and on how many
   * days the roll-out spends them if it has all of them. Null: not seen, so nothing is proven.
   */
  daily: { limit: number; left: number; days: number } | null;
  /** Tokens spent by this answer. */
  spent: number;
  dryRun: DryRun | null;
}

/** One comparison with the account: three field sets, pipelines, stages, users and the token's user. */
export const ACCOUNT_PRICE = 3 * PRICES.fields + PRICES.pipelines + PRICES.stages + PRICES.users + PRICES.me;
const CANARY_PRICE = 11;

/**
 * What putting a document in force would change. Never writes.
 *
 * @throws MappingRefusedError; InputError UNKNOWN_TENANT, OTHER_TENANT, NOT_CONNECTED; the errors of `Pipedrive`
 */
export async function planMapping(
  app: App,
  tenantId: string,
  text: string,
  options: PlanOptions,
): Promise<MappingOutlook> {
  await app.tenants.known(tenantId);
  const offline = checkMapping(text);
  if (!offline.document) throw new MappingRefusedError(offline.findings);
  const { document } = offline;
  if (document.tenant !== tenantId) throw otherTenant(tenantId, document.tenant);
  const live = await app.mappings.live(tenantId);
  const linked = await app.rollOutReach.linked(tenantId);
  const records = await app.rollOutReach.linkedRecords(tenantId);
  const outlook: MappingOutlook = {
    tenantId,
    revision: document.revision,
    against: live?.revision ?? null,
    changes: changesOf(live?.document ?? null, document, linked),
    linked,
    withoutRecord: await app.rollOutReach.withoutRecord(tenantId),
    findings: offline.findings,
    price: {
      look: ACCOUNT_PRICE + dryRunPrice(options.sample, objectsOf(linked)),
      rollOut: priceOf(document, records),
      writes: null,
    },
    takesS: 0,
    daily: null,
    spent: 0,
    dryRun: null,
  };
  if (options.spend) await look(app, text, outlook, options, records);
  const { rollOut, writes } = outlook.price;
  const tokens = rollOut + (writes ?? 0);
  const connection = await app.connections.active(tenantId, "pipedrive");
  const allowance = connection && app.clients.dailyAllowance(connection.id);
  return {
    ...outlook,
    takesS: Math.ceil((tokens / app.config.burstTokens) * 2),
    daily: allowance && { ...allowance, days: daysOf(tokens, allowance) },
  };
}

/** What is left today comes first; an account without any allowance never gets there, which nothing here can price. */
function daysOf(tokens: number, { limit, left }: DailyAllowance): number {
  return 1 + Math.ceil(Math.max(0, tokens - left) / Math.max(1, limit));
}

async function look(
  app: App,
  text: string,
  outlook: MappingOutlook,
  options: PlanOptions,
  records: number,
): Promise<void> {
  const { connection, live } = await liveSideOf(app, outlook.tenantId);
  const { plan, findings } = checkMapping(text, live);
  if (!plan || blocks(findings)) throw new MappingRefusedError(findings);
  const run = await dryRun(app, plan, await app.clients.pipedrive(connection), options);
  const share = run.sampled === 0 ? 0 : run.changed.pipedrive / run.sampled;
  // Each partner that enters gets its id.
  const writes = Math.ceil(share * records + run.organizations.enrolled) * PRICES.patch;
  const existing = [...tellExisting(run.existing)].map((one) => toFinding(one));
  Object.assign(outlook, {
    findings: [...findings, ...existing],
    dryRun: run,
    spent: outlook.price.look,
    price: { ...outlook.price, writes },
  });
}

function changesOf(
  before: string | null,
  document: MappingDocument,
  linked: MappingOutlook["linked"],
): MappingOutlook["changes"] {
  const old = before === null ? null : (parseMappingDocument(before).document ?? null);
  if (before !== null && !old) {
    const hint = "load it again: this version reads documents otherwise";
    throw new InputError("LIVE_DOCUMENT_UNREADABLE", "the document in force cannot be compared", "document", hint);
  }
  return diffDocuments(old, document).flatMap(({ part, ...change }) =>
    part === "paper" ? [] : [{ ...change, part, records: change.role && (linked[change.role] ?? 0) }],
  );
}

function objectsOf(linked: MappingOutlook["linked"]): number {
  return Object.keys(linked).length === 0 ? 0 : CRM_OBJECTS.length;
}

/** Checked twice (before, and when it comes into force), tried on the test records, and every linked record read once. */
function priceOf({ verify }: MappingDocument, records: number): number {
  return 3 * ACCOUNT_PRICE + Object.keys(verify ?? {}).length * CANARY_PRICE + records * PRICES.get;
}
