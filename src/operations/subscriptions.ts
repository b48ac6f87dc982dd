import type { App } from "../app.ts";
import { ConnectionError, InputError, NotFoundError } from "../errors.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import type { Connection } from "../store/connection-rows.ts";
import { CRM_OBJECTS } from "../sync/model.ts";
import { during } from "./during.ts";

const SETUP = { purpose: "setup" } as const;

/** What a connection's subscriptions are made with. */
export interface Subscribing {
  /** Where Pipedrive reaches this server. */
  publicUrl: string;
  webhookUser: string;
  webhookPassword: string;
}

/** What we sync, and users: who may get into the account is assessed anew when that changes. */
const OBJECTS = [...CRM_OBJECTS, "user"] as const;

/**
 * A new subscription per object: only what we look at is sent, and each can be watched on its own. A token that may not
 * be told of users' changes can sync all the same.
 *
 * @returns what could not be subscribed to, for people
 */
export async function subscribe(app: App, connection: Connection, wish: Subscribing): Promise<string[]> {
  const pipedrive = await app.clients.pipedrive(connection);
  const ids: number[] = [];
  const notes: string[] = [];
  for (const object of OBJECTS) {
    const webhook = {
      name: `partnersync ${connection.tenantId} ${object}`,
      subscription_url: `${wish.publicUrl}${pathOf(connection)}`,
      event_action: "*" as const,
      event_object: object,
      http_auth_user: wish.webhookUser,
      http_auth_password: wish.webhookPassword,
    };
    const { baseUrl } = connection;
    const hint = `see that Pipedrive can reach ${wish.publicUrl}, and that the token's user may have webhooks`;
    const doing = { what: `subscribing to the ${object} changes of`, baseUrl, hint };
    try {
      const { id } = await during(doing, pipedrive.createWebhook(webhook, SETUP));
      // Kept one by one: what exists over there is known here, whenever this stops.
      ids.push(id);
      await app.connections.saveWebhookIds(connection.id, ids);
    } catch (error) {
      if (object !== "user" || !isRefused(error)) throw error;
      notes.push("the token's user may not be told of users' changes: access is assessed by the schedule only");
    }
  }
  return notes;
}

/** The call was understood and not allowed; another time it would be no different. */
function isRefused(error: unknown): boolean {
  return error instanceof InputError || (error instanceof ConnectionError && error.problem === "FORBIDDEN");
}

/**
 * Ends all that Pipedrive sends to these connections of one company, and forgets it. What is gone already is done.
 *
 * @param pipedrive a client of that company whose token is good
 */
export async function unsubscribe(app: App, pipedrive: Pipedrive, connections: Connection[]): Promise<void> {
  if (connections.length === 0) return;
  // Also one that was made just before its maker died, or whose answer was lost: nobody wrote its id down.
  const there = await pipedrive.listWebhooks(SETUP);
  for (const one of connections) {
    const found = there.filter(({ subscription_url }) => subscription_url.endsWith(pathOf(one))).map(({ id }) => id);
    for (const id of new Set([...one.webhookIds, ...found])) await deleteUnlessGone(pipedrive, id);
    await app.connections.saveWebhookIds(one.id, []);
  }
}

/**
 * Ends what Pipedrive still sends to the retired connections of this tenant, however they ended: with the new token,
 * because theirs may be dead. One that is being made at this moment is somebody else's.
 *
 * @returns what is left over there, for people
 */
export async function unsubscribeRetired(app: App, connection: Connection): Promise<string[]> {
  const retired = (await app.connections.list(connection.tenantId)).filter(
    ({ side, state, id }) => side === "pipedrive" && state === "retired" && id !== connection.id,
  );
  const left = retired.filter((one) => !isSameCompany(one, connection) && one.webhookIds.length > 0).map(leftBehind);
  try {
    const ofThisCompany = retired.filter((one) => isSameCompany(one, connection));
    await unsubscribe(app, await app.clients.pipedrive(connection), ofThisCompany);
  } catch (err) {
    app.log.warn({ err, connection: connection.id }, "could not remove all subscriptions of earlier connections");
    const why = err instanceof Error ? err.message : String(err);
    left.push(`subscriptions of an earlier connection could not be deleted: ${why}. Connecting again tries once more.`);
  }
  return left;
}

/** Ids of a twin's companies are made up: they say nothing about real ones. */
function isSameCompany(one: Connection, other: Connection): boolean {
  const sameWorld = (one.environment === "rehearsal") === (other.environment === "rehearsal");
  return sameWorld && one.companyId !== null && one.companyId === other.companyId;
}

function leftBehind({ id, webhookIds, companyDomain }: Connection): string {
  const which = `webhook subscriptions ${webhookIds.join(", ")} of the earlier connection ${id}`;
  return `${which} are left in another company, ${companyDomain ?? "unknown"}: delete them there, under Webhooks.`;
}

async function deleteUnlessGone(pipedrive: Pipedrive, id: number): Promise<void> {
  try {
    await pipedrive.deleteWebhook(id, SETUP);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

function pathOf({ id }: Connection): string {
  return `/webhooks/pipedrive/${id}`;
}
