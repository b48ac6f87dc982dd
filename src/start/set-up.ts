import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { App } from "../app.ts";
import { connectPipedrive, connectProgram } from "../operations/connect.ts";
import { loadMapping } from "../operations/load-mapping.ts";
import type { Connection } from "../store/connection-rows.ts";
import type { MappingDocument } from "../sync/mapping/parse.ts";
import { fillForAccount, setUpTwinAccount, setUpTwinProgram } from "./twin-customer.ts";
import { callTwin } from "./twin-http.ts";

/** Where a customer is set up. */
export interface Place {
  app: App;
  twinUrl: string;
  serverUrl: string;
  /** Of the seed; filled documents go into `mappings` in it. */
  folder: string;
}

/**
 * Sets a customer up as ops would, on accounts of the twin: tenant, both connections, mapping. What an earlier run has
 * set up stays; what changed its address is connected again.
 */
export async function setUpCustomer(document: MappingDocument, place: Place): Promise<void> {
  const { app } = place;
  const { tenant } = document;
  const token = await setUpTwinAccount(document, place.twinUrl);
  if (!(await app.tenants.get(tenant))) await app.tenants.create({ id: tenant, name: tenant });
  await connectTwinProgram(document, place);
  const pipedrive = await connectTwinPipedrive(tenant, token, place);
  const live = await app.mappings.live(tenant);
  if (!live || live.revision < document.revision) await fillAndLoad(document, pipedrive, place);
}

const program = z.looseObject({ events_url: z.string().nullable() });

async function connectTwinProgram(document: MappingDocument, { app, twinUrl, serverUrl }: Place): Promise<void> {
  const { tenant } = document;
  const [baseUrl, eventsUrl] = [`${twinUrl}/program/${tenant}`, `${serverUrl}/events/${tenant}`];
  const control = `${twinUrl}/_twin/program/${tenant}`;
  const there = program.safeParse(await callTwin(control).catch(() => null)).data;
  const connection = await resumed(app, tenant, "program");
  if (connection?.baseUrl === baseUrl && there?.events_url === eventsUrl) return;
  const secret = randomBytes(24).toString("base64url");
  // First: a program is tried out before it is connected.
  await setUpTwinProgram(document, twinUrl, { secret, eventsUrl: there?.events_url ?? null });
  await connectProgram(app, { tenantId: tenant, environment: "rehearsal", baseUrl, secrets: [secret] });
  // Last: a run that ends in between finds an old address, here or there, and does all of it again.
  await setUpTwinProgram(document, twinUrl, { secret, eventsUrl });
}

async function connectTwinPipedrive(
  tenant: string,
  token: string,
  { app, twinUrl, serverUrl }: Place,
): Promise<Connection> {
  const connection = await resumed(app, tenant, "pipedrive");
  if (connection?.baseUrl === twinUrl && (await isSubscribed(app, connection, serverUrl))) return connection;
  const wish = { tenantId: tenant, environment: "rehearsal" as const, baseUrl: twinUrl, token, publicUrl: serverUrl };
  return connectPipedrive(app, wish);
}

/** The connection in use. One that was paused because the twin was away goes on: here it is again. */
async function resumed(app: App, tenant: string, side: Connection["side"]): Promise<Connection | null> {
  const known = await app.connections.current(tenant, side);
  return known?.state === "paused" ? app.connections.resume(known.id) : known;
}

async function isSubscribed(app: App, connection: Connection, serverUrl: string): Promise<boolean> {
  const pipedrive = await app.clients.pipedrive(connection);
  const url = `${serverUrl}/webhooks/pipedrive/${connection.id}`;
  const ours = (await pipedrive.listWebhooks({ purpose: "setup" })).filter(
    (webhook) => webhook.subscription_url === url,
  );
  return (
    connection.webhookIds.length > 0 && connection.webhookIds.every((id) => ours.some((webhook) => webhook.id === id))
  );
}

async function fillAndLoad(document: MappingDocument, connection: Connection, { app, folder }: Place): Promise<void> {
  const { text } = await fillForAccount(document, await app.clients.pipedrive(connection), folder);
  await loadMapping(app, text, "first run");
}
