import { afterAll, afterEach, beforeAll } from "@jest/globals";
import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import { BASE_URL } from "./client-under-test.ts";

/** A request as the account saw it. */
export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Headers;
  body: unknown;
}

export interface ScriptedAnswer {
  status?: number;
  body?: JsonBodyType;
  /** An HTML page instead of JSON. */
  page?: string;
  headers?: Record<string, string>;
}

/** Puts msw in the place of Pipedrive for all tests of a file. */
export function useScriptedPipedrive() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());

  /** Answers requests with these, one after the other (the last one again and again), and keeps what was asked. */
  return function answering(...answers: ScriptedAnswer[]): Seen[] {
    const seen: Seen[] = [];
    server.use(
      http.all(`${BASE_URL}/*`, async ({ request }) => {
        seen.push(await toSeen(request));
        return toResponse(answers[Math.min(seen.length, answers.length) - 1]!);
      }),
    );
    return seen;
  };
}

/** The envelope of a success. */
export function success(data: JsonBodyType, additional_data: JsonBodyType = null): ScriptedAnswer {
  return { body: { success: true, data, additional_data } };
}

async function toSeen(request: Request): Promise<Seen> {
  const url = new URL(request.url);
  const text = await request.text();
  return {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

function toResponse({ status = 200, body, page, headers }: ScriptedAnswer): HttpResponse<JsonBodyType> {
  if (page !== undefined)
    return new HttpResponse(page, { status, headers: { ...headers, "content-type": "text/html" } });
  if (body === undefined) return new HttpResponse(null, { status, headers });
  return HttpResponse.json(body, { status, headers });
}
