import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { z } from "zod";
import { ConnectionError, NoEffectError } from "../errors.ts";
import type { Aggregate, ProgramKind } from "../sync/model.ts";
import type { CallOptions, PartnerProgram, ProgramCommand, ProgramEvent } from "./adapter.ts";
import { ID_MEMBER, SNAPSHOTS } from "./aggregates.ts";
import { parseProgramEvent } from "./event.ts";
import { type Call, fromAnswer, fromFailure, lostAnswer } from "./http-errors.ts";
import { SIGNATURE_HEADER, signBody } from "./signature.ts";

export interface NeutralProgramOptions {
  /** Where the program's routes hang, e.g. `https://partners.example/program/harbourline`. */
  baseUrl: string;
  /** Newest first: the first signs. A second one only matters to those who verify. */
  secrets: readonly string[];
  /** For one call, answer included. */
  timeoutMs: number;
  /** For tests and shared connection pools; one with keep-alive is made otherwise. */
  http?: AxiosInstance;
  /** Our clock, ms since the epoch. Default `Date.now`. */
  now?: () => number;
}

/** A command holds a few fields, a snapshot a few kilobytes, a feed page up to 500 of them. */
const MAX_COMMAND_BYTES = 262_144;
const MAX_SNAPSHOT_BYTES = 1_048_576;
const MAX_FEED_BYTES = 16_777_216;
const MAX_FEED_LIMIT = 500;
const MAX_SOCKETS = 64;

const COMMAND_KIND = {
  "partner.upsert_from_crm": "partner",
  "partner.set_status": "partner",
  "registration.link_crm": "deal_registration",
  "registration.update_from_crm": "deal_registration",
  "registration.set_outcome": "deal_registration",
  "registration.reopen": "deal_registration",
  "registration.unlink_crm": "deal_registration",
  "partner.link_crm": "partner",
  "partner.unlink_crm": "partner",
  "contact.link_crm": "contact",
  "contact.unlink_crm": "contact",
} as const satisfies Record<ProgramCommand["command"], ProgramKind>;

const commandAnswer = z.object({ result: z.unknown() });
const feedPage = z.object({ events: z.array(z.unknown()).max(MAX_FEED_LIMIT), cursor: z.string().max(256).nullable() });

/**
 * A partner program that speaks the neutral HTTP form: `POST /commands` answers `{ result }` with the new snapshot or
 * 409 `{ refused }`, `GET /{kind}/{id}` a snapshot, `GET /events?after=&limit=` a page `{ events, cursor }`. Every
 * request is signed. Errors: see `PartnerProgram`; also RecordError `REFUSED_BY_PROGRAM` for a request the program
 * calls wrong (400, 413, 422).
 *
 * @throws ConnectionError when the address is not an http(s) URL or there is no secret
 */
export function createNeutralProgram(options: NeutralProgramOptions): PartnerProgram {
  const send = createSender(options);
  return {
    async apply(command, callOptions) {
      const call: Call = { method: "POST", path: "/commands" };
      const body = await send(call, { ...callOptions, body: JSON.stringify(command), maxBytes: MAX_SNAPSHOT_BYTES });
      const answer = commandAnswer.safeParse(body);
      return toAggregate(call, COMMAND_KIND[command.command], answer.data?.result);
    },
    async get(kind, id, callOptions) {
      const call: Call = { method: "GET", path: `/${kind}/${encodeURIComponent(id)}` };
      const aggregate = toAggregate(call, kind, await send(call, { ...callOptions, maxBytes: MAX_SNAPSHOT_BYTES }));
      if (aggregate.id !== id) throw lostAnswer(call, `partner program answered ${kind} ${id} with another record`);
      return aggregate;
    },
    async fetchChanges(cursor, limit = MAX_FEED_LIMIT, callOptions) {
      const query = new URLSearchParams({ limit: String(Math.min(Math.max(limit, 1), MAX_FEED_LIMIT)) });
      if (cursor !== null) query.set("after", cursor);
      const call: Call = { method: "GET", path: `/events?${query}` };
      return toPage(call, await send(call, { ...callOptions, maxBytes: MAX_FEED_BYTES }), cursor);
    },
  };
}

