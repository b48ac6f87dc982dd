import { RecordError } from "../errors.ts";
import type { CrmObject } from "../sync/model.ts";
import { ask } from "./ask.ts";
import { type Call, describe } from "./call.ts";
import type { CrmRecord, Pipedrive } from "./port.ts";
import type { Send } from "./transport.ts";
import { crmRecord, cursorPage, enveloped, fieldSearchPage, searchPage } from "./wire.ts";

type RecordCalls = Pick<
  Pipedrive,
  "get" | "create" | "patch" | "getMany" | "listUpdated" | "search" | "searchField" | "dealsOf"
>;

const MOST_IDS = 100;
const PAGE = 500;
/** Search refuses larger pages, whatever its document says. */
const SEARCH_PAGE = 100;
const MOST_SEARCH_PAGES = 5;

/** Reading, writing and finding organizations, persons and deals: all of it API v2. */
export function recordCalls(send: Send): RecordCalls {
  return {
    async get(object, id, options) {
      const call: Call = { operation: "get", object, id, method: "GET", path: pathOf(object, id) };
      return (await ask(send, call, enveloped(crmRecord), options)).data;
    },
    async create(object, body, options) {
      const call: Call = { operation: "create", object, method: "POST", path: pathOf(object), body };
      return (await ask(send, call, enveloped(crmRecord), options)).data;
    },
    async patch(object, id, body, options) {
      const call: Call = { operation: "patch", object, id, method: "PATCH", path: pathOf(object, id), body };
      return (await ask(send, call, enveloped(crmRecord), options)).data;
    },
    async getMany(object, ids, options) {
      const wanted = [...new Set(ids)];
      const records: CrmRecord[] = [];
      for (let from = 0; from < wanted.length; from += MOST_IDS) {
        const query = { ids: wanted.slice(from, from + MOST_IDS).join(","), limit: MOST_IDS };
        const call: Call = { operation: "getMany", object, method: "GET", path: pathOf(object), query };
        records.push(...((await ask(send, call, cursorPage(crmRecord), options)).data ?? []));
      }
      return records;
    },
    async listUpdated(object, updatedSince, { cursor, limit = PAGE } = {}, options) {
      const query = {
        updated_since: toWholeSeconds(updatedSince),
        sort_by: "update_time",
        sort_direction: "asc",
        limit,
        ...(cursor !== undefined && { cursor }),
      };
      const call: Call = { operation: "listUpdated", object, method: "GET", path: pathOf(object), query };
      const page = await ask(send, call, cursorPage(crmRecord), options);
      return { records: page.data ?? [], cursor: page.additional_data?.next_cursor ?? null };
    },
    search(object, { term, field, organizationId }, options) {
      const query = {
        term: term.trim(),
        fields: field,
        exact_match: true,
        ...(organizationId !== undefined && { organization_id: organizationId }),
      };
      const call: Call = { operation: "search", object, method: "GET", path: `${pathOf(object)}/search`, query };
      return allHits(call, async (page) => {
        const { data, additional_data } = await ask(send, page, searchPage, options);
        return { ids: data.items.map(({ item }) => item.id), cursor: additional_data?.next_cursor ?? null };
      });
    },
    searchField(object, { term, key }, options) {
      const query = { term: term.trim(), entity_type: object, field: key, match: "middle" };
      const call: Call = { operation: "searchField", object, method: "GET", path: "/api/v2/itemSearch/field", query };
      return allHits(call, async (page) => {
        const { data, additional_data } = await ask(send, page, fieldSearchPage, options);
        return { ids: data.map(({ id }) => id), cursor: additional_data?.next_cursor ?? null };
      });
    },
    async dealsOf(organizationId, options) {
      const order = { sort_by: "update_time", sort_direction: "desc", limit: MOST_IDS };
      const query = { org_id: organizationId, status: "open,won", ...order };
      const call: Call = { operation: "dealsOf", object: "deal", method: "GET", path: pathOf("deal"), query };
      return (await ask(send, call, cursorPage(crmRecord), options)).data ?? [];
    },
  };
}

/** All pages, because an answer cut short could pass for "not found" and lead to a second record. */
async function allHits(
  call: Call,
  read: (page: Call) => Promise<{ ids: number[]; cursor: string | null }>,
): Promise<number[]> {
  if (call.query?.term === "") throw new RecordError("SEARCH_TERM_EMPTY", `Pipedrive: ${describe(call)} has no term`);
  const ids: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_SEARCH_PAGES; page += 1) {
    const query: Call["query"] = { ...call.query, limit: SEARCH_PAGE, ...(cursor !== null && { cursor }) };
    const answer = await read({ ...call, query });
    ids.push(...answer.ids);
    cursor = answer.cursor;
    if (cursor === null) return [...new Set(ids)];
  }
  const most = MOST_SEARCH_PAGES * SEARCH_PAGE;
  throw new RecordError("SEARCH_TOO_BROAD", `Pipedrive: ${describe(call)} has more than ${most} hits`);
}

function pathOf(object: CrmObject, id?: number): string {
  return `/api/v2/${object}s${id === undefined ? "" : `/${id}`}`;
}

/** Pipedrive refuses fractions of a second; rounding down keeps the record that was changed within that second. */
function toWholeSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
