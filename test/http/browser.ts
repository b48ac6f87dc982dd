import { randomInt } from "node:crypto";

export interface Browser {
  /** `name=value` of what the server set last; empty before, and after it was cleared. */
  cookie: string;
  /** Attributes of the cookie as they were set. */
  flags: string[];
  /** From where it asks; servers that believe a proxy go by it. */
  address: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** As a form of the page itself, unless `headers` say otherwise. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  signIn(name: string, password: string, fields?: Record<string, string>): Promise<Response>;
  /** Whom the server takes it for; null: for nobody. */
  who(cookie?: string): Promise<string | null>;
}

/** A browser that keeps one cookie and follows no redirect. */
export function openBrowser(base: string): Browser {
  const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  async function send(path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> {
    const all = { "x-forwarded-for": address, ...(browser.cookie && { cookie: browser.cookie }), ...headers };
    const answer = await fetch(base + path, { ...init, headers: all, redirect: "manual" });
    for (const set of answer.headers.getSetCookie()) {
      const [cookie = "", ...flags] = set.split("; ");
      Object.assign(browser, { cookie: cookie.endsWith("=") ? "" : cookie, flags });
    }
    return answer;
  }
  const browser: Browser = {
    cookie: "",
    flags: [],
    address,
    get: (path, headers = {}) => send(path, {}, headers),
    post: (path, fields = {}, headers = { "sec-fetch-site": "same-origin" }) =>
      send(path, { method: "POST", body: new URLSearchParams(fields) }, headers),
    signIn: (name, password, fields = {}) => browser.post("/sign-in", { name, password, ...fields }),
    async who(cookie = browser.cookie) {
      const answer = await send("/api/me", {}, { cookie });
      return answer.status === 200 ? ((await answer.json()) as { name: string }).name : null;
    },
  };
  return browser;
}
