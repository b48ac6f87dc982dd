import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Browser, openBrowser } from "./browser.ts";
import { bodyOf, startTestServer, type TestServer } from "./test-server.ts";

const PASSWORD = "four unrelated words here";

let server: TestServer;
let base: string;
let browser: Browser;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen(({ config }) => ({ config: { ...config, trustProxy: 1 } }));
  await server.operators.add({ name: "vera", role: "viewer" });
  await server.operators.usePassword((await server.operators.issueOnce("vera")).code, PASSWORD);
});
afterAll(() => server.stop());

/** Another browser, at another address. */
const open = () => {
  browser = openBrowser(base);
  return browser;
};

describe("a password", () => {
  test("signs in", async () => {
    const answer = await open().signIn("vera", PASSWORD);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect(await browser.who()).toBe("vera");
    const page = await browser.get("/", { accept: "text/html" });
    for (const shown of [page, await browser.get("/api/me"), await browser.get("/api/nothing")])
      expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(await page.text()).toContain("Signed in as <strong>vera</strong>, viewer, for all tenants");
  });

  test.each<[string, Record<string, string>, number, string]>([
    ["that is wrong", { name: "vera", password: "not this one at all" }, 401, "Name or password is wrong."],
    ["of nobody", { name: "nobody", password: PASSWORD }, 401, "Name or password is wrong."],
    ["of a name in other letters", { name: "VERA", password: PASSWORD }, 401, "Name or password is wrong."],
    ["that is empty", { name: "vera", password: "" }, 400, "Type your name and your password."],
    ["without a name", { password: PASSWORD }, 400, "Type your name and your password."],
    ["as long as a novel", { name: "vera", password: "x".repeat(1_001) }, 400, "Type your name"],
    ["of a name no database can hold", { name: "ve\0ra", password: PASSWORD }, 400, "Type your name"],
  ])("%s does not", async (_what, fields, status, said) => {
    const answer = await open().post("/sign-in", fields);
    expect([answer.status, browser.cookie]).toEqual([status, ""]);
    expect(await answer.text()).toContain(said);
  });

  test("that is wrong is answered as for a name that nobody has", async () => {
    const told = async (name: string) => {
      const answer = await open().signIn(name, "not this one at all");
      return [answer.status, (await answer.text()).replaceAll(name, "NAME")];
    };
    expect(await told("vera")).toEqual(await told("nobody"));
  });

  test("of somebody disabled is answered like a wrong one", async () => {
    await server.operators.add({ name: "dora", role: "viewer" });
    await server.operators.usePassword((await server.operators.issueOnce("dora")).code, PASSWORD);
    await server.operators.disable("dora");
    expect((await open().signIn("dora", PASSWORD)).status).toBe(401);
    await server.operators.enable("dora");
    expect((await browser.signIn("dora", PASSWORD)).status).toBe(303);
  });

  test("that is wrong is on record for whose name it was, and for nobody else's", async () => {
    const tries = () => server.audit.list({ tenants: null, action: "session.begin", limit: 200 });
    const before = (await tries()).length;
    await open().signIn("dora", "wrong words altogether");
    await open().signIn("a password in the wrong field", "wrong words altogether");
    const rows = await tries();
    expect(rows).toHaveLength(before + 1);
    expect(rows[0]).toMatchObject({
      phase: "refused",
      code: "WRONG_PASSWORD",
      actor: "dora",
      address: expect.any(String),
    });
  });

  test("is neither shown again nor logged, whoever's it is", async () => {
    for (const name of ["vera", "<script>\"&'"]) {
      const html = await (await open().signIn(name, "planted-secret-5173")).text();
      expect(html).not.toContain("planted-secret-5173");
      expect(html).not.toContain("<script>");
    }
    expect(server.lines.join()).not.toContain("planted-secret-5173");
    expect(server.lines.join()).not.toContain(PASSWORD);
  });
});

describe("guessing", () => {
  const wait = (html: string) => Number(/looked at in (\d+) s/.exec(html)?.[1] ?? 0);
  const wrong = async () => wait(await (await browser.signIn("vera", "not this one at all")).text());
  const fastForward = () => server.pool.query("update sign_in_failure set free_at = now()");

  test("is free at first, then waits twice as long each time", async () => {
    open();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      waits.push(await wrong());
      await fastForward();
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8]);
  });

  test("waits for all of a network that one line to the internet has (IPv6), and for no other", async () => {
    const from = async (address: string) => {
      const headers = { "sec-fetch-site": "same-origin", "x-forwarded-for": address };
      return (await open().post("/sign-in", { name: "vera", password: "not this one at all" }, headers)).text();
    };
    for (let host = 1; host <= 6; host++) {
      await from(`2001:db8:1:2::${host}`);
      if (host < 6) await fastForward();
    }
    expect(await from("2001:db8:1:2::7")).toContain("Too many wrong passwords.");
    expect(await from("2001:db8:1:3::1")).toContain("Name or password is wrong.");
  });

  test("looks at nothing meanwhile, also not at the right one; elsewhere and for others it does", async () => {
    open();
    for (let i = 0; i < 6; i++) {
      await wrong();
      if (i < 5) await fastForward();
    }
    const answer = await browser.signIn("vera", PASSWORD);
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining("Too many wrong passwords.")]);
    const waiting = browser;
    expect((await open().signIn("vera", PASSWORD)).status).toBe(303);
    expect(await (await waiting.signIn("otto", PASSWORD)).text()).not.toContain("Too many");
  });

  test("is forgotten by signing in, and after a day", async () => {
    for (const forget of [
      () => browser.signIn("vera", PASSWORD),
      () => server.pool.query("update sign_in_failure set last_at = last_at - interval '25 hours'"),
    ]) {
      open();
      for (let i = 0; i < 6; i++) {
        await wrong();
        await fastForward();
      }
      await forget();
      expect(await wrong()).toBe(0);
    }
  });

  test("keeps no name, which may be a password in the wrong field", async () => {
    await open().signIn("planted-secret-5174", "not this one at all");
    const { rows } = await server.pool.query("select * from sign_in_failure");
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/planted|vera/);
  });

  test("is limited by address, whatever the names", async () => {
    open();
    const answers = await Promise.all(Array.from({ length: 21 }, (_, i) => browser.signIn(`guess ${i}`, "x")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await bodyOf(refused[0] as Response)).error.code).toBe("TOO_MANY_REQUESTS");
  });
});