interface Sending extends CallOptions {
  body?: string;
  maxBytes: number;
}

/** One signed request, answered with the parsed body of a 200 or thrown as one of our errors. */
function createSender(options: NeutralProgramOptions): (call: Call, sending: Sending) => Promise<unknown> {
  const base = parseBase(options.baseUrl);
  const [secret] = options.secrets;
  if (!secret) throw new ConnectionError("program", "UNAUTHORIZED", "partner program: no signing secret is set");
  const http = options.http ?? createHttp();
  const now = options.now ?? Date.now;

  return async (call, { body, maxBytes, signal }) => {
    if (signal?.aborted) throw new NoEffectError(`partner program: ${call.method} ${call.path} was not sent`);
    const url = new URL(base + call.path);
    let answer: AxiosResponse<string>;
    try {
      answer = await http.request<string>({
        method: call.method,
        url: url.href,
        data: body,
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          [SIGNATURE_HEADER]: signBody(secret, body ?? url.pathname + url.search, now()),
        },
        timeout: options.timeoutMs,
        // Also bounds the connecting phase, which axios' own timeout may not.
        signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs), ...(signal ? [signal] : [])]),
        maxRedirects: 0,
        maxBodyLength: MAX_COMMAND_BYTES,
        maxContentLength: maxBytes,
        responseType: "text",
        // The signature covers these very bytes, and what is not JSON is ours to judge.
        transformRequest: [(data: unknown) => data],
        transformResponse: [(data: unknown) => data],
        validateStatus: () => true,
      });
    } catch (error) {
      throw fromFailure(call, error);
    }
    const parsed = parseJson(answer.data);
    if (answer.status === 200) {
      if (parsed === undefined) throw lostAnswer(call, `partner program: answer to ${call.path} is not JSON`);
      return parsed;
    }
    const retryAfter: unknown = answer.headers["retry-after"];
    throw fromAnswer(
      call,
      { status: answer.status, retryAfter: typeof retryAfter === "string" ? retryAfter : undefined, body: parsed },
      now(),
    );
  };
}

function createHttp(): AxiosInstance {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  // No proxy from the environment: requests carry a customer's data to the configured address only.
  return axios.create({ httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(agent), proxy: false });
}

function parseBase(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new ConnectionError("program", "UNREACHABLE", "partner program: its address is not a plain http(s) URL");
  }
  return url.href.replace(/\/+$/, "");
}

function toAggregate(call: Call, kind: ProgramKind, json: unknown): Aggregate {
  const snapshot = SNAPSHOTS[kind].safeParse(json);
  if (!snapshot.success) {
    const where = snapshot.error.issues[0]?.path.join(".") ?? "";
    throw lostAnswer(call, `partner program: answer to ${call.method} ${call.path} is no ${kind} (${where})`);
  }
  const data: Record<string, unknown> = snapshot.data;
  return { kind, id: String(data[ID_MEMBER[kind]]), version: snapshot.data.version, data };
}

/** Events about things we do not keep in step are left out; the cursor passes over them. */
function toPage(call: Call, json: unknown, cursor: string | null): { events: ProgramEvent[]; cursor: string | null } {
  const page = feedPage.safeParse(json);
  if (!page.success) throw lostAnswer(call, "partner program: the answer is no page of events");
  try {
    const events = page.data.events.map(parseProgramEvent).filter((event) => event !== null);
    return { events, cursor: page.data.cursor ?? cursor };
  } catch (error) {
    throw lostAnswer(call, "partner program: an event of the feed cannot be read", { cause: error });
  }
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined; // undefined is no JSON value, so it can stand for "not JSON"
  }
}
