import { existsSync } from "node:fs";
import { describe } from "@jest/globals";
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
];
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium of CHROMIUM, or where Debian and others put it; undefined when this machine has none. */
const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** Tests that look at pages as people do. Without a browser they are skipped, loudly. @throws with REQUIRE_BROWSER */
export function inBrowser(title: string, tests: () => void): void {
  if (executablePath !== undefined) return void describe(title, tests);
  if (process.env.REQUIRE_BROWSER) throw new Error("no Chromium on this machine (set CHROMIUM)");
  console.error(`\n*** No Chromium on this machine: "${title}" is SKIPPED (set CHROMIUM) ***\n`);
  describe.skip(title, tests);
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: FLAGS });
}
