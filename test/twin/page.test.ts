import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { inBrowser, openBrowser } from "../support/browser.ts";
import { type System, startSystem } from "../support/system.ts";

/* The twin's page in a real browser, with the whole product between its two sides. */

inBrowser("both sides of a rehearsal", () => {
  let system: System;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    system = await startSystem({ tenants: ["harbourline"] });
    browser = await openBrowser();
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (said) => said.type() === "error" && problems.push(said.text()));
    await page.goto(`${system.twin.url}/_twin/`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await system?.close();
  });

  const row = (kind: string, words: string) => page.locator(`tr[data-kind="${kind}"]`, { hasText: words });
  const cell = (kind: string, words: string, column: string) => row(kind, words).locator(`[data-column="${column}"]`);
  const isIn = (kind: string, words: string, column: string, value: string) =>
    cell(kind, words, column).filter({ hasText: value }).waitFor();

  async function edit(button: ReturnType<Page["locator"]>, values: Record<string, string>): Promise<void> {
    await button.click();
    for (const [name, value] of Object.entries(values)) {
      const input = page.locator(`dialog [name="${name}"]`);
      const isSelect = await input.evaluate(({ tagName }) => tagName === "SELECT");
      await (isSelect ? input.selectOption(value) : input.fill(value));
    }
    await page.locator("dialog button", { hasText: "Save" }).click();
  }

  test("a status that is chosen in Pipedrive makes a partner, whose id comes back and is marked", async () => {
    await edit(page.locator("button", { hasText: "New organization" }), { name: "Nordlicht Systems" });
    await row("organization", "Nordlicht Systems").waitFor();
    expect(await page.locator('tr[data-kind="partner"]').count()).toBe(0);
    await edit(row("organization", "Nordlicht Systems").locator("button"), { "label:Allbound Status": "Active" });
    await isIn("partner", "Nordlicht Systems", "Status", "active");
    await isIn("organization", "Nordlicht Systems", "Allbound ID", "prt_");
    expect(await cell("organization", "Nordlicht Systems", "Allbound ID").getAttribute("class")).toBe("changed");
  });

  test("a person who registers in the program appears in Pipedrive, and a second edit travels as well", async () => {
    const [partner] = await system.of("harbourline").aggregates("partner");
    const values = { partner_id: String(partner?.partner_id), email: "mara@nordlicht.example", first_name: "Mara" };
    await edit(page.locator("button", { hasText: "New contact" }), values);
    await isIn("person", "Mara", "Allbound ID", "usr_");
    await edit(row("organization", "Nordlicht Systems").locator("button"), { "label:Allbound Status": "Pending" });
    await isIn("partner", "Nordlicht Systems", "Status", "pending");
  });

  test("an administrator's changes of fields and stages can be rehearsed", async () => {
    await edit(row("field", "organizationWebsite").locator("button"), { as: "locked" });
    await isIn("field", "organizationWebsite", "Right", "locked");
    await edit(row("stage", "Demo held").locator("button"), { is: "archived" });
    await isIn("stage", "Demo held", "State", "archived");
    await edit(row("stage", "Demo held").locator("button"), { is: "" });
    await page.locator('tr[data-kind="stage"].deleted').waitFor({ state: "detached" });
  });

  test("what the twin refuses is said in the form, and what records hold is never read as HTML", async () => {
    await edit(page.locator("button", { hasText: "New contact" }), { partner_id: "prt_nobody", email: "x@y.example" });
    await page.locator("dialog .problem", { hasText: "prt_nobody" }).waitFor();
    await page.locator("dialog button", { hasText: "Cancel" }).click();
    await page.locator("dialog form").waitFor({ state: "hidden" });
    const name = "<img src=x onerror=alert(1)>";
    await edit(page.locator("button", { hasText: "New organization" }), { name });
    await row("organization", name).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(problems.filter((said) => !said.includes("404"))).toEqual([]); // the browser reports the refused request
  });

  test("scripts come from files only, and there are no others", async () => {
    const answer = await fetch(`${system.twin.url}/_twin/`);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=/);
    expect((await fetch(`${system.twin.url}/_twin/page/index.ts`)).status).toBe(404);
  });
});
