import { type MappingPlan, TENANT_ID } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { blocks, type Found, type MappingFinding, severityOf } from "./finding.ts";
import { present, readMapping } from "./parse.ts";
import { type LiveSide, lookUpInAccount, planOf } from "./resolve.ts";

export interface CheckedMapping {
  /** As written, when it is usable as a tenant's id, even where the document has errors. */
  tenantId?: string;
  /** Only when no finding is an error. */
  document?: MappingDocument;
  /** Only when the account was looked at too, and no finding is an error. */
  plan?: MappingPlan;
  /** Every finding with its place in the text, errors first. */
  findings: MappingFinding[];
}

/**
 * The one check of a mapping document: file, shape and meaning (levels L0 to L2), and with the account at hand
 * everything it names there (L3), also where the levels before found errors. Whatever wants to put a document in force
 * takes its plan from here, so that none with an error can become live.
 *
 * @param text the file's content
 * @param live the account, as listed just now
 * @returns never throws
 */
export function checkMapping(text: string, live?: LiveSide): CheckedMapping {
  const { draft, shaped, found, position } = readMapping(text);
  const seen = draft && live ? lookUpInAccount(draft, live) : undefined;
  const findings = present([...found, ...(seen ? unlessSaid(seen.findings, found) : [])], position);
  const tenant = draft?.get("tenant");
  const named = typeof tenant === "string" && TENANT_ID.test(tenant) ? { tenantId: tenant } : {};
  if (!shaped || blocks(findings)) return { ...named, findings };
  const plan = live && seen ? planOf(shaped, live.account, seen) : undefined;
  return { ...named, document: shaped, findings, ...(plan ? { plan } : {}) };
}

/** Which of the two places of a key is the wrong one, only the account can tell. */
const ADDS_TO: readonly string[] = ["KEY_REUSED"];

/** What the account says about a place that was found wrong without it is a consequence of the same mistake. */
function unlessSaid(live: readonly Found[], offline: readonly Found[]): Found[] {
  const wrong = new Set(
    offline
      .filter((one) => severityOf(one) === "error" && !ADDS_TO.includes(one.code))
      .map(({ at }) => JSON.stringify(at)),
  );
  return live.filter(({ at }) => !wrong.has(JSON.stringify(at)));
}
