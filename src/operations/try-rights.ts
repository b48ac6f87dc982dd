import { setTimeout as after } from "node:timers/promises";
import type { App } from "../app.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { tryRecord, unusable } from "../sync/mapping/canary.ts";
import type { checkMapping } from "../sync/mapping/check.ts";
import type { Found } from "../sync/mapping/finding.ts";
import { tellExisting } from "../sync/mapping/live/existing.ts";
import type { MappingDocument } from "../sync/mapping/parse.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { beginTrial } from "./canary-orders.ts";
import { EXISTING_PRICE, lookAtExisting } from "./existing-records.ts";
import type { Side } from "./live-side.ts";

/** A test record is read, written to and restored. */
const RECORD_PRICE = PRICES.get + 2 * PRICES.patch;
const HEARD_WITHIN_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** Tokens of level L4 at most; 5 more for each field that Pipedrive refuses together with others. */
export function canaryPrice({ verify }: Pick<MappingDocument, "verify">): number {
  return Object.keys(verify ?? {}).length * RECORD_PRICE + EXISTING_PRICE;
}

export interface TryOptions {
  /**
   * With `live`, level L4: also tries to write to the `verify` records and puts back what was there, waits for the
   * webhooks of that, and looks for ids and statuses that records carry already. `canaryPrice` tokens. "errors only"
   * leaves out whatever could only warn. Skipped for a document that has errors.
   */
  canary?: boolean | "errors only";
  /** How long the webhook of a test record is waited for. Default 10 s. */
  heardWithinMs?: number;
}

type Checked = Pick<ReturnType<typeof checkMapping>, "plan"> & { document: MappingDocument };

/**
 * Level L4: the test records of a document, one after the other, and what the account's records carry already. A test
 * record that the sync keeps in step is not touched.
 *
 * @throws the errors of `Pipedrive`
 */
export async function tryRights(
  app: App,
  { document, plan }: Checked,
  { connection, live }: Side,
  { canary, heardWithinMs = HEARD_WITHIN_MS }: TryOptions,
): Promise<{ found: Found[]; tried: CrmObject[] }> {
  const pipedrive = await app.clients.pipedrive(connection);
  const warns = canary !== "errors only";
  const found: Found[] = [];
  const tried: CrmObject[] = [];
  for (const object of CRM_OBJECTS) {
    const crmId = document.verify?.[`${object}_id`];
    if (crmId === undefined) continue;
    const name = { object, crmId };
    const known = await app.records.find(document.tenant, name);
    if (known?.links.some(({ state }) => state === "active")) {
      found.push(unusable(object, "is linked to the partner program"));
      continue;
    }
    const trial = await beginTrial(app, document.tenant, name, pipedrive);
    if (!trial) {
      found.push(unusable(object, "is being tried by somebody else right now"));
      continue;
    }
    const { record } = trial;
    const heard = connection.webhookIds.length > 0 ? await listenFor(app, document.tenant, name, heardWithinMs) : deaf;
    const findings = await tryRecord(document, live.account, object, warns ? { ...record, isHeardOf: heard } : record);
    await trial.end(!findings.some(({ code }) => code === "CANARY_NOT_RESTORED"));
    found.push(...findings);
    if (!findings.some(({ code }) => code === "VERIFY_UNUSABLE")) tried.push(object);
  }
  if (warns && plan) found.push(...tellExisting((await lookAtExisting(app, plan, pipedrive, "setup")).existing));
  return { found, tried };
}

/** Nobody subscribed to the account's changes. */
const deaf = async () => false;

/** Asks, until `withinMs` have passed, whether a delivery about a record came since now. */
async function listenFor(
  app: App,
  tenantId: string,
  name: { object: CrmObject; crmId: number },
  withinMs: number,
): Promise<() => Promise<boolean>> {
  const before = await app.records.deliveriesOf(tenantId, name);
  return async () => {
    const until = Date.now() + withinMs;
    for (;;) {
      if ((await app.records.deliveriesOf(tenantId, name)) > before) return true;
      if (Date.now() >= until) return false;
      await after(ASK_AGAIN_MS);
    }
  };
}
