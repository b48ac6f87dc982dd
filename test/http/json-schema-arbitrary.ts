import { fc } from "../support/seeded.ts";

/** As far as our schemas go. */
export interface JsonSchema {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
}

/** What a schema allows, or nearly: patterns that fast-check cannot follow are left to chance. */
export function allowedBy(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(allowedBy));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case "object":
      return objectOf(schema);
    case "array":
      return fc.array(allowedBy(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 3, 3) });
    case "string":
      return stringOf(schema);
    case "integer":
    case "number":
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 2 ** 31) });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return HOSTILE;
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, allowedBy(schema)]));
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) });
}

function stringOf({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<unknown> {
  if (format === "uuid") return fc.uuid();
  if (format === "email") return fc.emailAddress();
  if (format === "date-time") return fc.date().map(String);
  if (pattern && !pattern.includes("\\p{")) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: "grapheme-ascii", minLength, maxLength: Math.min(maxLength, 40) });
}

const deep = (depth: number) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

/** What nobody should send. */
export const HOSTILE: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, 1e21],
    ...["", " ", "0", "-1", "1e400", "NaN", "null", "true", "undefined", "__proto__", "constructor"],
    ...[
      "\0",
      "a\0b",
      "\u0007",
      "\u001b[2J",
      "\r\n",
      "\u0085",
      "\u2028",
      "\ufeff",
      "\uffff",
      "\ud800",
      "\udc00x",
      "a\ud83d",
    ],
    ...["'; drop table audit; --", "%00", "%", "../../etc/passwd", "<script>", "{{7*7}}"],
    ...["2026-02-30", "-271821-04-20T00:00:00Z", "+275760-09-13T00:00:00Z", "0000-01-01", "9".repeat(400)],
    ...[{}, [], [[]], { length: 1e9 }, { toString: 1 }, { constructor: { prototype: {} } }],
    ...[deep(50), deep(3_000), "x".repeat(70_000), "é".repeat(600), Array(2_000).fill("a")],
  ),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What a schema allows, with one thing in it changed, left out or added. */
export function nearly(schema: JsonSchema): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    fc.constantFrom(...Object.keys(schema.properties ?? { a: 1 })),
    fc.constantFrom("__proto__", "constructor", "toString", "\0", "extra", "x".repeat(5_000)),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  const change = fc.tuple(key, fc.option(HOSTILE, { nil: undefined, freq: 4 }));
  const changed = fc
    .tuple(allowedBy(schema), fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) => {
      if (typeof value !== "object" || value === null) return changes[0]?.[1];
      const members = [...Object.entries(value), ...changes].filter(([, member]) => member !== undefined);
      return Object.fromEntries(members);
    });
  return fc.oneof({ weight: 6, arbitrary: changed }, { weight: 1, arbitrary: HOSTILE });
}
