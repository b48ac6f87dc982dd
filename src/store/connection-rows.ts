import { z } from "zod";
import { InputError, type Side } from "../errors.ts";
import type { ConnectionModel } from "./generated/models.ts";

export const ENVIRONMENTS = ["production", "sandbox", "rehearsal"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/**
 * | state | takes deliveries in | is worked with |
 * | --- | --- | --- |
 * | connecting | yes: its subscriptions are being made, and what they bring is the tenant's | not yet |
 * | active | yes | yes |
 * | paused | yes | not until it is resumed |
 * | retired | no | no |
 */
export type ConnectionState = "connecting" | "active" | "paused" | "retired";

/** A tenant's credentials for one system, without the credentials. */
export interface Connection {
  id: string;
  tenantId: string;
  side: Side;
  environment: Environment;
  baseUrl: string;
  companyDomain: string | null;
  companyId: number | null;
  userId: number | null;
  webhookIds: number[];
  state: ConnectionState;
  pausedCause: string | null;
  /** The person who paused it, and whom it waits for; null: the sync did, and it goes on when the cause is mended. */
  pausedBy: string | null;
  pausedAt: Date | null;
  parkedUntil: Date | null;
  parkedCause: string | null;
  clockOffsetMs: number;
  createdAt: Date;
}

/** Of Pipedrive: the API token, and what its webhooks show us as HTTP Basic. */
export const pipedriveSecrets = z.object({ token: z.string(), webhookUser: z.string(), webhookPassword: z.string() });
/** Of the program: what signs both ways. The first signs what we send; all are accepted, two during a rotation. */
export const programSecrets = z.object({ secrets: z.array(z.string().min(1)).min(1) });
/** Of a program that can only post: what a post has to show. The newest first, and during a rotation the one before. */
export const intakeSecrets = z.object({
  intake: z.array(z.object({ path: z.string().min(1), secret: z.string().min(1) })).min(1),
});

export type IntakeSecrets = z.infer<typeof intakeSecrets>;
export type PipedriveSecrets = z.infer<typeof pipedriveSecrets>;
export type ProgramSecrets = z.infer<typeof programSecrets>;

export type NewConnection = {
  tenantId: string;
  environment: Environment;
  baseUrl: string;
  companyDomain?: string | null;
  companyId?: number | null;
  userId?: number | null;
  /** Left out: in use at once. */
  state?: "connecting";
} & ({ side: "pipedrive"; secrets: PipedriveSecrets } | { side: "program"; secrets: ProgramSecrets | IntakeSecrets });

/** In place of the address of a program that has none: it posts to us, and nothing is sent to it. */
export const INTAKE_ADDRESS = "intake:posts-only";

export function isIntake({ side, baseUrl }: { side: string; baseUrl: string }): boolean {
  return side === "program" && baseUrl === INTAKE_ADDRESS;
}

/** What a webhook has to show. */
export interface WebhookCredentials {
  connectionId: string;
  tenantId: string;
  user: string;
  password: string;
}

/** What an event has to be signed with: any of these. */
export interface EventCredentials {
  connectionId: string;
  tenantId: string;
  secrets: string[];
}

/** What a post has to show: path and header of the same pair. */
export interface IntakeCredentials {
  connectionId: string;
  tenantId: string;
  pairs: IntakeSecrets["intake"];
}

export const SECRETS_COLUMN = "connection.secrets";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids come from URLs and command lines: only what can be one is asked of the database. */
export function isConnectionId(text: string): boolean {
  return UUID.test(text);
}

export function toConnection(row: ConnectionModel): Connection {
  const { secrets: _, ...shown } = row;
  return {
    ...shown,
    side: row.side as Side,
    environment: row.environment as Environment,
    state: row.state as ConnectionState,
    companyId: toNumber(row.companyId),
    userId: toNumber(row.userId),
    webhookIds: row.webhookIds.map(Number),
  };
}

export function unknownConnection(connectionId: string): InputError {
  const hint = "see `partnersync connect list`";
  return new InputError("UNKNOWN_CONNECTION", `there is no connection "${connectionId}"`, "connection", hint);
}

/** Of one that waited to be used and was overtaken. */
export function overtaken(connectionId: string): InputError {
  const message = `connection ${connectionId} was replaced before it was complete: somebody else has connected meanwhile`;
  return new InputError("CONNECTION_OVERTAKEN", message, "connection", "see `partnersync connect list`");
}

function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
