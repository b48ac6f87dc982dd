import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { createPipedriveClient } from "../pipedrive/client.ts";
import type { Connection, Environment } from "../store/connection-rows.ts";
import { unknownTenant } from "../store/tenants.ts";
import { CRM_OBJECTS } from "../sync/model.ts";
import { ownAddress, PUBLIC_URL_HINT, remoteAddress } from "./address.ts";

export interface ConnectPipedrive {
  tenantId: string;
  environment: Environment;
  /** The company's own base, e.g. `https://acme.pipedrive.com`. */
  baseUrl: string;
  token: string;
  /** Where Pipedrive reaches this server; default: the configuration's PUBLIC_URL. */
  publicUrl?: string | undefined;
}

/**
 * Connects a tenant's Pipedrive account: checks the token, stores it sealed, and subscribes to the changes of the three
 * objects with Basic credentials of this connection's own. Connecting again replaces the connection before it and its
 * subscriptions.
 *
 * @throws InputError UNKNOWN_TENANT, PUBLIC_URL_MISSING, or what `address.ts` finds wrong with an address;
 *   ConnectionError when the token is refused
 */
export async function connectPipedrive(app: App, wish: ConnectPipedrive): Promise<Connection> {
  const { tenantId, environment, token } = wish;
  const baseUrl = remoteAddress(wish.baseUrl, environment);
  const publicUrl = publicUrlFor(app, wish);
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId); // before anybody is asked about the token
  const before = await app.connections.active(tenantId, "pipedrive");
  const me = await createPipedriveClient({
    baseUrl,
    token,
    timeoutMs: app.config.timings.callTimeoutMs,
    onSpend: () => {}, // the connection that the ledger books on does not exist yet
  }).me({ purpose: "setup" });
  const secrets = {
    token,
    webhookUser: `ps-${randomBytes(6).toString("hex")}`,
    webhookPassword: randomBytes(24).toString("base64url"),
  };
  const connection = await app.connections.replace({
    tenantId,
    environment,
    baseUrl,
    side: "pipedrive",
    secrets,
    companyDomain: me.company_domain,
    companyId: me.company_id,
    userId: me.id,
  });
  await subscribe(app, connection, publicUrl, secrets);
  if (before) await unsubscribe(app, before);
  await app.ringer.ringDue(tenantId);
  return (await app.connections.get(connection.id)) ?? connection;
}

export interface ConnectProgram {
  tenantId: string;
  environment: Environment;
  /** Where the program's routes hang: commands, events and aggregates. */
  baseUrl: string;
  secrets: string[];
}

/** Connects a tenant's partner program. Its events are expected signed at `/events/<tenant>`. @throws InputError */
export async function connectProgram(app: App, wish: ConnectProgram): Promise<Connection> {
  const { secrets, ...rest } = wish;
  const baseUrl = remoteAddress(wish.baseUrl, wish.environment);
  if (app.config.publicUrl) ownAddress(app.config.publicUrl, wish.environment); // events bring people's data there
  if (secrets.some((secret) => secret.length < LEAST_SECRET_LENGTH)) throw secretTooShort();
  const connection = await app.connections.replace({ ...rest, baseUrl, side: "program", secrets: { secrets } });
  await app.ringer.ringDue(wish.tenantId);
  return connection;
}

const LEAST_SECRET_LENGTH = 16;

function secretTooShort(): InputError {
  const hint = "make one with: openssl rand -base64 32 – and give the program the same";
  const message = `a signing secret needs at least ${LEAST_SECRET_LENGTH} characters`;
  return new InputError("SECRET_TOO_SHORT", message, "PROGRAM_SECRET", hint);
}

/** A new subscription per object: only what we sync is sent, and each can be watched on its own. */
async function subscribe(
  app: App,
  connection: Connection,
  publicUrl: string,
  secrets: { webhookUser: string; webhookPassword: string },
): Promise<void> {
  const pipedrive = await app.clients.pipedrive(connection);
  const ids: number[] = [];
  for (const object of CRM_OBJECTS) {
    const { id } = await pipedrive.createWebhook(
      {
        name: `partnersync ${connection.tenantId} ${object}`,
        subscription_url: `${publicUrl}/webhooks/pipedrive/${connection.id}`,
        event_action: "*",
        event_object: object,
        http_auth_user: secrets.webhookUser,
        http_auth_password: secrets.webhookPassword,
      },
      { purpose: "setup" },
    );
    // Kept one by one: what exists over there is known here, whenever this stops.
    ids.push(id);
    await app.connections.saveWebhookIds(connection.id, ids);
  }
}

async function unsubscribe(app: App, before: Connection): Promise<void> {
  try {
    const pipedrive = await app.clients.pipedrive(before);
    for (const id of before.webhookIds) await pipedrive.deleteWebhook(id, { purpose: "setup" });
  } catch (err) {
    // Its deliveries are refused from now on, and Pipedrive drops a subscription that nobody answers.
    app.log.warn({ err, connection: before.id }, "could not remove the webhooks of the replaced connection");
  }
}

function publicUrlFor(app: App, { publicUrl = app.config.publicUrl, environment }: ConnectPipedrive): string {
  if (publicUrl) return ownAddress(publicUrl, environment);
  const message = "Pipedrive needs an address to send its changes to";
  throw new InputError("PUBLIC_URL_MISSING", message, "PUBLIC_URL", PUBLIC_URL_HINT);
}
