import { z } from "zod";
import { InputError } from "../../errors.ts";

const MOST = 200;

/** What every list takes. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MOST).default(50).describe("Rows on a page."),
  cursor: z.string().max(500).optional().describe("`next` of the page before."),
});

/** A page of a list. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe("Of the page after; null on the last one.") });

/**
 * Cuts what was read one row too long into a page.
 *
 * @param keyOf where the next page begins, after this row
 */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => unknown): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, next: null };
  return { items, next: Buffer.from(JSON.stringify(keyOf(last))).toString("base64url") };
}

/** Where a page begins. @throws InputError BAD_CURSOR for what was never one */
export function fromCursor<S extends z.ZodType>(cursor: string | undefined, key: S): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const parsed = key.safeParse(jsonOf(text));
  if (parsed.success && !text.includes("\\")) return parsed.data; // none of ours holds what JSON would escape
  const hint = "use `next` of the page before, or leave it out to begin at the first";
  throw new InputError("BAD_CURSOR", "this cursor leads nowhere", "query.cursor", hint);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
