import type { App } from "../app.ts";
import { NotFoundError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { jsonPath } from "../sync/mapping/finding.ts";
import { present, readMapping } from "../sync/mapping/parse.ts";
import { scaffoldMapping } from "../sync/mapping/scaffold.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { liveSideOf } from "./live-side.ts";
import { MappingRefusedError } from "./load-mapping.ts";
import { ACCOUNT_PRICE } from "./plan-mapping.ts";
import { TEST_NAME } from "./test-records.ts";

export interface DraftedMapping {
  tenantId: string;
  /** JSON text. */
  document: string;
  /** Where a person has to decide, and what. */
  gaps: { path: string; what: string }[];
  /** What was filled in for a person to confirm, and why. */
  assumed: { path: string; what: string }[];
}

/** Where a search finds none: three searches. Where it does, each hit is looked at. */
const SEARCHES = CRM_OBJECTS.length * PRICES.search;
export const SCAFFOLD_PRICE = ACCOUNT_PRICE + SEARCHES;

/**
 * Drafts a tenant's document from its account: `SCAFFOLD_PRICE` tokens, and one for each test record that it finds. Nothing is
 * stored.
 *
 * @param from the text of another account's document whose decisions are to be carried over
 * @throws MappingRefusedError when `from` is no mapping document; InputError UNKNOWN_TENANT, NOT_CONNECTED
 */
export async function draftMapping(app: App, tenantId: string, from?: string): Promise<DraftedMapping> {
  const source = from === undefined ? undefined : readMapping(from);
  if (source && !source.shaped) throw new MappingRefusedError(present(source.found, source.position)); // costs nothing
  const { connection, live } = await liveSideOf(app, tenantId);
  const verify = await testRecords(await app.clients.pipedrive(connection));
  const revision = ((await app.mappings.liveRevision(tenantId)) ?? 0) + 1;
  const wish = { ...live, tenant: tenantId, revision, from: source?.shaped, verify, today: today() };
  const { document, gaps, assumed } = scaffoldMapping(wish);
  const said = (list: typeof gaps) => list.map(({ at, what }) => ({ path: jsonPath(at), what }));
  return { tenantId, document, gaps: said(gaps), assumed: said(assumed) };
}

const today = () => new Date().toISOString().slice(0, 10);

/** The records that `credentials validate --with-test-records` made, the newest of each object. */
async function testRecords(pipedrive: Pipedrive): Promise<Partial<Record<CrmObject, number>>> {
  const found: Partial<Record<CrmObject, number>> = {};
  for (const object of CRM_OBJECTS) {
    const field = object === "deal" ? "title" : "name";
    const ids = await withPatience(() => pipedrive.search(object, { term: TEST_NAME, field }, WHY), {});
    for (const id of ids.sort((a, b) => b - a)) {
      const record = await withPatience(() => pipedrive.get(object, id, WHY), {}).catch(nothing);
      if (record?.[field] !== TEST_NAME || record.is_deleted === true) continue; // a search is neither exact nor current
      found[object] = id;
      break;
    }
  }
  return found;
}

const WHY = { purpose: "setup" };

function nothing(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
