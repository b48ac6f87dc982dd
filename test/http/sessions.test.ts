import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Browser, openBrowser } from "./browser.ts";
import { bearer, bodyOf, startTestServer, type TestServer } from "./test-server.ts";

const PASSWORD = "four unrelated words here";

let server: TestServer;
let base: string;
let browser: Browser;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen(({ config }) => ({ config: { ...config, trustProxy: 1 } }));
  await server.operators.add({ name: "vera", role: "admin" });
  await server.operators.add({ name: "root", role: "admin" });
  await server.operators.usePassword((await server.operators.issueOnce("vera")).code, PASSWORD);
});
afterAll(() => server.stop());

/** vera's only session, in a browser of its own. */
beforeEach(async () => {
  await server.pool.query("delete from session");
  browser = openBrowser(base);
  expect((await browser.signIn("vera", PASSWORD)).status).toBe(303);
});

/** As if all this had been done so much earlier. */
const age = (by: string, ...columns: string[]) =>
  server.pool.query(`update session set ${columns.map((one) => `${one} = ${one} - interval '${by}'`).join()}`);

describe("the cookie", () => {
  test.each([
    [undefined, "partnersync", ["Path=/", "HttpOnly", "SameSite=Lax"]],
    ["http://sync.example:3000", "partnersync", ["Path=/", "HttpOnly", "SameSite=Lax"]],
    ["https://sync.example", "__Host-partnersync", ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]],
  ])("of a server that is reached at %s", async (publicUrl, name, flags) => {
    const secure = openBrowser(await server.listen(({ config }) => ({ config: { ...config, publicUrl } })));
    await secure.signIn("vera", PASSWORD);
    expect([secure.cookie.split("=")[0], secure.flags]).toEqual([name, flags]);
    expect(await secure.who()).toBe("vera");
    await secure.post("/sign-out");
    expect(secure.flags).toEqual(expect.arrayContaining([...flags, "Expires=Thu, 01 Jan 1970 00:00:00 GMT"]));
  });

  test("is kept by its hash alone, and not logged", async () => {
    const secret = browser.cookie.slice(browser.cookie.indexOf("=") + 1 + 5);
    const { rows } = await server.pool.query("select * from session");
    expect([rows.length, JSON.stringify(rows).includes(secret)]).toEqual([1, false]);
    expect(server.lines.join()).not.toContain(secret);
  });

  test("is changed every quarter of an hour; the one before works a moment longer", async () => {
    const first = browser.cookie;
    await age("14 minutes", "rotated_at");
    await browser.who();
    expect(browser.cookie).toBe(first);
    await age("2 minutes", "rotated_at");
    expect(await browser.who()).toBe("vera");
    const second = browser.cookie;
    expect(second).not.toBe(first);
    expect(browser.flags).toContain("HttpOnly");
    expect(await browser.who(first)).toBe("vera");
    expect(browser.cookie).toBe(second);
    await age("61 seconds", "rotated_at");
    expect(await browser.who(first)).toBeNull();
    expect(await browser.who(second)).toBe("vera");
  });

  test("is changed once by requests at the same time, all of which are answered", async () => {
    await age("16 minutes", "rotated_at");
    const first = browser.cookie;
    const sent = Array.from({ length: 6 }, () => fetch(`${base}/api/me`, { headers: { cookie: first } }));
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.filter(({ headers }) => headers.getSetCookie().length > 0)).toHaveLength(1);
  });

  test.each(["", "x", "psse_", `psse_${"A".repeat(43)}`, "psse_%00", `psse_${"A".repeat(5_000)}`])(
    "is nobody's: %j",
    async (made) => expect(await browser.who(`partnersync=${made}`)).toBeNull(),
  );
});