describe("a one-time link", () => {
  const linkOf = async (name: string) => (await server.operators.issueOnce(name)).code;
  const choose = (code: string, password: string) => browser.post("/sign-in/once", { code, password });

  test("sets a password once, and signs in with it", async () => {
    await server.operators.add({ name: "nina", role: "operator" });
    const code = await linkOf("nina");
    const page = await open().get(`/sign-in/once?code=${code}`);
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await page.text()).toContain("For <strong>nina</strong>");
    expect((await choose(code, PASSWORD)).status).toBe(303);
    expect(await browser.who()).toBe("nina");
    expect((await open().signIn("nina", PASSWORD)).status).toBe(303);
    expect((await open().get(`/sign-in/once?code=${code}`)).status).toBe(410);
    expect((await choose(code, "another password entirely")).status).toBe(410);
    expect((await browser.signIn("nina", PASSWORD)).status).toBe(303);
  });

  test.each([
    ["short", "ab1!xyz", "fewer than 12"],
    ["long", "long password ".repeat(20), "more than 200"],
    ["of few characters", "aaabbbaaabbb", "repeats the same few"],
    ["its own name", "I am called weakly 1", "contains the name"],
  ])("stays in force when the password is too weak: %s", async (what, weak, said) => {
    const name = what === "its own name" ? "weakly" : `weak ${what}`;
    await server.operators.add({ name, role: "viewer" });
    const code = await linkOf(name);
    const answer = await open().post("/sign-in/once", { code, password: weak });
    const html = await answer.text();
    expect([answer.status, html]).toEqual([400, expect.stringContaining(said)]);
    expect(html).not.toContain(`value="${weak}"`);
    expect((await choose(code, PASSWORD)).status).toBe(303);
  });

  test("is used by one of two at once", async () => {
    await server.operators.add({ name: "race", role: "viewer" });
    const code = await linkOf("race");
    const both = await Promise.all(["first password of two", "second password of two"].map((one) => choose(code, one)));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  test.each<[string, (code: string) => Promise<unknown>]>([
    ["after a day", () => server.pool.query("update operator set once_until = now() - interval '1 second'")],
    ["when a newer one is made", () => linkOf("gone")],
    ["when its owner is disabled", () => server.operators.disable("gone")],
  ])("ends %s", async (what, end) => {
    if (what === "after a day") await server.operators.add({ name: "gone", role: "viewer" });
    const code = await linkOf("gone");
    await end(code);
    expect((await open().get(`/sign-in/once?code=${code}`)).status).toBe(410);
    expect((await choose(code, PASSWORD)).status).toBe(410);
  });

  test.each(["", "psonce_", `psonce_${"A".repeat(43)}`, "\0", "%00", "x".repeat(5_000)])(
    "is none: %j",
    async (code) => {
      expect((await open().get(`/sign-in/once?code=${encodeURIComponent(code)}`)).status).toBe(410);
      expect((await choose(code, PASSWORD)).status).toBe(410);
    },
  );

  test("is kept by its hash alone", async () => {
    const code = await linkOf("vera");
    const { rows } = await server.pool.query("select * from operator");
    expect(JSON.stringify(rows)).not.toContain(code.slice(7));
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    await open().get(`/sign-in/once?code=${code}`);
    expect(server.lines.join()).not.toContain(code.slice(7));
  });
});

describe("where to go after signing in", () => {
  test.each([
    ["/queues/?activeQueue=a&page=2", "/queues/?activeQueue=a&page=2"],
    ["/api/docs", "/api/docs"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["\\\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["/%09//evil.example/", "/%09//evil.example/"],
    [" /x", "/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["evil", "/"],
    ["/a\r\nset-cookie: a=b", "/"],
    ["", "/"],
  ])("%j leads to %s, on this server", async (next, to) => {
    const form = await (await open().get(`/sign-in?next=${encodeURIComponent(next)}`)).text();
    expect(form).toContain(`name="next" value="${to.replaceAll("&", "&#38;")}"`);
    const answer = await browser.signIn("vera", PASSWORD, { next });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, to]);
    expect(new URL(to, base).origin).toBe(base);
  });
});

test("a flood of sign-ins hashes two passwords at once, lets fifty wait and sends the others away", async () => {
  let [atWork, most] = [0, 0];
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const at = await server.listen(({ config, operators }) => ({
    config: { ...config, trustProxy: 1 },
    operators: {
      ...operators,
      async verifyPassword() {
        atWork += 1;
        most = Math.max(most, atWork);
        await gate;
        atWork -= 1;
        return null;
      },
    },
  }));
  const sent = Array.from({ length: 53 }, () => openBrowser(at).signIn("vera", PASSWORD));
  const away = await Promise.race(sent);
  expect([away.status, (await bodyOf(away)).error.code]).toEqual([503, "BUSY"]);
  expect((await fetch(`${at}/readyz`)).status).toBe(200);
  open();
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([...Array(52).fill(401), 503]);
  expect(most).toBe(2);
});
