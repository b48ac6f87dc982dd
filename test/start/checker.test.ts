import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { differences, idShown } from "../../src/start/checker.ts";
import { countEchoes, type Written } from "../../src/start/echoes.ts";

const root = join(import.meta.dirname, "../..");

/** Every file of ours that a file imports, and what these import. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    const imported = join(dirname(file), path);
    if (found.has(imported)) continue;
    found.add(imported);
    importsOf(imported, found);
  }
  return found;
}

test.each(["checker.ts", "meter.ts", "steps/index.ts"])("%s shares no code with what it judges", (file) => {
  const imported = [...importsOf(join(root, "src/start", file))].map((path) => relative(root, path));
  expect(imported.filter((path) => !path.startsWith("src/start/"))).toEqual([]);
});

describe("differences", () => {
  test("name what is there and what should be", () => {
    expect(differences("Pipedrive", { Name: "A", Stage: "B" }, { Name: "A", Stage: "C", Value: 1 })).toEqual([
      'Pipedrive: Stage is "B", not "C"',
      "Pipedrive: Value is missing, not 1",
    ]);
  });

  test("an id is shown as whose it is, not as itself", () => {
    expect([idShown("x", "x"), idShown("y", "x"), idShown(null, "x")]).toEqual(["set", "another's", "(empty)"]);
  });
});

describe("echoes", () => {
  const written = (side: Written["side"], ours: boolean, from: unknown, to: unknown, second: number): Written => {
    return { pair: "prt_1", field: "name", side, ours, from, to, at: `2026-01-01T00:00:0${second}Z` };
  };

  test("a change that travels to the other side is none", () => {
    const there = [written("pipedrive", false, "A", "B", 1), written("program", true, "A", "B", 2)];
    expect(countEchoes(there)).toBe(0);
  });

  test("putting a one-way field right is none", () => {
    const corrected = [written("program", false, "A", "P", 1), written("program", true, "P", "A", 2)];
    expect(countEchoes(corrected)).toBe(0);
  });

  test("a value that comes back although nobody touched the field is one", () => {
    const back = [
      written("pipedrive", false, "A", "+49 30 1", 1),
      written("program", true, "A", "49301", 2),
      written("pipedrive", true, "+49 30 1", "49301", 3),
      written("pipedrive", true, "49301", "+49 30 1", 4),
    ];
    expect(countEchoes(back)).toBe(1);
  });
});