describe("a session ends", () => {
  test.each<[string, () => Promise<unknown>, string | null]>([
    ["not within the hour", () => age("59 minutes", "last_seen_at"), "vera"],
    ["after an hour without a request", () => age("61 minutes", "last_seen_at"), null],
    ["not within half a day", () => age("719 minutes", "expires_at"), "vera"],
    ["after half a day, whatever is done", () => age("721 minutes", "expires_at"), null],
    ["when its operator is disabled", () => server.operators.disable("vera"), null],
    ["when their role changes", () => server.operators.setRole("vera", { role: "viewer", tenants: null }), null],
    ["when their tenants change", () => server.operators.setRole("vera", { role: "admin", tenants: ["a"] }), null],
    [
      "when they choose another password",
      async () => server.operators.usePassword((await server.operators.issueOnce("vera")).code, PASSWORD),
      null,
    ],
    ["not when a link is made for that", () => server.operators.issueOnce("vera"), "vera"],
    ["by signing out", () => browser.post("/sign-out"), null],
  ])("%s", async (_what, act, left) => {
    const { cookie } = browser;
    await act();
    expect(await browser.who(cookie)).toBe(left);
    await server.operators.enable("vera");
    await server.operators.setRole("vera", { role: "admin", tenants: null });
    if (left === null) expect(await browser.who(cookie)).toBeNull(); // and does not come back
  });

  test("each request puts off the hour, and not the half day", async () => {
    await age("50 minutes", "last_seen_at");
    await browser.who();
    await age("50 minutes", "last_seen_at");
    expect(await browser.who()).toBe("vera");
    const { rows } = await server.pool.query(
      "select expires_at - created_at <= interval '12 hours' as within from session",
    );
    expect(rows).toEqual([{ within: true }]);
  });

  test("by the next sign-in of that browser, and of no other", async () => {
    const first = browser.cookie;
    const other = openBrowser(base);
    await other.signIn("vera", PASSWORD);
    await browser.signIn("vera", PASSWORD);
    expect([await browser.who(first), await browser.who(), await other.who()]).toEqual([null, "vera", "vera"]);
  });

  test("for the cookie before as well", async () => {
    const first = browser.cookie;
    await age("16 minutes", "rotated_at");
    await browser.who();
    await browser.post("/sign-out");
    expect(await browser.who(first)).toBeNull();
  });
});

describe("a request that changes something, in a signed-in person's name", () => {
  const OWN = () => new URL(base).host;
  test.each<[string, () => Record<string, string>, boolean]>([
    ["of this site", () => ({ "sec-fetch-site": "same-origin" }), true],
    ["typed by the person", () => ({ "sec-fetch-site": "none" }), true],
    ["of another site", () => ({ "sec-fetch-site": "cross-site" }), false],
    ["of a neighbour", () => ({ "sec-fetch-site": "same-site" }), false],
    ["of another site that says so only there", () => ({ "sec-fetch-site": "cross-site", origin: base }), false],
    ["of this origin, by an old browser", () => ({ origin: base }), true],
    ["of another origin", () => ({ origin: "https://evil.example" }), false],
    ["of an origin that begins alike", () => ({ origin: `http://${OWN()}.evil.example` }), false],
    ["of another port", () => ({ origin: "http://127.0.0.1:1" }), false],
    ["of no origin", () => ({ origin: "null" }), false],
    ["that says nothing of where it comes from", () => ({}), false],
  ])("%s", async (_what, headers, isTaken) => {
    const { cookie } = browser;
    await age("16 minutes", "rotated_at");
    for (const path of ["/api/users", "/sign-out"]) {
      const answer = await fetch(base + path, {
        method: "POST",
        headers: { cookie, ...headers() },
        redirect: "manual",
      });
      const crossSite = answer.status === 403 && (await bodyOf(answer)).error.code === "CROSS_SITE";
      expect([path, crossSite]).toEqual([path, !isTaken]);
      if (!isTaken) expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const signIn = await browser.post("/sign-in", { name: "vera", password: PASSWORD }, headers());
    expect(signIn.status).toBe(isTaken ? 303 : 403);
    if (!isTaken) expect(await browser.who(cookie)).toBe("vera");
  });

  test("needs none of that with a token, which no browser adds by itself", async () => {
    const token = await server.tokenOf({ role: "admin" });
    const headers = { ...bearer(token), "sec-fetch-site": "cross-site" };
    const answer = await fetch(`${base}/api/users`, { method: "POST", headers });
    expect((await bodyOf(answer)).error.code).toBe("BAD_REQUEST");
  });

  test("is the token's, whoever's cookie comes with it", async () => {
    const headers = { ...bearer(await server.tokenOf({}, "tokens-owner")), cookie: browser.cookie };
    expect(await (await fetch(`${base}/api/me`, { headers })).json()).toMatchObject({ name: "tokens-owner" });
    const guess = { ...headers, ...bearer("psop_guess") };
    expect((await fetch(`${base}/api/me`, { headers: guess })).status).toBe(401);
  });
});
