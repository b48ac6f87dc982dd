import { randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import createClient, { type Client } from "openapi-fetch";
import { InputError } from "../errors.ts";
import { ApiError, type Refusal } from "./api-error.ts";
import type { paths } from "./api-types.ts";

/** The admin API, typed by its own document: `api.GET("/api/tenants", { params: … })`. */
export type Api = Client<paths>;

/** Sends a request: over the network, or into a server in this very process. */
export type Send = (request: Request) => Promise<Response>;

const TRIES = 3;
const PAUSE_MS = 500;

/** @param baseUrl where the server is reached; of one in this process any */
export function createApi(baseUrl: string, send: Send): Api {
  return createClient<paths>({ baseUrl, fetch: send });
}

/**
 * Over the network, with an operator's token. What gets no answer may have been done: it is sent again under the same
 * Idempotency-Key, so that it is done once.
 *
 * @throws InputError NO_SERVER
 */
export function overNetwork(token: string): Send {
  return async (request) => {
    request.headers.set("authorization", `Bearer ${token}`);
    if (request.method !== "GET") request.headers.set("idempotency-key", randomUUID());
    for (let left = TRIES - 1; ; left--) {
      try {
        return await fetch(request.clone());
      } catch (cause) {
        if (left === 0) throw noServer(request.url, cause);
        await after(PAUSE_MS);
      }
    }
  };
}

/** Both outcomes of a call, as openapi-fetch tells them. */
interface Called<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer of a call. @throws ApiError for a refusal; InputError NOT_PARTNERSYNC for what no server of ours says */
export async function answerOf<T>(call: Promise<Called<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause) => {
    throw cause instanceof SyntaxError ? notOurs("") : cause;
  });
  if (data !== undefined && response.headers.get("content-type")?.startsWith("application/json")) return data;
  throw refusalOf(error, response);
}

function refusalOf(error: unknown, { status }: Response): InputError {
  const refusal = (error as { error?: Refusal } | undefined)?.error;
  return refusal?.code === undefined ? notOurs(` (HTTP ${status})`) : new ApiError(status, refusal);
}

/** The bytes of an answer that is a file. @throws ApiError for a refusal; InputError NOT_PARTNERSYNC */
export async function fileOf(call: Promise<Called<ArrayBuffer>>, type: string): Promise<Uint8Array> {
  const { data, error, response } = await call;
  if (data !== undefined && response.headers.get("content-type")?.startsWith(type)) return new Uint8Array(data);
  throw refusalOf(error, response);
}

/** Every row of a list, page by page. */
export async function* everyRow<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T> {
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await page(cursor);
    yield* items;
    if (next === null) return;
    cursor = next;
  }
}

function noServer(url: string, cause: unknown): InputError {
  const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
  const hint = "see that PARTNERSYNC_URL is the server's address and that it runs";
  return new InputError(
    "NO_SERVER",
    `${new URL(url).origin} does not answer: ${code ?? message}`,
    "PARTNERSYNC_URL",
    hint,
  );
}

function notOurs(detail: string): InputError {
  const hint = "see that PARTNERSYNC_URL is the address of a partnersync server, without a path of its own";
  return new InputError("NOT_PARTNERSYNC", `what answers is no partnersync server${detail}`, "PARTNERSYNC_URL", hint);
}
