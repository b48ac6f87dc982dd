import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { App } from "../src/app.ts";
import { connectPipedrive, connectProgram } from "../src/operations/connect.ts";
import { loadMapping } from "../src/operations/load-mapping.ts";
import { readAccount } from "../src/pipedrive/account.ts";
import type { Pipedrive } from "../src/pipedrive/port.ts";
import type { Connection } from "../src/store/connection-rows.ts";
import { accountShape } from "../src/sync/mapping/account-shape.ts";
import type { MappingDocument } from "../src/sync/mapping/document.ts";
import { fillKeysByLabel } from "../src/sync/mapping/fill.ts";
import { parseMappingDocument } from "../src/sync/mapping/parse.ts";
import { type TwinClient, twinClient } from "../test/support/twin-client.ts";

/** A customer: its account and program in the twin, connected and mapped on our side. */
export interface Tenant {
  id: string;
  domain: string;
  twin: TwinClient;
  connection: Connection;
  /** Where the twin tells the program's events when they are not diverted. */
  serverUrl: string;
  secret: string;
  organizations: { id: number; partnerId: string }[];
  /** Has both sides' notifications sent to another base URL. */
  divert(url: string): Promise<void>;
}

/** The both-ways document: status travels in either direction. */
const DOCUMENT = new URL("../mappings/kestrel-obs.json", import.meta.url);

export async function documentFor(tenantId: string): Promise<MappingDocument> {
  const { document, findings } = parseMappingDocument(await readFile(DOCUMENT, "utf8"));
  if (!document) throw new Error(`the mapping document has ${findings.length} findings`);
  document.tenant = tenantId;
  document.pipedrive.company_domain = tenantId;
  return document;
}

/** Sets an account up in the twin that fits the document, without limits. @returns its API token */
export async function makeCompany(twin: TwinClient, domain: string): Promise<string> {
  const { users, fields, pipelines } = accountShape(await documentFor(domain));
  const withOptions = ({ options, ...field }: (typeof fields)["deal"][number]) =>
    options.length > 0 ? { ...field, options } : field;
  const company = await twin.call<{ api_token: string }>("POST", "/companies", {
    domain,
    plan: "ultimate",
    limits: { off: true },
    users: users.map(({ name, email, admin }) => ({ name, email, admin })),
    fields: {
      organization: fields.organization.map(withOptions),
      person: fields.person.map(withOptions),
      deal: fields.deal.map(withOptions),
    },
    pipelines,
  });
  return company.api_token;
}

/** Onboards one customer by the operations that the CLI uses. */
export async function onboard(app: App, twinUrl: string, serverUrl: string, id: string): Promise<Tenant> {
  const twin = twinClient(twinUrl, id, id);
  const token = await makeCompany(twin, id);
  const secret = randomBytes(24).toString("base64url");
  const sendEventsTo = (url: string) =>
    twin.call("PUT", `/program/${id}`, { secrets: [secret], events_url: `${url}/events/${id}`, idFormat: "opaque" });
  await sendEventsTo(serverUrl);
  await app.tenants.create({ id, name: id });
  const rehearsal = { tenantId: id, environment: "rehearsal" as const };
  await connectPipedrive(app, { ...rehearsal, baseUrl: twinUrl, token, publicUrl: serverUrl });
  await connectProgram(app, { ...rehearsal, baseUrl: `${twinUrl}/program/${id}`, secrets: [secret] });
  const connection = await app.connections.active(id, "pipedrive");
  if (!connection) throw new Error("the connection was not stored");
  const pipedrive = await app.clients.pipedrive(connection);
  const filled = fillKeysByLabel(await documentFor(id), await readAccount(pipedrive));
  await loadMapping(app, JSON.stringify(filled.document), "bench");
  return {
    id,
    domain: id,
    twin,
    connection,
    serverUrl,
    secret,
    organizations: [],
    async divert(url) {
      await sendEventsTo(url);
      await subscribeAt(app, pipedrive, connection.id, url);
    },
  };
}

/** Moves the account's subscriptions to another base URL; path and credentials stay. */
async function subscribeAt(app: App, pipedrive: Pipedrive, connectionId: string, url: string): Promise<void> {
  const { webhookUser, webhookPassword } = await app.connections.pipedriveSecrets(connectionId);
  for (const webhook of await pipedrive.listWebhooks()) {
    if (!webhook.is_active) continue;
    await pipedrive.createWebhook({
      name: "bench",
      subscription_url: `${url}/webhooks/pipedrive/${connectionId}`,
      event_action: "*",
      event_object: webhook.event_object as "organization" | "person" | "deal",
      http_auth_user: webhookUser,
      http_auth_password: webhookPassword,
    });
    await pipedrive.deleteWebhook(webhook.id);
  }
}
