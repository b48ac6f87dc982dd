/// <reference lib="dom" />
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { inBrowser, openBrowser } from "../support/browser.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/* The scope calculator in a real browser, signed in as nobody. */

inBrowser("the scope calculator", () => {
  let server: TestServer;
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    ({ url } = await server.open());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    page = await context.newPage();
    problems.length = 0;
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (answer) => answer.ok() || problems.push(`${answer.status()} ${answer.url()}`));
  });

  const open = (query = "") => page.goto(`${url}/connect/scopes${query}`);
  /** Waits for what the server answered to be shown. */
  const shows = (selector: string, text: string | RegExp) => page.locator(selector, { hasText: text }).waitFor();
  const scopesAre = (text: string) => shows("#scopes", new RegExp(`^${text}$`));
  const copied = () => page.evaluate(() => navigator.clipboard.readText());

  test("follows what is chosen, and its address brings that back", async () => {
    await open();
    await shows("#count", "0 of 121 actions chosen");
    await page.getByLabel("Add Pipeline").check();
    await page.getByLabel("List Deals", { exact: false }).first().check();
    await scopesAre("deals:read admin");
    expect(await page.textContent("#enables")).toContain("adminAdd Pipeline");
    expect(await page.textContent("#steps")).toContain("tick deals:read, admin.");
    await page.selectOption("#separator", "comma");
    await scopesAre("deals:read,admin");
    await page.click("#copy");
    await page.getByText("scopes copied").waitFor();
    expect(await copied()).toBe("deals:read,admin");

    await page.click("#copy-address");
    await page.getByText("address copied").waitFor();
    await page.goto(await copied());
    await scopesAre("deals:read,admin");
    expect(await page.getByLabel("Add Pipeline").isChecked()).toBe(true);
    expect(problems).toEqual([]);
  });

  test("all actions: the guide's 17, the printed 19 of which two are good for nothing, the ten needed", async () => {
    await open();
    await shows("#count", "0 of 121");
    await page.click("#all");
    await scopesAre(
      "deals:full contacts:full activities:full leads:full products:full projects:full goals:full users:read admin search:read",
    );
    await page.getByLabel("those the setup guide gives").check();
    await shows("#scopes", /^(?:\S+ ){16}\S+$/);
    await page.getByLabel("all that the setup guide prints").check();
    await page.getByText("recents:read enables none of the 121 actions.").waitFor();
    await page.getByText("phone-integration enables none of the 121 actions.").waitFor();
    expect(new URL(page.url()).search).toBe("?actions=all&choose=printed");
    await page.click("#none");
    await page.getByText("0 of 121 actions chosen").waitFor();
  });

  test("says what the guide's scopes are too small for", async () => {
    await open("?actions=pipedrive_add_deal_field&choose=guide");
    await page.getByText("Too small for Add Deal Field: Pipedrive asks for admin or deal-fields:full.").waitFor();
  });

  test("a search narrows the list, and what Select all selects", async () => {
    await open();
    await shows("#count", "0 of 121");
    await page.fill("#search", "webhook");
    expect(await page.locator("#actions li:visible").count()).toBe(3);
    await page.click("#all");
    await scopesAre("admin");
    await page.fill("#search", "no such thing");
    await page.getByText("No action fits this search.").waitFor();
  });

  test("shows the callback URL of this server, and takes no sign-in", async () => {
    await open();
    expect(await page.textContent("#callback")).toBe(`${url}/connect/oauth2/pipedrive/callback`);
    expect(await context.cookies()).toEqual([]);
  });

  test("a question that makes no sense is refused, in words", async () => {
    const status = async (query: string) => (await fetch(`${url}/connect/scopes/advice.json?${query}`)).status;
    for (const query of ["", "actions=all", "actions=all&choose=most"]) expect(await status(query)).toBe(400);
    expect(await status("actions=add_dael&choose=guide")).toBe(404);
  });
});
