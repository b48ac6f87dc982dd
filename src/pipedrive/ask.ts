import type { z } from "zod";
import { RecordError } from "../errors.ts";
import { type Call, describe, maskKeys } from "./call.ts";
import type { CallOptions } from "./port.ts";
import { translateUnreadable } from "./translate-error.ts";
import type { Send } from "./transport.ts";
import { type CursorPage, cursorPage } from "./wire.ts";

/** Sends a call and reads its answer. An answer of another shape is as good as none: see `translateUnreadable`. */
export async function ask<T>(send: Send, call: Call, shape: z.ZodType<T>, options?: CallOptions): Promise<T> {
  const parsed = shape.safeParse(await send(call, options));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 3).map((issue) => maskKeys(issue.path.join(".")) || "the body");
  throw translateUnreadable(
    call,
    `Pipedrive: ${describe(call)} was answered in an unknown shape at ${places.join(", ")}`,
  );
}

/** Every page of a v2 list. Each page has its price. @throws RecordError after `mostPages`, rather than cut the list */
export async function askAllPages<T>(
  send: Send,
  call: Call,
  item: z.ZodType<T>,
  options?: CallOptions,
  mostPages = 100,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const query: Call["query"] = { ...call.query, ...(cursor !== null && { cursor }) };
    const answer: CursorPage<T> = await ask(send, { ...call, query }, cursorPage(item), options);
    all.push(...(answer.data ?? []));
    cursor = answer.additional_data?.next_cursor ?? null;
    if (cursor === null) return all;
  }
  throw new RecordError("LIST_TOO_LONG", `Pipedrive: ${describe(call)} has more than ${mostPages} pages`);
}
