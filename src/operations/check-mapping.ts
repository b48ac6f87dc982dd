import type { App } from "../app.ts";
import { InputError, NotFoundError, RecordError } from "../errors.ts";
import { readAccount } from "../pipedrive/account.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import { type TestRecord, tryRecord, unusable } from "../sync/mapping/canary.ts";
import { checkMapping } from "../sync/mapping/check.ts";
import { blocks, errorsFirst, type Found, type MappingFinding, toFinding } from "../sync/mapping/finding.ts";
import { locate } from "../sync/mapping/locate.ts";
import type { MappingDocument } from "../sync/mapping/parse.ts";
import type { LiveSide } from "../sync/mapping/resolve.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { connectedPipedrive } from "./connected-pipedrive.ts";

export interface CheckOptions {
  /** Warnings count as well: for a pipeline that is to stop at them. */
  strict?: boolean;
  /** Looks at the account too, by the tenant's connection: at most 62 tokens where each list fits on a page. */
  live?: boolean;
  /**
   * With `live`: also tries to write to the `verify` records and puts back what was there. At most 11 tokens a record,
   * and 5 for each field when Pipedrive refuses them together. Skipped for a document that has errors.
   */
  canary?: boolean;
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
  const { found, tried } = await tryRecords(app, checked.document, side);
  const findings = errorsFirst([
    ...checked.findings,
    ...locate(
      found.map((one) => toFinding(one)),
      text,
    ),
  ]);
  return { ...toCheck({ ...checked, findings }, strict), live: true, tried };
}

function toCheck({ tenantId, findings }: ReturnType<typeof checkMapping>, strict: boolean): MappingCheck {
  const count = (severity: MappingFinding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const summary = { errors: count("error"), warnings: count("warning"), infos: count("info") };
  const severity = blocks(findings) ? 1 : strict && summary.warnings > 0 ? 2 : 0;
  return { tenantId: tenantId ?? null, findings, summary, live: false, tried: [], severity };
}

/** The test records of a document, one after the other. One that the sync keeps in step is not touched. */
async function tryRecords(app: App, document: MappingDocument, { connection, live }: Side) {
  const pipedrive = await app.clients.pipedrive(connection);
  const found: Found[] = [];
  const tried: CrmObject[] = [];
  for (const object of CRM_OBJECTS) {
    const crmId = document.verify?.[`${object}_id`];
    if (crmId === undefined) continue;
    const known = await app.records.find(document.tenant, { object, crmId });
    if (known?.links.some(({ state }) => state === "active")) {
      found.push(unusable(object, "is linked to the partner program"));
      continue;
    }
    const findings = await tryRecord(document, live.account, object, testRecord(pipedrive, object, crmId));
    found.push(...findings);
    if (!findings.some(({ code }) => code === "VERIFY_UNUSABLE")) tried.push(object);
  }
  return { found, tried };
}

function testRecord(pipedrive: Pipedrive, object: CrmObject, id: number): TestRecord {
  const call = <T>(work: () => Promise<T>) => withPatience(work, {});
  return {
    async read() {
      const record = await call(() => pipedrive.get(object, id, { purpose: "setup" })).catch((error) => {
        if (error instanceof NotFoundError) return null;
        throw error;
      });
      return record && record.is_deleted !== true ? record.custom_fields : null;
    },
    async write(fields) {
      const body = { custom_fields: fields };
      const record = await call(() => pipedrive.patch(object, id, body, { purpose: "setup" })).catch((error) => {
        if (error instanceof RecordError) return null;
        throw error;
      });
      return record?.custom_fields ?? null;
    },
  };
}

type Side = Awaited<ReturnType<typeof liveSideOf>>;

/**
 * What a tenant's documents are checked against, read now (62 tokens), and the connection that it was read by.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED; the errors of `Pipedrive`
 */
export async function liveSideOf(app: App, tenantId: string) {
  const { connection, pipedrive } = await connectedPipedrive(app, tenantId);
  const account = await readAccount(pipedrive);
  const live: LiveSide = { account, environment: connection.environment };
  return { connection, live };
}

export function otherTenant(asked: string, named: string): InputError {
  const message = `this is the document of "${named}", not of "${asked}"`;
  return new InputError("OTHER_TENANT", message, "$.tenant", "load it for the tenant it names");
}
