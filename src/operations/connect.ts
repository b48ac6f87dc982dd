import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { createNeutralProgram } from "../partner/neutral-http.ts";
import { createPipedriveClient } from "../pipedrive/client.ts";
import { type Connection, type Environment, isIntake } from "../store/connection-rows.ts";
import { unknownTenant } from "../store/tenants.ts";
import { ownAddress, PUBLIC_URL_HINT, remoteAddress } from "./address.ts";
import { type Doing, during } from "./during.ts";
import { subscribe, unsubscribe, unsubscribeRetired } from "./subscriptions.ts";

export interface ConnectPipedrive {
  tenantId: string;
  environment: Environment;
  /** The company's own base, e.g. `https://acme.pipedrive.com`. */
  baseUrl: string;
  token: string;
  /** Where Pipedrive reaches this server; default: the configuration's PUBLIC_URL. */
  publicUrl?: string | undefined;
}

export interface Connected extends Connection {
  /** What earlier connections left in Pipedrive, or what could not be subscribed to, and what to do about it. */
  notes: string[];
}

/**
 * Connects a tenant's Pipedrive account: checks the token, stores it sealed, and subscribes to the changes of the three
 * objects and of users with Basic credentials of this connection's own. Connecting again replaces the connection before it, and only
 * once all of that has succeeded: until then the earlier one is worked with, and both take deliveries in. A change that
 * comes twice meanwhile is seen twice, which changes nothing. At the end the subscriptions of all earlier ones are removed.
 *
 * @throws InputError UNKNOWN_TENANT, PUBLIC_URL_MISSING, or what `address.ts` finds wrong with an address;
 *   ConnectionError when the token is refused
 */
export async function connectPipedrive(app: App, wish: ConnectPipedrive): Promise<Connected> {
  const { tenantId, environment, token } = wish;
  const baseUrl = remoteAddress(wish.baseUrl, environment);
  const publicUrl = publicUrlFor(app, wish);
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId); // before anybody is asked about the token
  const me = await whoseToken(app, baseUrl, token);
  const secrets = {
    token,
    webhookUser: `ps-${randomBytes(6).toString("hex")}`,
    webhookPassword: randomBytes(24).toString("base64url"),
  };
  const connection = await app.connections.add({
    tenantId,
    environment,
    baseUrl,
    side: "pipedrive",
    secrets,
    companyDomain: me.company_domain,
    companyId: me.company_id,
    userId: me.id,
    state: "connecting",
  });
  let notes: string[];
  try {
    notes = await subscribe(app, connection, { publicUrl, ...secrets });
    await app.connections.activate(connection.id);
  } catch (error) {
    await giveUp(app, connection);
    throw error;
  }
  await app.ringer.ringDue(tenantId);
  notes.push(...(await unsubscribeRetired(app, connection)));
  return { ...((await app.connections.get(connection.id)) ?? connection), notes };
}

async function whoseToken(app: App, baseUrl: string, token: string) {
  const client = createPipedriveClient({
    baseUrl,
    token,
    timeoutMs: app.config.timings.callTimeoutMs,
    onSpend: () => {}, // the connection that the ledger books on does not exist yet
  });
  const hint = "see that --url is the company's own address, and the token that of one of its users";
  return during({ what: "looking up the token's user at", baseUrl, hint }, client.me({ purpose: "setup" }));
}

export interface ConnectProgram {
  tenantId: string;
  environment: Environment;
  /** Where the program's routes hang: commands, events and aggregates. */
  baseUrl: string;
  /** The first signs what we send; events signed with any of them are taken in. */
  secrets: string[];
}

/**
 * Connects a tenant's partner program, once it has answered a request that is signed with the first of the secrets. Its
 * events are expected signed at `/events/<tenant>`. Connecting again replaces the connection before it, secrets included.
 *
 * @throws InputError UNKNOWN_TENANT, SECRET_TOO_SHORT, NOT_FOUND_THERE, or what `address.ts` finds wrong with an address;
 *   ConnectionError when the program refuses the signature or cannot be reached
 */
