import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { z } from "zod";
import { sha256 } from "../canonical-json.ts";
import { accessPolicy, type PolicyDocument } from "./document.ts";

/** An access policy with the text it was read from. */
export interface Policy {
  document: PolicyDocument;
  /** As given: to be stored and handed out as it is. */
  text: string;
  sha256: string;
}

/** What is wrong with a policy, where and what to do. Addresses are never quoted. */
export interface PolicyFault {
  code:
    | "POLICY_TOO_LARGE"
    | "POLICY_SYNTAX"
    | "POLICY_MEMBER_TWICE"
    | "POLICY_MEMBER_UNKNOWN"
    | "POLICY_MEMBER_MISSING"
    | "POLICY_INVALID";
  /** JSON path, e.g. `$.service_accounts[0].expires_on`. */
  path: string;
  /** 1-based. */
  line: number;
  message: string;
  hint: string;
}

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; faults: PolicyFault[] };

const LARGEST_CHARACTERS = 5_000_000;
const DEEPEST = 20;
const MOST_FAULTS = 200;

/** Reads a policy. Never throws: every fault is named with its place. */
export function parsePolicy(text: string): ParsedPolicy {
  if (text.length > LARGEST_CHARACTERS || depthOf(text) > DEEPEST) {
    return {
      ok: false,
      faults: [
        {
          code: "POLICY_TOO_LARGE",
          path: "$",
          line: 1,
          message: "$: is larger or deeper than any policy",
          hint: "is this the right file?",
        },
      ],
    };
  }
  const body = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false });
  const lines = new Lines(body);
  if (errors.length > 0 || !tree) return { ok: false, faults: syntaxFaults(errors, lines) };
  const twice = doubles(tree, [], lines);
  if (twice.length > 0) return { ok: false, faults: twice.slice(0, MOST_FAULTS) };
  const parsed = accessPolicy.safeParse(JSON.parse(body));
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => toFaults(issue, tree, lines));
    return { ok: false, faults: faults.slice(0, MOST_FAULTS) };
  }
  const clash = clashes(parsed.data, tree, lines);
  if (clash.length > 0) return { ok: false, faults: clash.slice(0, MOST_FAULTS) };
  return { ok: true, policy: { document: parsed.data, text, sha256: sha256(text) } };
}

function syntaxFaults(errors: ParseError[], lines: Lines): PolicyFault[] {
  const [first] = errors;
  const what = first ? printParseErrorCode(first.error) : "ValueExpected";
  const line = lines.of(first?.offset ?? 0);
  const hint = "write it as JSON: members and texts in double quotes, commas between, no comments";
  return [{ code: "POLICY_SYNTAX", path: "$", line, message: `line ${line}: is no JSON (${what})`, hint }];
}

type Path = (string | number)[];

/** Members given twice: JSON keeps the last one silently, and a rule would be lost. */
function doubles(node: Node, path: Path, lines: Lines): PolicyFault[] {
  if (node.type === "array") return (node.children ?? []).flatMap((one, i) => doubles(one, [...path, i], lines));
  if (node.type !== "object") return [];
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const here = [...path, name];
    const again = seen.has(name);
    seen.add(name);
    const inner = value ? doubles(value, here, lines) : [];
    if (!again) return inner;
    return [fault("POLICY_MEMBER_TWICE", here, lines.of(property.offset), "stands twice", "keep one"), ...inner];
  });
}

function toFaults(issue: z.core.$ZodIssue, tree: Node, lines: Lines): PolicyFault[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== "symbol");
  const at = (of: Path) => lines.of(nearest(tree, of).offset);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      fault(
        "POLICY_MEMBER_UNKNOWN",
        [...path, key],
        at([...path, key]),
        "is no member of a policy",
        "remove it or correct its name",
      ),
    );
  }
  if (path.length > 0 && findNodeAtLocation(tree, path) === undefined) {
    return [fault("POLICY_MEMBER_MISSING", path, at(path), "is missing", "add it")];
  }
  return [fault("POLICY_INVALID", path, at(path), "cannot be used", issue.message)];
}

/** Accounts that two entries speak of, and rules that can never apply. */
function clashes(policy: PolicyDocument, tree: Node, lines: Lines): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const once = (list: "service_accounts" | "exceptions", keys: string[]) => {
    const seen = new Set<string>();
    for (const [index, key] of keys.entries()) {
      const path = [list, index];
      const line = lines.of(nearest(tree, path).offset);
      if (seen.has(key))
        faults.push(fault("POLICY_INVALID", path, line, "is about what an earlier entry is about", "keep one of them"));
      seen.add(key);
    }
  };
  once(
    "service_accounts",
    policy.service_accounts.map(({ email }) => email),
  );
  once(
    "exceptions",
    policy.exceptions.map(({ email, check }) => `${check} ${email}`),
  );
  const roles = new Set<string>();
  for (const role of Object.keys(policy.allowed)) {
    const line = lines.of(nearest(tree, ["allowed", role]).offset);
    const same = role.trim().toLowerCase();
    if (roles.has(same))
      faults.push(fault("POLICY_INVALID", ["allowed", role], line, "is a role named before", "keep one of them"));
    roles.add(same);
  }
  return faults;
}

function fault(code: PolicyFault["code"], path: Path, line: number, what: string, hint: string): PolicyFault {
  const shown = toPath(path);
  return { code, path: shown, line, message: `line ${line}, ${shown}: ${what}`, hint };
}

function toPath(path: Path): string {
  const step = (part: string | number) => {
    if (typeof part === "number") return `[${part}]`;
    return /^[A-Za-z_$][\w$]{0,60}$/.test(part) ? `.${part}` : `[${JSON.stringify(part.slice(0, 60))}]`;
  };
  return `$${path.map(step).join("")}`;
}

function nearest(tree: Node, path: Path): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node) return node;
  }
  return tree;
}

/** Counted without recursion, before a recursive parser meets it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
}

class Lines {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
  }

  /** By bisection: many faults in a long file. */
  of(offset: number): number {
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
