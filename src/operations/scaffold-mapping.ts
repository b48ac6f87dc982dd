import type { App } from "../app.ts";
import { jsonPath } from "../sync/mapping/finding.ts";
import { present, readMapping } from "../sync/mapping/parse.ts";
import { scaffoldMapping } from "../sync/mapping/scaffold.ts";
import { liveSideOf } from "./live-side.ts";
import { MappingRefusedError } from "./load-mapping.ts";

export interface DraftedMapping {
  tenantId: string;
  /** JSON text. */
  document: string;
  /** Where a person has to decide, and what. */
  gaps: { path: string; what: string }[];
}

/**
 * Drafts a tenant's document from its account (62 tokens). Nothing is stored.
 *
 * @param from the text of another account's document whose decisions are to be carried over
 * @throws MappingRefusedError when `from` is no mapping document; InputError UNKNOWN_TENANT, NOT_CONNECTED
 */
export async function draftMapping(app: App, tenantId: string, from?: string): Promise<DraftedMapping> {
  const source = from === undefined ? undefined : readMapping(from);
  if (source && !source.shaped) throw new MappingRefusedError(present(source.found, source.position)); // costs nothing
  const { live } = await liveSideOf(app, tenantId);
  const revision = ((await app.mappings.liveRevision(tenantId)) ?? 0) + 1;
  const { document, gaps } = scaffoldMapping({ ...live, tenant: tenantId, revision, from: source?.shaped });
  return { tenantId, document, gaps: gaps.map(({ at, what }) => ({ path: jsonPath(at), what })) };
}
