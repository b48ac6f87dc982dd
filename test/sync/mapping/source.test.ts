import { describe, expect, test } from "@jest/globals";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { brief, exampleText } from "./examples.ts";

describe("a file that is no JSON", () => {
  const text = exampleText("harbourline");

  test.each([
    ["a trailing comma", text.replace(/\n}\n$/, ",\n}\n"), "comma"],
    ["a comment", text.replace("\n", " // ours\n"), "comment"],
    ["a curly quote", text.replace('"harbourline"', "“harbourline”"), "curly quote"],
    ["a missing comma", text.replace('"harbourline",', '"harbourline"'), "comma is missing"],
    ["half a file", text.slice(0, text.indexOf("\n", 500)), "ends too early"],
    ["nothing at all", "", "ends too early"],
  ])("%s is a syntax error with its place", (_, broken, words) => {
    const { document, findings } = parseMappingDocument(broken);
    expect(document).toBeUndefined();
    expect(findings[0]).toMatchObject({ code: "JSON_SYNTAX", message: expect.stringContaining(words) });
    expect(findings[0]!.line).toBeGreaterThan(0);
    expect(findings.filter(({ code }) => code !== "JSON_SYNTAX")).toEqual([]);
  });

  test("a syntax error stands where the offending character is", () => {
    const { findings } = parseMappingDocument('{\n  "tenant": “x”\n}');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ line: 2, column: 13 });
  });

  test("a trailing comma does not hide the other mistakes", () => {
    const broken = text.replace(/\n}\n$/, ",\n}\n").replace('"EUR"', '"Euro"');
    expect(brief(parseMappingDocument(broken).findings)).toEqual([
      "VALUE_INVALID $.rules.default_currency",
      "JSON_SYNTAX $",
    ]);
  });

  test.each([
    ["with a byte order mark", `\ufeff${text}`],
    ["without one", text],
  ])("a file in UTF-16 %s is one finding about its encoding", (_, utf16) => {
    const read = Buffer.from(utf16, "utf16le").toString("utf8");
    const { document, findings } = parseMappingDocument(read);
    expect(document).toBeUndefined();
    expect(findings).toEqual([expect.objectContaining({ code: "ENCODING", severity: "error", line: 1 })]);
  });

  test("a byte order mark is only a warning", () => {
    const { document, findings } = parseMappingDocument(`\ufeff${text}`);
    expect(brief(findings)).toEqual(["ENCODING $"]);
    expect(document).toBeDefined();
  });

  test("a member given twice is refused with both places", () => {
    const twice = text.replace('"verify": {', '"verify": {},\n  "verify": {');
    const [finding, ...others] = parseMappingDocument(twice).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "JSON_DUPLICATE_MEMBER", path: "$.verify" });
    const line = twice.slice(0, twice.lastIndexOf('"verify"')).split("\n").length;
    expect(finding).toMatchObject({ line, column: 3, message: expect.stringContaining(`line ${line - 1}, column 3`) });
  });

  test.each([
    ["deep nesting", "[".repeat(100_000)],
    ["a huge text", `"${"x".repeat(400_000)}"`],
  ])("%s is refused rather than read", (_, monster) => {
    expect(brief(parseMappingDocument(monster).findings)).toEqual(["JSON_SYNTAX $"]);
  });

  test.each(["null", "[]", "3", '"text"'])("%s is not a document", (text) => {
    expect(brief(parseMappingDocument(text).findings)).toEqual(["VALUE_INVALID $"]);
  });
});
