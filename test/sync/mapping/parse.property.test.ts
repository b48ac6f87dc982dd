import { expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import { type Bendable, EXAMPLES, example, exampleText, keysOf, soundAccount } from "./examples.ts";

jest.setTimeout(60_000); // a busy machine, not a slow parser

const RUNS = { numRuns: 60 };
/** Far more than any of these takes, far less than a hang. */
const LONGEST_MS = 10_000;

function parsesCalmly(text: string) {
  const startedAt = performance.now();
  const result = parseMappingDocument(text);
  expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
  expect(result.document === undefined).toBe(result.findings.some(({ severity }) => severity === "error"));
  return result;
}

/** Every place of a value, as a path. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))];
}

const replacement = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    "both",
    "crm_to_program",
    "manual",
    "Single option",
    "Text",
    "partner.name",
    true,
    "",
    "__proto__",
  ),
);
type Mutation = { where: number; what: "remove" | "replace" | "add" | "copy"; value: unknown; name: string };
const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: fc.nat(),
  what: fc.constantFrom("remove", "replace", "add", "copy"),
  value: replacement,
  name: fc.oneof(fc.string(), fc.constantFrom("key", "system", "options", "constructor", "toString")),
});

function mutate(document: Bendable, { where, what, value, name }: Mutation): void {
  const all = places(document).slice(1);
  if (all.length === 0) return;
  const path = all[where % all.length]!;
  const parent = path.slice(0, -1).reduce<Bendable>((here, part) => here[part], document);
  const last = path.at(-1)!;
  if (what === "remove") delete parent[last];
  else if (what === "replace") parent[last] = value;
  else if (what === "add") parent[name] = value;
  else
    parent[last] = structuredClone(all[value === true ? 0 : where % 7]!.reduce<Bendable>((h, p) => h?.[p], document));
}

test("any text is answered, and is a syntax error exactly when it is no JSON", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.json({ noUnicodeString: false })), (text) => {
      const { findings } = parsesCalmly(text);
      const isJson = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      const otherEncoding = findings.some(({ code, severity }) => code === "ENCODING" && severity === "error");
      expect(findings.some(({ code }) => code === "JSON_SYNTAX")).toBe(!isJson && !otherEncoding);
      if (otherEncoding) expect(isJson).toBe(false);
    }),
    RUNS,
  );
});

test("any mutation of an example is answered without a whole key, and what passes can be resolved", () => {
  fc.assert(
    fc.property(fc.constantFrom(...EXAMPLES), fc.array(mutation, { minLength: 1, maxLength: 6 }), (name, mutations) => {
      const document: Bendable = JSON.parse(exampleText(name));
      for (const one of mutations) mutate(document, one);
      const parsed = parsesCalmly(JSON.stringify(document));
      const said = JSON.stringify(parsed.findings);
      for (const key of keysOf(example(name))) expect(said).not.toContain(key);
      if (!parsed.document) return;
      const { environment } = parsed.document.pipedrive;
      expect(() => resolveMapping(parsed.document!, soundAccount(example(name)), { environment })).not.toThrow();
    }),
    RUNS,
  );
});

test("any damage to an example's text is answered", () => {
  const text = exampleText("kestrel-obs");
  const damage = fc.record({ at: fc.nat(text.length), cut: fc.nat(40), put: fc.string({ maxLength: 5 }) });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      const damaged = damages.reduce((t, { at, cut, put }) => t.slice(0, at) + put + t.slice(at + cut), text);
      const { findings } = parsesCalmly(damaged);
      for (const key of keysOf(example("kestrel-obs"))) expect(JSON.stringify(findings)).not.toContain(key);
    }),
    RUNS,
  );
});

test("a file made to cost time is answered at once", () => {
  const many = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(",");
  for (const count of [1_900, 30_000]) {
    parsesCalmly(`{${many(count, (i) => `"m${i}":1`)}}`);
    parsesCalmly(`{${many(count, () => '"m":1')}}`);
    parsesCalmly(`{"objects":{"deal":{"extra":[${many(count, () => "{}")}]}}}`);
    parsesCalmly(`{"objects":{"deal":{"extra":[${many(count, () => '{"key":"a"}')}]}}}`);
    parsesCalmly(`{"stages":{"map":[${many(count, (i) => `{"stage":"${i}"}`)}]}}`);
  }
});
