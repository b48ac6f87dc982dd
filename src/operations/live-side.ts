import type { App } from "../app.ts";
import { readAccount } from "../pipedrive/account.ts";
import type { LiveSide } from "../sync/mapping/resolve.ts";
import { connectedPipedrive } from "./connected-pipedrive.ts";

export type Side = Awaited<ReturnType<typeof liveSideOf>>;

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
