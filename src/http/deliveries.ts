import type { FastifyInstance } from "fastify";
import { InputError } from "../errors.ts";
import type { HttpDeps } from "./deps.ts";

/** A full webhook of a company with hundreds of custom fields stays below a tenth of this. */
export const MOST_BODY_BYTES = 1_048_576;

/** Bodies arrive as the bytes that were sent, whatever they are called: signatures are over bytes. */
export function takeRawBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** The bytes of a request, also of one without a body. */
export function rawBody(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

export interface Sender {
  tenantId: string;
  connectionId: string;
  /** As it is said to people, e.g. "webhook of Pipedrive". */
  what: string;
  /** Of the finding for what cannot be read. */
  code: string;
}

/**
 * Reads what an authenticated sender posted.
 *
 * What cannot be read is refused, and its sender will give it up in the end: a finding says so, one per connection.
 *
 * @throws InputError
 */
export async function readDelivery<T>(
  { findings }: Pick<HttpDeps, "findings">,
  sender: Sender,
  body: Buffer,
  read: (json: unknown) => T,
): Promise<T> {
  return readDeliveryWith({ findings }, sender, () => read(parseJson(body, sender.what)));
}

/** The same for what need not be JSON. @throws InputError */
export async function readDeliveryWith<T>(
  { findings }: Pick<HttpDeps, "findings">,
  sender: Sender,
  read: () => T,
): Promise<T> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { tenantId, connectionId, what, code } = sender;
    const toDo = error.hint ? `; ${error.hint}` : "";
    const message = `${tenantId}: a ${what} was refused, and what it told is lost: ${error.message}${toDo}`;
    await findings.raise({ tenantId, code, severity: "error", subject: `connection ${connectionId}`, message });
    throw error;
  }
}

function parseJson(body: Buffer, what: string): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    const hint = "see who else posts to this address, or what on the way changes the body; then have it sent again";
    throw new InputError("BODY_NOT_JSON", `the body of a ${what} has to be JSON`, "body", hint); // its text stays out
  }
}
