import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import {
  type Connection,
  type Environment,
  INTAKE_ADDRESS,
  type IntakeSecrets,
  isIntake,
} from "../store/connection-rows.ts";
import { unknownTenant } from "../store/tenants.ts";
import { ownAddress, PUBLIC_URL_HINT } from "./address.ts";

/** The header in which a post shows its secret. */
export const INTAKE_HEADER = "x-intake-secret";

/** What a program needs in order to post. Shown once: it is sealed from then on. */
export interface IntakeConnected extends Connection {
  /** Holds half of the secret: whoever knows it and the header may post. */
  postUrl: string;
  header: string;
  secret: string;
}

export interface ConnectIntake {
  tenantId: string;
  environment: Environment;
  /** Where the program reaches this server; default: the configuration's PUBLIC_URL. */
  publicUrl?: string | undefined;
}

/**
 * Connects a partner program that can only post: makes the address and the secret that its workflows have to use.
 * Connecting again replaces the connection before it, and what that was given is refused from then on.
 *
 * @throws InputError UNKNOWN_TENANT, PUBLIC_URL_MISSING, or what `address.ts` finds wrong with our own address
 */
export async function connectIntake(app: App, wish: ConnectIntake): Promise<IntakeConnected> {
  const { tenantId, environment } = wish;
  const publicUrl = publicUrlOf(app, environment, wish.publicUrl);
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId);
  const [pair] = newPair();
  const connection = await app.connections.replace({
    tenantId,
    environment,
    baseUrl: INTAKE_ADDRESS,
    side: "program",
    secrets: { intake: [pair] },
  });
  await app.ringer.ringDue(tenantId);
  return toConnected(connection, publicUrl, pair);
}

/**
 * Gives the program a new address and secret. The pair before is taken until the next rotation, so that workflows can be
 * changed one after the other.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED, PUBLIC_URL_MISSING
 */
export async function rotateIntakeSecret(app: App, tenantId: string, at?: string): Promise<IntakeConnected> {
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId);
  const connection = await app.connections.current(tenantId, "program");
  if (!connection || !isIntake(connection)) {
    const hint = "connect it first: partnersync connect intake --tenant … --environment …";
    throw new InputError("NOT_CONNECTED", `${tenantId} has no program connected that only posts`, "--tenant", hint);
  }
  const publicUrl = publicUrlOf(app, connection.environment, at);
  const { intake } = await app.connections.intakeSecrets(connection.id);
  const [pair] = newPair();
  await app.connections.saveSecrets(connection.id, { intake: [pair, ...intake.slice(0, 1)] });
  return toConnected(connection, publicUrl, pair);
}

type Pair = IntakeSecrets["intake"][number];

function newPair(): [Pair] {
  return [{ path: randomBytes(24).toString("base64url"), secret: randomBytes(32).toString("base64url") }];
}

function toConnected(connection: Connection, publicUrl: string, { path, secret }: Pair): IntakeConnected {
  const postUrl = `${publicUrl}/intake/${connection.tenantId}/${path}`;
  return { ...connection, postUrl, header: INTAKE_HEADER, secret };
}

function publicUrlOf(app: App, environment: Environment, given = app.config.publicUrl): string {
  if (given) return ownAddress(given, environment); // posts bring people's data there
  const message = "a program that posts needs an address to post to";
  throw new InputError("PUBLIC_URL_MISSING", message, "PUBLIC_URL", PUBLIC_URL_HINT);
}
