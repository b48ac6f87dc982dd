import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { readAccount } from "../pipedrive/account.ts";
import { checkMapping } from "../sync/mapping/check.ts";
import { blocks, type MappingFinding } from "../sync/mapping/finding.ts";
import type { LiveSide } from "../sync/mapping/resolve.ts";

export interface CheckOptions {
  /** Warnings count as well: for a pipeline that is to stop at them. */
  strict?: boolean;
  /** Looks at the account too, by the tenant's connection: at most 62 tokens where each list fits on a page. */
  live?: boolean;
  /** Needed for `live` only. */
  app?: App;
}

export interface MappingCheck {
  tenantId: string | null;
  /** Every finding with its place in the text, errors first. */
  findings: MappingFinding[];
  summary: { errors: number; warnings: number; infos: number };
  /** Whether the account was looked at. A document with errors whose tenant has none to ask is checked without. */
  live: boolean;
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
  const offline = checkMapping(text);
  const { tenantId } = offline;
  if (!options.live || !options.app || tenantId === undefined) return toCheck(offline, options, false);
  const side = await liveSideOf(options.app, tenantId).catch((error) => {
    // What is wrong with the file is worth saying even where its account cannot be asked.
    if (error instanceof InputError && blocks(offline.findings)) return null;
    throw error;
  });
  return side ? toCheck(checkMapping(text, side.live), options, true) : toCheck(offline, options, false);
}

function toCheck(
  { tenantId, findings }: ReturnType<typeof checkMapping>,
  { strict = false }: CheckOptions,
  live: boolean,
): MappingCheck {
  const count = (severity: MappingFinding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const summary = { errors: count("error"), warnings: count("warning"), infos: count("info") };
  const severity = blocks(findings) ? 1 : strict && summary.warnings > 0 ? 2 : 0;
  return { tenantId: tenantId ?? null, findings, summary, live, severity };
}

/**
 * What a tenant's documents are checked against, read now (62 tokens), and the connection that it was read by.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED; the errors of `Pipedrive`
 */
export async function liveSideOf(app: App, tenantId: string) {
  if (!(await app.tenants.get(tenantId))) {
    const hint = `partnersync tenant add ${tenantId}`;
    throw new InputError("UNKNOWN_TENANT", `there is no tenant "${tenantId}"`, "tenant", hint);
  }
  const connection = await app.connections.current(tenantId, "pipedrive");
  if (!connection) {
    const message = `${tenantId} has no Pipedrive connection to check the mapping against`;
    const hint = `partnersync connect pipedrive --tenant ${tenantId} …`;
    throw new InputError("NOT_CONNECTED", message, "tenant", hint);
  }
  const account = await readAccount(await app.clients.pipedrive(connection));
  const live: LiveSide = { account, environment: connection.environment };
  return { connection, live };
}
