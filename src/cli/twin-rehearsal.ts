import { createHash } from "node:crypto";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { createPipedriveClient } from "../pipedrive/client.ts";
import { fillForAccount, setUpTwinAccount, setUpTwinProgram } from "../start/twin-customer.ts";
import { type MappingDocument, parseMappingDocument } from "../sync/mapping/parse.ts";
import { readDocument } from "./document-file.ts";

/** What a person needs to connect a customer to the twin. The credentials are the twin's: they open nothing else. */
export interface Rehearsal {
  tenant: string;
  company: string;
  apiToken: string;
  programSecret: string;
  /** The document with the keys of the twin's company. */
  document: string;
  /** To be run one after the other, beside server and workers. */
  commands: string[];
  /** Makes something happen. */
  tryIt: string;
}

interface Place {
  url: string;
  seed: string;
  dataDir: string;
  serverUrl: string;
}

const CALL_TIMEOUT_MS = 10_000;

/** @throws MappingRefusedError, InputError FILE_UNREADABLE */
export async function readMappingDocument(file: string): Promise<MappingDocument> {
  const { document, findings } = parseMappingDocument(await readDocument(file));
  if (!document) throw new MappingRefusedError(findings);
  return document;
}

/** Sets a document's company and program up in the twin; what is there already stays. @throws InputError TWIN_REFUSED */
export async function rehearse(document: MappingDocument, place: Place): Promise<Rehearsal> {
  const { tenant } = document;
  const { url, dataDir, serverUrl } = place;
  const apiToken = await setUpTwinAccount(document, url);
  const programSecret = secretOf(tenant, place.seed);
  // A program that only posts has nothing in the twin: whoever rehearses posts in its place.
  if (!document.intake)
    await setUpTwinProgram(document, url, { secret: programSecret, eventsUrl: `${serverUrl}/events/${tenant}` });
  const options = { baseUrl: url, token: apiToken, timeoutMs: CALL_TIMEOUT_MS, onSpend: () => {} };
  const { file } = await fillForAccount(document, createPipedriveClient(options), dataDir);
  const made = { tenant, company: document.pipedrive.company_domain, apiToken, programSecret, document: file };
  const isIntake = document.intake !== undefined;
  return {
    ...made,
    commands: commandsOf(made, place, isIntake),
    tryIt: isIntake ? postOf(file) : tryItOf(document, url),
  };
}

/** The same at each start, as the twin's tokens are: what was connected before stays connected. */
function secretOf(tenant: string, seed: string): string {
  return createHash("sha256").update(`program secret of ${tenant} in the twin ${seed}`).digest("base64url");
}

function commandsOf(made: Omit<Rehearsal, "commands" | "tryIt">, place: Place, isIntake: boolean): string[] {
  const { url, serverUrl } = place;
  const { tenant, apiToken, programSecret, document } = made;
  const rest = `--tenant ${tenant} --environment rehearsal`;
  return [
    `npm run cli -- tenant add ${tenant}`,
    `PIPEDRIVE_API_TOKEN=${apiToken} npm run cli -- connect pipedrive ${rest} --url ${url} --public-url ${serverUrl}`,
    isIntake
      ? `npm run cli -- connect intake ${rest} --public-url ${serverUrl}`
      : `PROGRAM_SECRET=${programSecret} npm run cli -- connect program ${rest} --url ${url}/program/${tenant}`,
    `npm run cli -- mapping load ${quoted(document)}`,
  ];
}

/** A sample is looked at first; then it is posted to the address, and with the header, that connecting has printed. */
function postOf(file: string): string {
  return `npm run cli -- mapping intake-try ${quoted(file)} --sample <sample>; curl -s <address> -H <header> -H 'content-type: application/json' -d @<sample>`;
}

/** A user of Pipedrive chooses a status on a new organization. */
function tryItOf({ objects, pipedrive }: MappingDocument, url: string): string {
  const { label, options } = objects.organization.fields.allbound_status;
  const set = { name: "Rehearsal Ltd", [`label:${label}`]: Object.values(options)[0] };
  const body = JSON.stringify({ object: "organization", set });
  const type = "'content-type: application/json'";
  return `curl -s ${url}/_twin/companies/${pipedrive.company_domain}/edit -H ${type} -d ${quoted(body)}`;
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function rehearsalText(one: Rehearsal): string {
  return [
    `${one.tenant}: company ${one.company} and its program are set up in the twin`,
    `  API token       ${one.apiToken}`,
    `  program secret  ${one.programSecret}`,
    `  document        ${one.document} (with the keys of this company)`,
    "With npm run server and npm run workers beside this twin, next:",
    ...one.commands.map((command) => `  ${command}`),
    "Then make something happen, and see what became of it under the record's id, or on the twin's page:",
    `  ${one.tryIt}`,
    `  npm run cli -- record organization <id> --tenant ${one.tenant}`,
  ].join("\n");
}
