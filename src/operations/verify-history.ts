import type { App } from "../app.ts";
import type { SealCheck } from "../store/history-seals.ts";

/** Rows of a page. */
const PAGE = 5_000;

/**
 * Holds a page of a tenant's history against its chain of digests.
 *
 * @param asked.known `position:chain` of an earlier head that was kept outside of this database: it has to be there still
 * @throws InputError UNKNOWN_TENANT
 */
export async function verifyHistory(
  app: App,
  tenantId: string,
  asked: { after: number; known?: string | undefined },
): Promise<SealCheck & { tenantId: string }> {
  await app.tenants.known(tenantId);
  const found = await app.historySeals.check(tenantId, asked.after, PAGE);
  return { tenantId, ...found, broken: found.broken ?? (await unlike(app, tenantId, asked.known)) };
}

async function unlike(app: App, tenantId: string, known: string | undefined): Promise<SealCheck["broken"]> {
  if (known === undefined) return null;
  const [position, chain] = known.split(":");
  const now = await app.historySeals.chainAt(tenantId, Number(position));
  if (now === chain) return null;
  const why = now === null ? "what was sealed here once is gone" : "it was sealed otherwise once";
  return { position: Number(position), historyId: null, why };
}
