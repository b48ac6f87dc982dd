import { isDeepStrictEqual } from "node:util";
import { type TwinClock, wholeSeconds } from "../clock.ts";
import type { Journal } from "../journal.ts";
import { type Actor, blank } from "./blank.ts";
import { type ReadBody, readBody } from "./body.ts";
import type { Company } from "./company.ts";
import { completeDeal } from "./deal-rules.ts";
import type { ObjectName, RecordData, Row } from "./model.ts";
import { completePerson } from "./person-rules.ts";
import { invalid, noRecord, Problem } from "./problem.ts";

/** A change that happened, as webhooks tell it. */
export interface Change {
  object: ObjectName;
  action: "create" | "change" | "delete";
  /** Null when it was created. */
  before: Row | null;
  after: Row;
  actor: Actor;
  mergedTo?: number;
  mergedFrom?: number;
}

/** What is known of a change before it happens. */
type About = Omit<Change, "before" | "after">;

/** Creates, changes and deletes records of any company; each change is journalled together with its webhooks. */
export interface Records {
  /** The record of an id, deleted ones within 30 days included. @throws Problem 404 */
  row(company: Company, object: ObjectName, id: number): Row;
  create(company: Company, object: ObjectName, body: unknown, actor: Actor): Row;
  /** Carries out a partial body; a body that changes nothing leaves the record untouched. */
  change(company: Company, object: ObjectName, id: number, body: unknown, actor: Actor): Row;
  remove(company: Company, object: ObjectName, id: number, actor: Actor): void;
  /** Puts prepared values in place of a record's; for merges. */
  replace(company: Company, change: About & { data: RecordData }): Row;
}

const KEPT_DELETED_MS = 30 * 24 * 60 * 60 * 1000;
const TITLE = { deal: "title", person: "name", organization: "name" } as const;

export function createRecords(options: {
  clock: TwinClock;
  journal: Journal;
  changed(company: Company, change: Change): void;
}): Records {
  const { clock, journal, changed } = options;

  function row(company: Company, object: ObjectName, id: number): Row {
    const found = company.tables[object].get(id);
    if (!found) throw missing(company, object);
    if (found.data.is_deleted && clock.now() - found.touchedAt > KEPT_DELETED_MS) throw missing(company, object);
    return found;
  }

  /** Only records that are not deleted can be written. */
  function living(company: Company, object: ObjectName, id: number): Row {
    const found = row(company, object, id);
    if (found.data.is_deleted) throw missing(company, object);
    return found;
  }

  function put(company: Company, data: RecordData, last: Row | undefined, about: About): Row {
    const firstWonTime = last?.firstWonTime ?? (data.won_time as string | null | undefined) ?? null;
    const next: Row = { data, revision: (last?.revision ?? 0) + 1, touchedAt: clock.now(), firstWonTime };
    journal.together(() => {
      company.remember({ object: about.object, row: next });
      changed(company, { ...about, before: last ?? null, after: next });
    });
    return next;
  }

  return {
    row,
    create(company, object, body, actor) {
      const read = readBody(company, object, body, "create");
      requireForCreate(company, object, read.system, actor);
      const id = company.tables[object].nextId(company.identity.firstId(object));
      const now = wholeSeconds(clock.now());
      const empty = blank(company, object, id, actor, now);
      const system = complete(company, object, empty, read.system, now);
      if (object === "deal") system.stage_change_time = null; // only a move counts as a change of stage
      const data = { ...empty, ...defined(system), custom_fields: merge({}, read.custom) };
      return put(company, data, undefined, { object, action: "create", actor });
    },
    change(company, object, id, body, actor) {
      const last = living(company, object, id);
      const before = last.data;
      const read = readBody(company, object, body, "change");
      if (before.is_archived && !company.info.switches.archivedDealsEditable && actor.source === "api") {
        throw new Problem(400, { success: false, error: "Archived deals cannot be edited", code: "ERR_BAD_REQUEST" });
      }
      const data = changedData(company, object, before, read, wholeSeconds(clock.now()));
      if (isDeepStrictEqual(data, before) && !company.info.switches.noopPatchWebhook) return last;
      data.update_time = wholeSeconds(clock.now());
      return put(company, data, last, { object, action: "change", actor });
    },
    remove(company, object, id, actor) {
      const last = row(company, object, id);
      if (last.data.is_deleted) {
        if (company.info.switches.repeatedDelete === 200) return;
        throw missing(company, object);
      }
      const data = { ...last.data, is_deleted: true, update_time: wholeSeconds(clock.now()) };
      put(company, data, last, { object, action: "delete", actor });
    },
    replace(company, { data, ...about }) {
      return put(company, data, company.tables[about.object].get(data.id), about);
    },
  };
}

function missing(company: Company, object: ObjectName): Problem {
  return noRecord(object, company.info.switches.notFoundBody);
}

function changedData(company: Company, object: ObjectName, before: RecordData, read: ReadBody, now: string) {
  const system = complete(company, object, before, read.system, now);
  return { ...before, ...defined(system), custom_fields: merge(before.custom_fields, read.custom) } as RecordData;
}

function complete(company: Company, object: ObjectName, before: RecordData, system: ReadBody["system"], now: string) {
  const { marketing_status: _, ...kept } = system; // accepted, answered only through include_fields
  if (object === "deal") return completeDeal(company, before, kept, now);
  return object === "person" ? completePerson(before, kept) : kept;
}

function requireForCreate(company: Company, object: ObjectName, system: ReadBody["system"], actor: Actor): void {
  if (object === "person") {
    if (system.name ?? (system.first_name && system.last_name)) return;
    throw invalid("name", "Required, or both first_name and last_name");
  }
  const title = TITLE[object];
  if (system[title] === undefined) throw invalid(title, "Required");
  const lonely = object === "deal" && system.person_id == null && system.org_id == null;
  if (lonely && actor.source === "api" && company.info.switches.dealNeedsContact) {
    throw invalid("person_id", "A deal must be linked to a person or an organization");
  }
}

/** Custom fields merge key by key; null takes a value away. */
function merge(before: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...before, ...changes };
  for (const [code, value] of Object.entries(merged)) if (value === null) delete merged[code];
  return merged;
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
