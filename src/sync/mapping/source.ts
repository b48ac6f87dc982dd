import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { type Found, jsonPath, type Path, type Place, shown } from "./finding.ts";

const LARGEST_CHARACTERS = 200_000;
/** Several times the fullest mapping. Each can be wrong in several ways, so that more of them would cost time. */
const MOST_MEMBERS = 2_000;
/** Deeper than any mapping, shallow enough for a recursive parser. */
const DEEPEST = 40;

/** The text of a document with what can be said about it as a file (level L0). */
export interface Source {
  /** The document as plain values; undefined when the text is not JSON even with some goodwill. */
  value: unknown;
  findings: Found[];
  /** 1-based place of the member at `path`, or of the nearest one above it that exists. */
  position(path: Path): Place;
}

/** Reads a document's text: all syntax errors, duplicate members and the plain values. Never throws. */
export function readSource(text: string): Source {
  const lines = lineStarts(text);
  const at = (offset: number) => placeOf(lines, offset);
  const nowhere = { value: undefined, position: () => at(0) };
  if (UTF16.test(text)) return { ...nowhere, findings: [NOT_UTF8] };
  const tooMuch = unreasonable(text);
  if (tooMuch) return { ...nowhere, findings: [tooMuch] };

  const findings: Found[] = [];
  // A byte order mark would be a syntax error; blanking it keeps every offset where it is.
  const body = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  if (body !== text) findings.push(ENCODING);

  const errors: ParseError[] = [];
  const strict = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false });
  findings.push(...syntaxFindings(body, errors, at));
  const tree = errors.length === 0 ? strict : forgiving(body);
  if (!tree) return { ...nowhere, findings };
  const value = toValue(tree, [], findings, at);
  return { value, findings, position: (path) => at(offsetOf(tree, path)) };
}

const ENCODING: Found = {
  code: "ENCODING",
  at: [],
  message: "The file begins with a byte order mark.",
  hint: "Save it again as UTF-8 without one.",
};

/** Every second character of a UTF-16 file is a NUL when it is read as UTF-8; its byte order mark is unreadable. */
const UTF16 = /^\ufffd{0,2}(?:[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/;
const NOT_UTF8: Found = {
  code: "ENCODING",
  severity: "error",
  at: [],
  message: "The file is not in UTF-8: it looks like UTF-16.",
  hint: "Save it again as UTF-8, without a byte order mark.",
};

/** Comments and trailing commas are errors, but they do not keep us from reading on. */
function forgiving(body: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, { disallowComments: false, allowTrailingComma: true });
  return errors.length === 0 ? tree : undefined;
}

/** Size and depth are looked at first, without recursion, so that no text can exhaust the parser. */
function unreasonable(text: string): Found | undefined {
  const refuse = (message: string): Found => ({
    code: "JSON_SYNTAX",
    at: [],
    message,
    hint: "Is this the right file? A mapping document has a few hundred lines.",
  });
  if (text.length > LARGEST_CHARACTERS) return refuse(`The file is longer than ${LARGEST_CHARACTERS} characters.`);
  const scanner = createScanner(text, true);
  let depth = 0;
  let members = 0;
  // Only the end of the file is a token without length.
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const token = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()]! : "";
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (token === ",") members++;
    if (members > MOST_MEMBERS) return refuse(`The file has more than ${MOST_MEMBERS} members.`);
    if (depth > DEEPEST) return refuse(`The file is nested more than ${DEEPEST} levels deep.`);
  }
  return undefined;
}

type At = (offset: number) => Place;

/** After a first error a parser stumbles over its consequences: one finding per line, and none for what follows at once. */
function syntaxFindings(body: string, errors: readonly ParseError[], at: At): Found[] {
  const findings: Found[] = [];
  let end = -1;
  let line = 0;
  for (const error of errors) {
    const place = at(error.offset);
    const consequence = end >= 0 && body.slice(end, error.offset).trim() === "";
    end = error.offset + error.length;
    if (consequence || place.line === line || findings.length === 20) continue;
    line = place.line;
    const { message, hint } = describe(body, error);
    const where = `Line ${place.line}, column ${place.column}`;
    findings.push({ code: "JSON_SYNTAX", at: [], message: `${where}: ${message}`, hint, place });
  }
  return findings;
}

function describe(body: string, error: ParseError): { message: string; hint: string } {
  const point = body.codePointAt(error.offset);
  const found = point === undefined ? undefined : String.fromCodePoint(point);
  const before = body.slice(0, error.offset).trimEnd().at(-1);
  const code = printParseErrorCode(error.error);
  if (code === "InvalidCommentToken") {
    return { message: "a comment.", hint: 'JSON has no comments. Put the text into "notes" of the field.' };
  }
  if (before === "," && (found === "}" || found === "]")) {
    return { message: `a comma before "${found}".`, hint: "Remove the comma after the last member." };
  }
  if (found !== undefined && "“”„‟‘’«»".includes(found)) {
    return {
      message: `a curly quote ${found}.`,
      hint: 'Use the plain quote ". A word processor changes it: use a text editor.',
    };
  }
  if (found === "'") return { message: "a single quote.", hint: 'Names and texts stand in double quotes: ".' };
  if (code === "UnexpectedEndOfString") {
    return { message: "a text is not closed.", hint: 'Add the closing quote ".' };
  }
  if (code === "CommaExpected") {
    return { message: "a comma is missing.", hint: "Put a comma after the member before this place." };
  }
  if (found === undefined) {
    return { message: "the file ends too early.", hint: "A closing } or ] is missing, or the copy was cut off." };
  }
  const what = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return { message: `unexpected "${shown(found)}" (${what}).`, hint: "Correct the JSON at this place." };
}

/** Plain values of a tree. Reports members given twice, and refuses a name that objects treat in their own way. */
function toValue(node: Node, path: Path, findings: Found[], at: At): unknown {
  if (node.type === "array") return (node.children ?? []).map((child, i) => toValue(child, [...path, i], findings, at));
  if (node.type !== "object") return node.value;
  const value: Record<string, unknown> = {};
  const firstAt = new Map<string, number>();
  for (const property of node.children ?? []) {
    const [name, content] = property.children ?? [];
    if (!name || !content) continue;
    const member = String(name.value);
    const first = firstAt.get(member);
    if (first !== undefined) findings.push(duplicate([...path, member], at(first), at(name.offset)));
    else firstAt.set(member, name.offset);
    if (member === "__proto__") findings.push(UNUSABLE([...path, member]));
    else value[member] = toValue(content, [...path, member], findings, at);
  }
  return value;
}

const UNUSABLE = (at: Path): Found => ({
  code: "UNKNOWN_MEMBER",
  at,
  message: `There is no member ${jsonPath(at)}.`,
  hint: "Remove it.",
});

const duplicate = (at: Path, first: Place, second: Place): Found => ({
  code: "JSON_DUPLICATE_MEMBER",
  at,
  message:
    `${jsonPath(at)} is given twice: at line ${first.line}, column ${first.column} ` +
    `and at line ${second.line}, column ${second.column}.`,
  hint: "Keep one of them: a program that reads JSON silently takes the last.",
  place: second,
});

function offsetOf(tree: Node, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node) return node.parent?.type === "property" ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

function placeOf(starts: readonly number[], offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}
