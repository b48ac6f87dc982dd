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

const TOKEN = "PARTNERSYNC_TOKEN";
const TRIES = 3;
const PAUSE_MS = 500;
/** So long the server may work on what lost its connection; it answers nothing later either. */
const MOST_WAIT_MS = 120_000;

/** @param baseUrl where the server is reached; of one in this process any */
export function createApi(baseUrl: string, send: Send): Api {
  return createClient<paths>({ baseUrl, fetch: send });
}

/**
 * Over the network, with an operator's token. What gets no answer may have been done, or may be under way: it is sent again
 * under the same Idempotency-Key, so that it is done once. No redirect is followed: on the way a write would become a read,
 * and the token would be shown elsewhere.
 *
 * @throws InputError BAD_TOKEN at once, for what no header can hold: the error of one would repeat it; NO_SERVER
 */
export function overNetwork(token: string): Send {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const hint = "it is one word, psop_ and 43 characters: the first line of what `partnersync user token` prints";
    throw new InputError("BAD_TOKEN", "this is no token: it has spaces, lines or letters none has", TOKEN, hint);
  }
  return async (request) => {
    request.headers.set("authorization", `Bearer ${token}`);
    if (request.method !== "GET") request.headers.set("idempotency-key", randomUUID());
    const untilMs = Date.now() + MOST_WAIT_MS;
    for (let lost = 0; ; ) {
      try {
        const answer = await fetch(request.clone(), { redirect: "manual" });
        if (lost === 0 || Date.now() > untilMs || !(await isUnderWay(answer))) return answer;
      } catch (cause) {
        lost += 1;
        if (lost === TRIES) throw noServer(request.url, cause);
      }
      await after(PAUSE_MS);
    }
  };
}

/** The request whose answer was lost is still worked on. */
async function isUnderWay(answer: Response): Promise<boolean> {
  if (answer.status !== 409) return false;
  const told = (await answer
    .clone()
    .json()
    .catch(() => null)) as { error?: { code?: unknown } } | null;
  return told?.error?.code === "STILL_RUNNING";
}

/** Both outcomes of a call, as openapi-fetch tells them. */
interface Called<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The answer of a call.
 *
 * @throws ApiError for a refusal; InputError NOT_PARTNERSYNC, MOVED or NO_SERVER for what no server of ours says
 */
export async function answerOf<T>(call: Promise<Called<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause) => {
    throw cause instanceof SyntaxError ? notOurs(null) : cause;
  });
  if (data !== undefined && response.headers.get("content-type")?.startsWith("application/json")) return data;
  throw refusalOf(error, response);
}

function refusalOf(error: unknown, response: Response): InputError {
  const refusal = (error as { error?: Refusal } | undefined)?.error;
  if (refusal?.code === undefined) return notOurs(response);
  const hint = HINTS[refusal.code] ?? refusal.hint;
  return new ApiError(response.status, { ...refusal, hint });
}

/** The bytes of an answer that is a file. @throws what `answerOf` does */
export async function fileOf(call: Promise<Called<ArrayBuffer>>, type: string): Promise<Uint8Array> {
  const { data, error, response } = await call;
  if (data !== undefined && response.headers.get("content-type")?.startsWith(type)) return new Uint8Array(data);
  throw refusalOf(error, response);
}

/** The text of an answer that is a file, part by part as it comes. @throws what `answerOf` does */
export async function* textOf(
  call: Promise<Called<ReadableStream<Uint8Array> | null>>,
  type: string,
): AsyncGenerator<string> {
  const { data, error, response } = await call;
  if (!data || !response.headers.get("content-type")?.startsWith(type)) throw refusalOf(error, response);
  const decoder = new TextDecoder();
  for await (const part of data) yield decoder.decode(part, { stream: true });
}

/** What the server cannot know to say: it is asked by this client, and in what words. */
const HINTS: Record<string, string> = {
  SIGN_IN: "see that PARTNERSYNC_TOKEN is right; an admin issues another: partnersync user token <name>",
  // Of a route; what it does not know otherwise has a code of its own, e.g. UNKNOWN_TENANT.
  NOT_FOUND:
    "see that PARTNERSYNC_URL has no path and no name or id is empty; else that server is older than this command line: update it",
};

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

const GATEWAY_STATUSES = new Set([502, 503, 504]);

/** @param response null where not even that could be read */
function notOurs(response: Response | null): InputError {
  const [status, variable] = [response?.status ?? 0, "PARTNERSYNC_URL"];
  const location = response?.headers.get("location") ?? "";
  if (status >= 300 && status < 400) {
    const to = URL.canParse(location) ? ` to ${new URL(location).origin}` : "";
    const hint = "set PARTNERSYNC_URL to the server's own address, with https where it has that";
    return new InputError("MOVED", `what answers sends us on${to} (HTTP ${status})`, variable, hint);
  }
  if (GATEWAY_STATUSES.has(status)) {
    const message = `a proxy answers, and the server behind it does not (HTTP ${status})`;
    return new InputError("NO_SERVER", message, variable, "see that the server runs and that the proxy reaches it");
  }
  const hint = "see that PARTNERSYNC_URL is the address of a partnersync server, without a path of its own";
  const detail = response ? ` (HTTP ${status})` : "";
  return new InputError("NOT_PARTNERSYNC", `what answers is no partnersync server${detail}`, variable, hint);
}
