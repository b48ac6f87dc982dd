import { RecordError } from "../errors.ts";
import { ask } from "./ask.ts";
import { type Call, describe } from "./call.ts";
import type { Pipedrive } from "./port.ts";
import type { Send } from "./transport.ts";
import { created, enveloped, note, offsetPage } from "./wire.ts";

type NoteCalls = Pick<Pipedrive, "addNote" | "listNotes">;

const PAGE = 100;
const MOST_PAGES = 20;

/** Notes of a deal. They exist in API v1 only, which pages by offset and may answer 204 for none. */
export function noteCalls(send: Send): NoteCalls {
  return {
    async addNote({ dealId, content }, options) {
      const body = { deal_id: dealId, content };
      const call: Call = {
        operation: "addNote",
        object: "deal",
        id: dealId,
        method: "POST",
        path: "/api/v1/notes",
        body,
      };
      const { data } = await ask(send, call, enveloped(created), options);
      return { id: data.id };
    },
    async listNotes(dealId, options) {
      const call: Call = { operation: "listNotes", object: "deal", id: dealId, method: "GET", path: "/api/v1/notes" };
      const notes: { id: number; content: string }[] = [];
      let start = 0;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = { deal_id: dealId, start, limit: PAGE };
        const answer = await ask(send, { ...call, query }, offsetPage(note).optional(), options);
        notes.push(...(answer?.data ?? []));
        const pagination = answer?.additional_data?.pagination;
        if (!pagination?.more_items_in_collection) return notes;
        start = pagination.next_start ?? start + PAGE;
      }
      throw new RecordError("LIST_TOO_LONG", `Pipedrive: ${describe(call)} has more than ${MOST_PAGES * PAGE} notes`);
    },
  };
}
