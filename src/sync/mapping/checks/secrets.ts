import { type Draft, isRecord } from "../draft.ts";
import { type Found, looksSecret, type Path } from "../finding.ts";

const SECRET_NAME = /(token|secret|passw(or)?d|api_?key|authori[sz]ation|credential|private_?key)/i;

/** Secrets belong to a connection, never into a document; what was found is not repeated. */
export function* secrets({ value }: Draft): Iterable<Found> {
  for (const { at, text } of texts(value, [])) {
    const named = at.some((part, i) => typeof part === "string" && SECRET_NAME.test(part) && !isOptionKey(at, i));
    if (!isFieldKey(at) && (named || looksSecret(text))) yield secretAt(at);
  }
}

function secretAt(at: Path): Found {
  return {
    code: "SECRET_IN_DOCUMENT",
    at,
    message: "This looks like a token or a password. It is not shown here.",
    hint: "Remove it and replace the token at once: everyone who saw this file knows it. Tokens belong to `connect`.",
  };
}

const isFieldKey = (at: Path) => at[0] === "objects" && at.at(-1) === "key";
const isOptionKey = (at: Path, index: number) => at[0] === "objects" && at[index - 1] === "options";

/** Every text of the document, member names included. */
function* texts(value: unknown, at: Path): Iterable<{ at: Path; text: string }> {
  if (typeof value === "string" && value !== "") yield { at, text: value };
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* texts(item, [...at, i]);
  if (!isRecord(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (looksSecret(name)) yield { at: [...at, name], text: name };
    yield* texts(inner, [...at, name]);
  }
}
