import { expect, jest, test } from "@jest/globals";
import { describeFinding } from "../../../src/failure.ts";
import { checkMapping } from "../../../src/sync/mapping/check.ts";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { fc, runs } from "../../support/seeded.ts";
import { type Bendable, EXAMPLES, example, exampleText, keysOf, soundAccount } from "./examples.ts";

jest.setTimeout(60_000); // a busy machine, not a slow parser

const RUNS = runs(60);
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

/** The account that an example was written for: whatever becomes of the document, the account stays. */
const liveSides = Object.fromEntries(
  EXAMPLES.map((name) => {
    const document = example(name);
    return [name, { account: soundAccount(document), environment: document.pipedrive.environment }];
  }),
);

test("any mutation of an example is checked with its account without a whole key, and has a plan or an error", () => {
  fc.assert(
    fc.property(fc.constantFrom(...EXAMPLES), fc.array(mutation, { minLength: 1, maxLength: 6 }), (name, mutations) => {
      const document: Bendable = JSON.parse(exampleText(name));
      for (const one of mutations) mutate(document, one);
      const text = JSON.stringify(document);
      const offline = parsesCalmly(text);
      const startedAt = performance.now();
      const live = checkMapping(text, liveSides[name]);
      expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
      expect(live.plan === undefined).toBe(live.findings.some(({ severity }) => severity === "error"));
      if (!offline.document) expect(live.plan).toBeUndefined();
      const said = JSON.stringify([offline.findings, live.findings]);
      for (const key of keysOf(example(name))) expect(said).not.toContain(key);
    }),
    RUNS,
  );
});

test("any JSON value in the place of a document is checked with an account", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const { plan, findings } = checkMapping(JSON.stringify(value), liveSides.harbourline);
      expect(plan).toBeUndefined();
      expect(findings.some(({ severity }) => severity === "error")).toBe(true);
    }),
    RUNS,
  );
});

const hex = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 40, maxLength: 40 }).map((c) => c.join(""));
const word = fc
  .array(fc.constantFrom(..."ghijkmnpqrstuvwxyz23456789"), { minLength: 12, maxLength: 24 })
  .map((c) => c.join(""));
/** A secret, as it is written, and the part of it that nobody may see. */
const secret = fc.oneof(
  hex.map((token) => ({ written: token, hidden: token })),
  word.map((token) => ({ written: `Bearer ${token}`, hidden: token })),
  word.map((token) => ({ written: `https://user:${token}@acme.example/`, hidden: token })),
  word.map((token) => ({ written: `eyJ${token}.${token}`, hidden: token })),
);

test("a secret is never said, wherever in a document it stands, and keeps it out of force", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...EXAMPLES),
      secret,
      fc.nat(),
      fc.boolean(),
      (name, { written, hidden }, where, asName) => {
        const document: Bendable = JSON.parse(exampleText(name));
        mutate(document, { where, what: asName ? "add" : "replace", value: written, name: written });
        const text = JSON.stringify(document, null, 2);
        fc.pre(text.includes(hidden)); // a name given to a list is not written
        const { plan, findings } = checkMapping(text, liveSides[name]);
        expect(plan).toBeUndefined();
        for (const one of findings) expect(`${JSON.stringify(one)} ${describeFinding(one)}`).not.toContain(hidden);
      },
    ),
    runs(300),
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
