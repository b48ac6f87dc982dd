import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

const RULES = [
  "Claim",
  "Ringing",
  "Bases are pairs",
  "Settle per write",
  "Intents",
  "Creates",
  "Reservations",
  "Unseen edits",
  "What an absence means",
  "Dependencies",
  "One-shot effects",
  "Failures",
  "Deliveries, merges, deletes",
  "Time",
  "History",
];

const project = (path: string) => new URL(`../../${path}`, import.meta.url);
const sections = readFileSync(project("docs/rules.md"), "utf8").split(/^## /m).slice(1);

/** The tests that a section names: file and name. */
function testsOf(section: string): { file: string; name: string }[] {
  return [...section.matchAll(/^- `(test\/[^`]+)`: "(.+)"$/gm)].map(([, file = "", name = ""]) => ({ file, name }));
}

describe("the page of rules", () => {
  test("has every rule, each with its tests and what was broken to see one red", () => {
    expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(RULES);
    for (const section of sections) {
      expect(testsOf(section).length).toBeGreaterThan(0);
      expect(section.match(/^- /gm)).toHaveLength(testsOf(section).length);
      expect(section).toMatch(/^Broken: \w/m);
    }
  });

  test.each(sections.flatMap(testsOf))("names a test that exists: $file, $name", ({ file, name }) => {
    expect(existsSync(project(file))).toBe(true);
    const named = new RegExp(`\\b(?:test|\\]\\))\\(\\s*["\`]${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["\`]`);
    const rows = new RegExp(`\\[\\s*"${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}"`); // of a table of cases
    const text = readFileSync(project(file), "utf8");
    expect(named.test(text) || rows.test(text)).toBe(true);
  });
});
