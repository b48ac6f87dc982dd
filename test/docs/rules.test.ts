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
  "A person's word",
  "Merges",
  "Quarantine",
  "Limits",
  "Undo",
];

const project = (path: string) => new URL(`../../${path}`, import.meta.url);
const sections = readFileSync(project("docs/rules.md"), "utf8").split(/^## /m).slice(1);

/** The tests that a section names: file and name. */
function testsOf(section: string): { file: string; name: string }[] {
  return [...section.matchAll(/^- `(test\/[^`]+)`: "(.+)"$/gm)].map(([, file = "", name = ""]) => ({ file, name }));
}

/** A test of that name stands in that file. */
function expectToExist({ file, name }: { file: string; name: string }): void {
  expect(existsSync(project(file))).toBe(true);
  const exactly = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const named = new RegExp(`\\b(?:test|\\]\\)|\\] as const\\))\\(\\s*["\`]${exactly}["\`]`);
  const rows = new RegExp(`\\[\\s*"${exactly}"`); // of a table of cases
  const text = readFileSync(project(file), "utf8");
  expect(named.test(text) || rows.test(text)).toBe(true);
}

describe("the page of rules", () => {
  test("has every rule, each with its tests and what was broken to see one red", () => {
    expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(RULES);
    for (const section of sections) {
      expect(testsOf(section).length).toBeGreaterThan(0);
      expect(section.match(/^- /gm)).toHaveLength(testsOf(section).length);
      expect(section).toMatch(/^Broken: (?!not yet)\w/m);
    }
  });

  test.each(sections.flatMap(testsOf))("names a test that exists: $file, $name", expectToExist);
});

describe("the page of conflict classes", () => {
  const page = readFileSync(project("docs/conflict-classes.md"), "utf8");
  const rows = [...page.matchAll(/^\| (C\d+) \|.*\| `(test\/[^`]+)`: "(.+)" \|$/gm)];
  const classes = rows.map(([, id = "", file = "", name = ""]) => ({ id, file, name }));

  test("has all seventeen, and for each what was broken to see its test red", () => {
    const ids = Array.from({ length: 17 }, (_, i) => `C${i + 1}`);
    expect(classes.map(({ id }) => id)).toEqual(ids);
    expect([...page.matchAll(/^- (C\d+): \w/gm)].map(([, id]) => id)).toEqual(ids);
  });

  test.each(classes)("names a test of $id that exists and says so: $name", ({ id, file, name }) => {
    expectToExist({ file, name });
    expect(name).toMatch(new RegExp(`^${id}\\b`));
  });
});
