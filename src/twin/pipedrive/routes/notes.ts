import { type TwinClock, wholeSeconds } from "../../clock.ts";
import type { Company } from "../company.ts";
import type { Route } from "../gate.ts";
import type { Note, User } from "../model.ts";
import { v1Problem } from "../problem.ts";
import { v1Time } from "../user-answer.ts";

const TARGETS = { deal_id: "deal", person_id: "person", org_id: "organization" } as const;
type Target = keyof typeof TARGETS;

/** v1 notes on deals, persons and organizations. Unknown keys are ignored, as v1 does. */
export function noteRoutes(route: Route, clock: TwinClock): void {
  route("POST", "/notes", { tokens: 10, operation: "notes.create" }, ({ company, user, body }) => {
    const given = readNote(company, body);
    const time = wholeSeconds(clock.now());
    const id = company.nextNoteId();
    const note: Note = { id, user_id: user.id, ...given, add_time: time, update_time: time, last_update_user_id: null };
    company.remember({ note });
    return { success: true, data: noteAnswer(company, note, user) };
  });
  route("GET", "/notes", { tokens: 20, operation: "notes.list" }, ({ company, user, query }) => {
    const { start = "0", limit = "100", ...filters } = query as Record<string, string>;
    const from = Number(start);
    const most = Math.min(Number(limit), 500);
    const all = [...company.notes.values()].filter((note) =>
      (["deal_id", "person_id", "org_id", "user_id"] as const).every(
        (key) => filters[key] === undefined || String(note[key]) === filters[key],
      ),
    );
    const data = all.slice(from, from + most).map((note) => noteAnswer(company, note, user));
    const more = from + data.length < all.length;
    const next = more ? { next_start: from + data.length } : {};
    const pagination = { start: from, limit: most, more_items_in_collection: more, ...next };
    return { success: true, data, additional_data: { pagination } };
  });
  route("GET", "/notes/:id", { tokens: 2, operation: "notes.get" }, ({ company, user, params }) => ({
    success: true,
    data: noteAnswer(company, noteOf(company, params.id), user),
  }));
  route("DELETE", "/notes/:id", { tokens: 6, operation: "notes.delete" }, ({ company, params }) => {
    company.remember({ noteGone: noteOf(company, params.id).id });
    return { success: true, data: true };
  });
}

function noteOf(company: Company, id?: string): Note {
  const note = company.notes.get(Number(id));
  if (!note) throw v1Problem(404, "Note not found");
  return note;
}

function readNote(company: Company, body: unknown) {
  const given = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof given.content !== "string" || given.content.trim() === "") throw v1Problem(400, "Content must be given.");
  const target = (key: Target): number | null => {
    if (given[key] === undefined || given[key] === null) return null;
    const id = Number(given[key]);
    if (company.tables[TARGETS[key]].get(id)?.data.is_deleted === false) return id;
    throw v1Problem(400, `${key} ${String(given[key])} does not exist or is not accessible.`);
  };
  const note = {
    content: given.content,
    deal_id: target("deal_id"),
    person_id: target("person_id"),
    org_id: target("org_id"),
    lead_id: null,
  };
  if (note.deal_id ?? note.person_id ?? note.org_id) return note;
  throw v1Problem(400, "At least one of lead_id, deal_id, person_id, org_id, project_id or task_id must be given.");
}

function noteAnswer(company: Company, note: Note, viewer: User): Record<string, unknown> {
  const author = company.users.get(note.user_id);
  const data = (key: Target) => (note[key] === null ? undefined : company.tables[TARGETS[key]].get(note[key])?.data);
  const deal = data("deal_id");
  const person = data("person_id");
  const organization = data("org_id");
  return {
    ...note,
    add_time: v1Time(note.add_time),
    update_time: v1Time(note.update_time),
    active_flag: true,
    project_id: null,
    pinned_to_lead_flag: false,
    pinned_to_deal_flag: false,
    pinned_to_organization_flag: false,
    pinned_to_person_flag: false,
    pinned_to_project_flag: false,
    deal: deal ? { title: deal.title } : null,
    person: person ? { name: person.name } : null,
    organization: organization ? { name: organization.name } : null,
    project: null,
    user: { email: author?.email, icon_url: null, is_you: note.user_id === viewer.id, name: author?.name },
  };
}
