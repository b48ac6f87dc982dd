import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { wholeSeconds } from "../clock.ts";
import { toAccess } from "../pipedrive/access-setup.ts";
import type { Actor } from "../pipedrive/blank.ts";
import { changeUser } from "../pipedrive/change-user.ts";
import type { Company } from "../pipedrive/company.ts";
import { toBody } from "../pipedrive/human-edit.ts";
import type { PipedriveTwin } from "../pipedrive/index.ts";
import { mergeRecords } from "../pipedrive/merge.ts";
import { OBJECTS } from "../pipedrive/model.ts";
import { readable } from "../pipedrive/readable.ts";
import { toUser } from "../pipedrive/user-answer.ts";
import { accessChanges } from "./access-changes.ts";
import { companyAt } from "./companies.ts";
import { ControlError, parse } from "./refusal.ts";

const object = z.enum(OBJECTS);
const by = z.email().optional();
const edit = z.strictObject({
  object: z.enum([...OBJECTS, "user"]),
  id: z.int().optional(),
  set: z.record(z.string(), z.unknown()),
  by,
});
const removal = z.strictObject({ object, id: z.int(), by });
const merge = z.strictObject({ object, id: z.int(), into: z.int(), by });
const place = z.looseObject({ object, id: z.coerce.number().int().optional() });

/** What a person does in the Pipedrive app: costs no tokens, and webhooks say `change_source: "app"`. */
export function humanRoutes(app: FastifyInstance, twin: PipedriveTwin): void {
  const { clock, journal } = twin.ctx;

  app.post("/companies/:domain/edit", async (request) => {
    const company = companyAt(twin, request.params);
    const given = parse(edit, request.body);
    const actor = personAt(company, given.by);
    if (given.object === "user") return editUser(twin, company, given.id, given.set, actor);
    const body = toBody(company, given.object, given.set);
    const row =
      given.id === undefined
        ? twin.records.create(company, given.object, body, actor)
        : twin.records.change(company, given.object, given.id, body, actor);
    return readable(company, given.object, row.data);
  });

  app.post("/companies/:domain/delete", async (request) => {
    const company = companyAt(twin, request.params);
    const given = parse(removal, request.body);
    twin.records.remove(company, given.object, given.id, personAt(company, given.by));
    return readable(company, given.object, twin.records.row(company, given.object, given.id).data);
  });

  // Within 30 days. What a webhook says of it is not documented: here it is a change that names nothing as changed.
  app.post("/companies/:domain/restore", async (request) => {
    const company = companyAt(twin, request.params);
    const { object, id, by } = parse(removal, request.body);
    const { data } = twin.records.row(company, object, id);
    const restored = { ...data, is_deleted: false, update_time: wholeSeconds(clock.now()) };
    const about = { object, action: "change", actor: personAt(company, by) } as const;
    return readable(company, object, twin.records.replace(company, { ...about, data: restored }).data);
  });

  app.post("/companies/:domain/merge", async (request) => {
    const company = companyAt(twin, request.params);
    const { object, id, into, by } = parse(merge, request.body);
    const parts = { records: twin.records, clock, journal };
    const row = mergeRecords(parts, company, { object, id, intoId: into, actor: personAt(company, by) });
    return readable(company, object, row.data);
  });

  app.get("/companies/:domain/records/:object", async (request) => {
    const company = companyAt(twin, request.params);
    const { object } = parse(place, request.params);
    return { records: [...company.tables[object].all()].map((row) => readable(company, object, row.data)) };
  });
  app.get("/companies/:domain/records/:object/:id", async (request) => {
    const company = companyAt(twin, request.params);
    const { object, id } = parse(place, request.params);
    const row = company.tables[object].get(id ?? 0);
    if (!row) throw new ControlError(404, `${company.domain} has no ${object} ${id}`);
    return readable(company, object, row.data);
  });
  app.get("/companies/:domain/notes", async (request) => ({
    notes: [...companyAt(twin, request.params).notes.values()],
  }));
}

/** The user who edits: the one named, or the first. */
function personAt(company: Company, email: string | undefined): Actor {
  const user = email === undefined ? [...company.users.values()][0] : company.userByEmail(email);
  if (user) return { userId: user.id, source: "app" };
  const known = [...company.users.values()].map((one) => one.email);
  throw new ControlError(400, `by: ${company.domain} has no user ${email}. Known: ${known.join(", ")}`);
}

const userChanges = z.strictObject({
  active_flag: z.boolean().optional(),
  name: z.string().min(1).optional(),
  email: z.email().optional(),
  admin: z.boolean().optional(),
  /** Removed from the company, which deactivates too. */
  is_deleted: z.boolean().optional(),
  ...accessChanges,
});

function editUser(twin: PipedriveTwin, company: Company, id: number | undefined, set: unknown, actor: Actor) {
  const user = company.users.get(id ?? 0);
  if (!user)
    throw new ControlError(404, `${company.domain} has no user ${id}; new ones come with POST /_twin/companies`);
  const { permission_sets, role, last_login, activated, ...plain } = parse(userChanges, set);
  const access = toAccess(company, { permission_sets, role, last_login, activated });
  const gone = plain.is_deleted ? { active_flag: false } : {};
  // Whoever becomes an administrator gets the usual sets of one, and the other way round.
  const usual = plain.admin === undefined ? {} : { permission_sets: undefined };
  const parts = { ...twin.ctx, webhooks: twin.webhooks };
  const changed = changeUser(parts, company, user, { ...plain, ...gone, ...usual, ...access }, actor);
  return toUser(company, changed);
}
