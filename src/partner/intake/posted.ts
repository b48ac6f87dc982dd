import { InputError } from "../../errors.ts";

/** What a program posted, whatever form it chose: texts and lists of texts by name. */
export interface Posted {
  /** Undefined when the post has no such field; null where it has one that is empty. */
  get(name: string): string | string[] | null | undefined;
}

const HINT = "have the workflow post JSON (application/json) or form fields (application/x-www-form-urlencoded)";
const MOST_FIELDS = 500;

/**
 * Reads a posted body by its content type; without one, JSON where it looks like it.
 *
 * @throws InputError BODY_TYPE, BODY_NOT_JSON, BODY_NOT_FIELDS; none repeats what was posted
 */
export function readPosted(body: Buffer, contentType = ""): Posted {
  const [type = ""] = contentType.toLowerCase().split(";");
  const text = decode(body);
  const isForm = type.trim() === "application/x-www-form-urlencoded";
  const isJson = /^(application\/([\w.-]+\+)?json|text\/(json|plain))?$/.test(type.trim());
  if (isForm) return fromForm(text);
  if (isJson) return fromJson(text);
  throw new InputError("BODY_TYPE", "the post is neither JSON nor form fields", "content-type", HINT);
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new InputError("BODY_NOT_FIELDS", "the post is not UTF-8 text", "body", HINT);
  }
}

function fromForm(text: string): Posted {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const bare = name.replace(/\[\]$/, "");
    fields.set(bare, [...(fields.get(bare) ?? []), value]);
    if (fields.size > MOST_FIELDS) throw tooMany();
  }
  if (fields.size === 0) throw new InputError("BODY_NOT_FIELDS", "the post has no fields", "body", HINT);
  return {
    get(name) {
      const values = fields.get(name)?.filter((value) => value.trim() !== "");
      return values && (values.length > 1 ? values : (values[0] ?? null));
    },
  };
}

function fromJson(text: string): Posted {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError("BODY_NOT_JSON", "the post cannot be read as JSON", "body", HINT);
  }
  if (!isObject(json)) throw new InputError("BODY_NOT_FIELDS", "the post is no object with fields", "body", HINT);
  if (Object.keys(json).length > MOST_FIELDS) throw tooMany();
  return { get: (name) => toTexts(follow(json, name)) };
}

function tooMany(): InputError {
  return new InputError("BODY_NOT_FIELDS", `the post has more than ${MOST_FIELDS} fields`, "body", HINT);
}

/** A field of this very name, else the dotted path. */
function follow(json: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(json, name)) return json[name];
  let here: unknown = json;
  for (const part of name.split(".")) {
    if (!isObject(here) || !Object.hasOwn(here, part)) return undefined;
    here = here[part];
  }
  return here;
}

/** An object in place of a text is as good as absent: nobody said what of it was meant. */
function toTexts(value: unknown): string | string[] | null | undefined {
  if (value === null) return null;
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(toTexts).filter((one): one is string => typeof one === "string");
  return texts.length > 0 ? texts : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
