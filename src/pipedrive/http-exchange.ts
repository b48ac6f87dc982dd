import http from "node:http";
import https from "node:https";
import axios, { type AxiosRequestConfig, type AxiosResponse } from "axios";
import { InputError, RecordError } from "../errors.ts";
import { type Call, describe } from "./call.ts";
import type { Answer } from "./translate-error.ts";
import type { OwnStop } from "./translate-transport.ts";

export interface ExchangeOptions {
  /** The company's own host, e.g. `https://acme.pipedrive.com`, without a path. */
  baseUrl: string;
  token: string;
  /** From leaving to the last byte of the answer. */
  timeoutMs: number;
  /** Replace our keep-alive agents, e.g. to go through a proxy: the environment's proxy settings are not looked at. */
  httpAgent?: http.Agent;
  httpsAgent?: https.Agent;
}

/** An answer of any status, or what kept us from getting one. */
export type Exchanged = { answer: Answer } | { error: unknown; stop: OwnStop };

/** One HTTP request and its answer: no redirects, no retries, JSON out and in, both of bounded size. */
export type Exchange = (call: Call, body: string | undefined, signal?: AbortSignal) => Promise<Exchanged>;

const LARGEST_ANSWER = 32 * 1024 * 1024; // a page of 500 deals with some hundred custom fields each is about half of it
const LARGEST_REQUEST = 1024 * 1024;

/** Ours end before those of a server that closes after the usual five seconds: a write on a dying one may be lost. */
const IDLE_CONNECTION_MS = 4_000;

/** @throws InputError when the base URL or the token cannot be used */
export function createExchange(options: ExchangeOptions): Exchange {
  const origin = checkBaseUrl(options.baseUrl);
  const agentSettings = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const client = axios.create({
    baseURL: origin,
    headers: { "x-api-token": checkToken(options.token), accept: "application/json", "user-agent": "partnersync" },
    httpAgent: options.httpAgent ?? new http.Agent(agentSettings),
    httpsAgent: options.httpsAgent ?? new https.Agent(agentSettings),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    maxBodyLength: LARGEST_REQUEST,
    responseType: "text",
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
    validateStatus: () => true,
  });
  return (call, body, signal) =>
    withDeadline(options.timeoutMs, signal, (ended) => client.request(toConfig(call, body, ended)));
}

/** The request's body as it will travel. @throws RecordError when it is too large */
export function toBody(call: Call): string | undefined {
  if (call.body === undefined) return undefined;
  const body = JSON.stringify(call.body);
  if (Buffer.byteLength(body) <= LARGEST_REQUEST) return body;
  throw new RecordError(
    "REQUEST_TOO_LARGE",
    `Pipedrive: ${describe(call)} would send more than ${LARGEST_REQUEST} bytes`,
  );
}

function toConfig(call: Call, body: string | undefined, signal: AbortSignal): AxiosRequestConfig {
  const { method, path, query } = call;
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  return { method, url: path, params: query, data: body, headers, signal };
}

/** axios's own timeout starts anew with every byte; this one is for the whole exchange. */
async function withDeadline(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  send: (ended: AbortSignal) => Promise<AxiosResponse<string>>,
): Promise<Exchanged> {
  const ending = new AbortController();
  let stop: OwnStop = null;
  const end = (why: OwnStop) => {
    stop ??= why;
    ending.abort();
  };
  const abort = () => end("aborted");
  const timer = setTimeout(end, timeoutMs, "timeout" satisfies OwnStop);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return { answer: toAnswer(await send(ending.signal)) };
  } catch (error) {
    return { error, stop };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function toAnswer({ status, headers, data }: AxiosResponse<string>): Answer {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) plain[name.toLowerCase()] = String(value);
  return { status, headers: plain, body: toJson(plain["content-type"], data) };
}

function toJson(contentType: string | undefined, text: string): unknown {
  if (contentType !== undefined && !/\bjson\b/i.test(contentType)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the translator says what an answer without JSON means
  }
}

function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const plain = url !== null && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
  if (plain && /^https?:$/.test(url.protocol)) return url.origin;
  const hint = "give the company's own address, e.g. https://acme.pipedrive.com";
  throw new InputError(
    "BASE_URL_INVALID",
    "the Pipedrive base URL is not an http(s) address without a path",
    "baseUrl",
    hint,
  );
}

function checkToken(token: string): string {
  if (/^[\x21-\x7e]{1,1024}$/.test(token)) return token;
  const hint = "copy it again from Pipedrive: personal preferences, API";
  throw new InputError(
    "TOKEN_INVALID",
    "the Pipedrive API token is empty or has characters no token has",
    "token",
    hint,
  );
}
