import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { readAccount } from "../pipedrive/account.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import { accountShape } from "../sync/mapping/account-shape.ts";
import { fillKeysByLabel } from "../sync/mapping/fill.ts";
import type { MappingDocument } from "../sync/mapping/parse.ts";
import { callTwin } from "./twin-http.ts";

/* What a customer has outside of us, set up in the twin: for the first run, and for rehearsing a document by hand. */

const company = z.looseObject({ users: z.array(z.looseObject({ email: z.string(), api_token: z.string() })) });

/** The Pipedrive account that the document describes. @returns the API token of its service user */
export async function setUpTwinAccount(document: MappingDocument, twinUrl: string): Promise<string> {
  const { companyDomain, fields, pipelines, users } = accountShape(document);
  const body = {
    domain: companyDomain,
    plan: "ultimate",
    currency: document.rules.default_currency,
    users: users.map(({ email, name, admin }) => ({ email, name, admin })),
    fields,
    pipelines,
  };
  const made = company.parse(await orderTwin(`${twinUrl}/_twin/companies`, { method: "POST", body }));
  const [service] = users;
  const user = made.users.find(({ email }) => email === service?.email);
  if (!user) throw new Error(`the twin's ${companyDomain} has no user ${service?.email}`);
  return user.api_token;
}

/** What the twin refuses here, a person has brought about, as with another type for a field than last time. */
async function orderTwin(url: string, request: { method: "POST" | "PUT"; body: unknown }): Promise<unknown> {
  return callTwin(url, request).catch((error: Error) => {
    const hint = "let the twin begin anew: npm start -- --fresh, or twin with another --data-dir";
    throw new InputError("TWIN_REFUSED", error.message, "twin", hint);
  });
}

/** Where the twin's program sends a tenant's events, and what it signs them with. */
export interface ProgramSettings {
  secret: string;
  /** Null: nowhere yet. */
  eventsUrl: string | null;
}

export async function setUpTwinProgram(
  { tenant, sync }: MappingDocument,
  twinUrl: string,
  { secret, eventsUrl }: ProgramSettings,
): Promise<void> {
  const body = { secrets: [secret], events_url: eventsUrl, idFormat: sync.id_format };
  await orderTwin(`${twinUrl}/_twin/program/${tenant}`, { method: "PUT", body });
}

/**
 * The document's keys are another account's: they are filled in by label.
 *
 * @returns text and file of the copy in `folder/mappings`
 * @throws MappingRefusedError for a field that the account does not have
 */
export async function fillForAccount(
  document: MappingDocument,
  pipedrive: Pipedrive,
  folder: string,
): Promise<{ text: string; file: string }> {
  const filled = fillKeysByLabel(document, await readAccount(pipedrive));
  if (filled.findings.some(({ severity }) => severity === "error")) throw new MappingRefusedError(filled.findings);
  const text = `${JSON.stringify(filled.document, null, 2)}\n`;
  const file = join(folder, "mappings", `${document.tenant}.json`);
  await mkdir(join(folder, "mappings"), { recursive: true });
  await writeFile(file, text);
  return { text, file };
}
