import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { checkMapping } from "../sync/mapping/check.ts";
import { blocks, errorsFirst, type MappingFinding, toFinding } from "../sync/mapping/finding.ts";
import { locate } from "../sync/mapping/locate.ts";
import type { CrmObject } from "../sync/model.ts";
import { liveSideOf } from "./live-side.ts";
import { canaryPrice, type TryOptions, tryRights } from "./try-rights.ts";

export interface CheckOptions extends TryOptions {
  /** Warnings count as well: for a pipeline that is to stop at them. */
  strict?: boolean;
  /** Looks at the account too, by the tenant's connection: at most 62 tokens where each list fits on a page. */
  live?: boolean;
  /** Needed for `live` only. */
  app?: App;
  /** Whose document it has to be. */
  ofTenant?: string;
}

export interface MappingCheck {
  tenantId: string | null;
  /** Every finding with its place in the text, errors first. */
  findings: MappingFinding[];
  summary: { errors: number; warnings: number; infos: number };
  /** Whether the account was looked at. A document with errors whose tenant has none to ask is checked without. */
  live: boolean;
  /** On which objects writing was tried. Of the others nothing is proven. */
  tried: CrmObject[];
  /** What level L4 costs at most, in tokens, listed before it is spent; null of a document that cannot be read. */
  canaryPrice: number | null;
  /** What a command ends with: 0 sound, 1 errors, 2 warnings only, where `strict` counts them. */
  severity: 0 | 1 | 2;
}

/**
 * Looks a mapping document over without putting anything in force.
 *
 * @param text the file's content
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED of a live check; the errors of `Pipedrive`
 */
export async function checkMappingText(text: string, options: CheckOptions = {}): Promise<MappingCheck> {
  const { app, strict = false } = options;
  const offline = checkMapping(text);
  const { tenantId } = offline;
  const { ofTenant = tenantId } = options;
  if (tenantId !== undefined && tenantId !== ofTenant) throw otherTenant(ofTenant ?? "", tenantId);
  if (!options.live || !app || tenantId === undefined) return toCheck(offline, strict);
  const side = await liveSideOf(app, tenantId).catch((error) => {
    // What is wrong with the file is worth saying even where its account cannot be asked.
    if (error instanceof InputError && blocks(offline.findings)) return null;
    throw error;
  });
  if (!side) return toCheck(offline, strict);
  const checked = checkMapping(text, side.live);
  if (!options.canary || !checked.document) return { ...toCheck(checked, strict), live: true };
  const { found, tried } = await tryRights(app, { ...checked, document: checked.document }, side, options);
  const findings = errorsFirst([
    ...checked.findings,
    ...locate(
      found.map((one) => toFinding(one)),
      text,
    ),
  ]);
  return { ...toCheck({ ...checked, findings }, strict), live: true, tried };
}

function toCheck({ tenantId, document, findings }: ReturnType<typeof checkMapping>, strict: boolean): MappingCheck {
  const count = (severity: MappingFinding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const summary = { errors: count("error"), warnings: count("warning"), infos: count("info") };
  const severity = blocks(findings) ? 1 : strict && summary.warnings > 0 ? 2 : 0;
  const canary = document ? canaryPrice(document) : null;
  return { tenantId: tenantId ?? null, findings, summary, live: false, tried: [], canaryPrice: canary, severity };
}

export function otherTenant(asked: string, named: string): InputError {
  const message = `this is the document of "${named}", not of "${asked}"`;
  return new InputError("OTHER_TENANT", message, "$.tenant", "load it for the tenant it names");
}
