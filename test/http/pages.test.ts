import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { inBrowser, openBrowser } from "../support/browser.ts";
import { type System, startSystem } from "../support/system.ts";

/* Pages as people see them, in a real browser. */

const PASSWORD = "seven quiet lamps";

inBrowser("signing in with a browser", () => {
  let system: System;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    system = await startSystem({ tenants: ["harbourline"] });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.close();
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    page = await context.newPage();
    problems.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
  });

  const at = (path: string) => page.goto(system.serverUrl + path);
  const path = () => new URL(page.url()).pathname;

  async function addPerson(name: string, role: "viewer" | "operator") {
    await system.app.operators.add({ name, role });
    return (await system.app.operators.issueOnce(name)).code;
  }

  async function signIn(name: string) {
    await page.fill("#name", name);
    await page.fill("#password", PASSWORD);
    await page.click("button");
  }

  test("a link lets somebody choose a password, says what is wrong with a weak one, and works once", async () => {
    const code = await addPerson("vera", "viewer");
    await at(`/sign-in/once?code=${code}`);
    await page.fill("#password", "vera has a lamp");
    await page.click("button");
    expect(await page.textContent(".problem")).toContain("it contains the name it belongs to");
    await page.fill("#password", PASSWORD);
    await page.click("button");
    await page.waitForURL(`${system.serverUrl}/`);
    expect(await page.textContent("body")).toContain("Signed in as vera, viewer, for all tenants.");
    await at(`/sign-in/once?code=${code}`);
    expect(await page.textContent("h1")).toBe("This link is used up");
  });

  test("whoever asks for the queues signs in first, is brought there, and sees no buttons as a viewer", async () => {
    await at("/queues");
    expect(path()).toBe("/sign-in");
    await signIn("nobody");
    expect(await page.textContent(".problem")).toContain("Name or password is wrong.");
    await signIn("vera");
    await page.waitForURL(`${system.serverUrl}/queues`);
    await page.getByText("inbound-pipedrive-changes").first().waitFor();
    await page.getByText("inbound-pipedrive-changes").first().click();
    await page.getByText("Latest", { exact: false }).first().waitFor();
    expect(await page.getByRole("button", { name: /clean|retry all/i }).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test("the admin API's page shows its operations", async () => {
    await at("/sign-in?next=/api/docs");
    await signIn("vera");
    await page.getByText("/api/tenants/{tenant}/pause").waitFor();
    expect(await page.textContent("body")).toContain("partnersync admin API");
    expect(problems).toEqual([]);
  });

  test("signing out ends the session, also for who kept the cookie", async () => {
    await at("/sign-in");
    await signIn("vera");
    await page.waitForURL(`${system.serverUrl}/`);
    const kept = await context.cookies();
    await page.click("text=Sign out");
    await page.waitForURL("**/sign-in");
    await context.addCookies(kept);
    await at("/");
    expect(path()).toBe("/sign-in");
  });

  test("another site cannot act with the cookie", async () => {
    await at("/sign-in");
    await signIn("vera");
    await page.waitForURL(`${system.serverUrl}/`);
    const elsewhere = `<form method="post" action="${system.serverUrl}/sign-out"><button>free gift</button></form>`;
    await page.route("http://elsewhere.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: elsewhere }),
    );
    await page.goto("http://elsewhere.example/");
    await page.click("button");
    await page.waitForLoadState();
    await at("/");
    expect(await page.textContent("body")).toContain("Signed in as vera");
  });
});
