import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { twinClock } from "../../src/twin/clock.ts";
import { startTwin, type Twin, type TwinOptions } from "../../src/twin/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are what is under test, so nothing vouches for their shape
export type Json = Record<string, any>;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

export interface Account {
  api_token: string;
  company_id: number;
  users: { id: number; email: string; api_token: string; access_token: string }[];
  fields: Record<string, Record<string, { key: string; type: string; options: Record<string, number> | null }>>;
  pipelines: { id: number; name: string; stages: { id: number; name: string }[] }[];
}

/** A company with one field of every type that matters, two pipelines and two people. */
export const ACME = {
  domain: "acme",
  users: [
    { name: "Olga Ops", email: "olga@acme.example" },
    { name: "Ivan Integration", email: "ivan@acme.example", admin: true },
  ],
  fields: {
    organization: [
      { label: "Allbound ID", type: "Text" },
      { label: "Allbound Status", type: "Single option", options: ["Active", "Inactive", "Pending"] },
      { label: "Regions", type: "Multiple options", options: ["North", "South"] },
    ],
    person: [
      { label: "Allbound ID", type: "Text" },
      { label: "Direct line", type: "Phone" },
    ],
    deal: [
      { label: "Allbound ID", type: "Text" },
      { label: "Commission", type: "Monetary" },
      { label: "Partner", type: "Organization" },
      { label: "Partner manager", type: "User" },
      { label: "Protected until", type: "Date" },
      { label: "Protection", type: "Date range" },
      { label: "Site", type: "Address" },
      { label: "Score", type: "Numerical" },
    ],
  },
  pipelines: [
    { name: "Direct", stages: ["New", "Qualified"] },
    { name: "Partner", stages: ["Registered", "Accepted"] },
  ],
};

export const START = Date.UTC(2026, 2, 2, 10, 0, 0);
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A twin whose clock stands still unless advanced, with one company set up. */
export async function startRig(options: Partial<TwinOptions> = {}, setup: Json = {}) {
  const twin = await startTwin({ seed: "rig", clock: twinClock(() => START), ...options });
  const { body } = await call(twin, "POST", "/_twin/companies", { ...ACME, limits: { off: true }, ...setup });
  const account = body as Account;
  return rigOf(twin, account);
}

export type Rig = ReturnType<typeof rigOf>;

export function rigOf(twin: Twin, account: Account) {
  const key = (object: string, label: string): string => {
    const field = account.fields[object]?.[label];
    if (!field) throw new Error(`the rig has no ${object} field ${label}`);
    return field.key;
  };
  const option = (object: string, label: string, name: string): number =>
    account.fields[object]?.[label]?.options?.[name] as number;
  return {
    twin,
    account,
    key,
    option,
    /** As the API token's owner, unless another token is given. */
    api: (method: string, path: string, body?: unknown, token = account.api_token) =>
      call(twin, method, path, body, { "x-api-token": token }),
    control: (method: string, path: string, body?: unknown) => call(twin, method, `/_twin${path}`, body),
    edit: async (body: Json) => (await call(twin, "POST", "/_twin/companies/acme/edit", body)).body,
    organization: async (body: Json = {}) =>
      (
        await call(
          twin,
          "POST",
          "/api/v2/organizations",
          { name: "Northwind", ...body },
          { "x-api-token": account.api_token },
        )
      ).body.data as Json,
  };
}

export async function call(
  twin: { url: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${twin.url}${path}`, {
    method,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text };
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: Json;
}

/** A receiver of webhooks that can be told how to answer and waited for. */
export async function startReceiver(port = 0) {
  const received: Received[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  let status: number | null = 200;
  const server: Server = createServer(async (request, response) => {
    const body = JSON.parse(await readText(request)) as Json;
    const arrived = () => {
      received.push({ headers: request.headers, body });
      for (const one of waiting) if (received.length >= one.count) one.done();
    };
    if (status === null) arrived();
    else response.writeHead(status).end(arrived);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** A status; null for never. */
    answer: (next: number | null) => {
      status = next;
    },
    /** Resolves when that many arrived in all. */
    until: (count: number) =>
      new Promise<Received[]>((resolve) => {
        const done = () => resolve(received);
        if (received.length >= count) done();
        else waiting.push({ count, done });
      }),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export function subscribe(rig: Rig, url: string, extra: Json = {}): Promise<Answer> {
  return rig.api("POST", "/api/v1/webhooks", {
    name: "partnersync",
    subscription_url: url,
    event_action: "*",
    event_object: "*",
    version: "2.0",
    ...extra,
  });
}

/** Polls until `check` holds; for states that announce themselves to nobody. */
export async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await new Promise((done) => setTimeout(done, 5));
}