export async function connectProgram(app: App, wish: ConnectProgram): Promise<Connection> {
  const { secrets, ...rest } = wish;
  const baseUrl = remoteAddress(wish.baseUrl, wish.environment);
  if (app.config.publicUrl) ownAddress(app.config.publicUrl, wish.environment); // events bring people's data there
  if (secrets.some((secret) => secret.length < LEAST_SECRET_LENGTH)) throw secretTooShort();
  if (!(await app.tenants.get(wish.tenantId))) throw unknownTenant(wish.tenantId);
  await tryOut(app, { what: "trying out the partner program at", baseUrl }, secrets);
  const connection = await app.connections.replace({ ...rest, baseUrl, side: "program", secrets: { secrets } });
  await app.ringer.ringDue(wish.tenantId);
  return connection;
}

/**
 * Gives the program's connection a new secret and keeps the newest one it has: from now on the new one signs what we
 * send, and events signed with either are taken in. An older one is dropped.
 *
 * @throws InputError UNKNOWN_TENANT, SECRET_TOO_SHORT, NOT_CONNECTED, SECRET_UNCHANGED; ConnectionError when the program
 *   does not take the new secret yet
 */
export async function rotateProgramSecret(app: App, tenantId: string, secret: string): Promise<Connection> {
  if (secret.length < LEAST_SECRET_LENGTH) throw secretTooShort();
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId);
  const connection = await app.connections.current(tenantId, "program");
  if (!connection) {
    const hint = "connect it first: partnersync connect program --tenant … --url … --environment …";
    throw new InputError("NOT_CONNECTED", `${tenantId} has no partner program connected`, "--tenant", hint);
  }
  if (isIntake(connection)) {
    const hint = "give it a new one with: partnersync connect intake rotate-secret";
    throw new InputError("NOT_CONNECTED", `the program of ${tenantId} only posts: it signs nothing`, "--tenant", hint);
  }
  const { secrets } = await app.connections.programSecrets(connection.id);
  const previous = secrets.slice(0, 1);
  if (previous.includes(secret)) {
    const hint = "nothing is left to do; for a new one: openssl rand -base64 32";
    throw new InputError("SECRET_UNCHANGED", "this secret signs already", "PROGRAM_SECRET", hint);
  }
  const { baseUrl } = connection;
  await tryOut(app, { what: "trying out the new secret with the partner program at", baseUrl }, [secret]);
  await app.connections.saveSecrets(connection.id, { secrets: [secret, ...previous] });
  return connection;
}

/** Reads one event of the feed, signed: that takes the address, the secret and both clocks to be right. */
async function tryOut(app: App, { what, baseUrl }: Omit<Doing, "hint">, secrets: string[]): Promise<void> {
  const program = createNeutralProgram({ baseUrl, secrets, timeoutMs: app.config.timings.callTimeoutMs });
  const hint = "see that --url is where the program's routes hang: it has to answer GET …/events there";
  await during({ what, baseUrl, hint }, program.fetchChanges(null, 1));
}

const LEAST_SECRET_LENGTH = 16;

function secretTooShort(): InputError {
  const hint = "make one with: openssl rand -base64 32 – and give the program the same";
  const message = `a signing secret needs at least ${LEAST_SECRET_LENGTH} characters`;
  return new InputError("SECRET_TOO_SHORT", message, "PROGRAM_SECRET", hint);
}

/**
 * What was begun is undone; the connection that was in use before still is. Retired first: from then on it cannot come
 * into use, and what cannot be deleted now is known to the next one that connects.
 */
async function giveUp(app: App, connection: Connection): Promise<void> {
  try {
    if (!(await app.connections.giveUp(connection.id))) return; // the answer that it is in use was lost
    const made = (await app.connections.get(connection.id)) ?? connection;
    await unsubscribe(app, await app.clients.pipedrive(connection), [made]);
  } catch (err) {
    app.log.warn({ err, connection: connection.id }, "could not undo all of a connection that failed");
  }
}

function publicUrlFor(app: App, { publicUrl = app.config.publicUrl, environment }: ConnectPipedrive): string {
  if (publicUrl) return ownAddress(publicUrl, environment);
  const message = "Pipedrive needs an address to send its changes to";
  throw new InputError("PUBLIC_URL_MISSING", message, "PUBLIC_URL", PUBLIC_URL_HINT);
}
