import type { App } from "../app.ts";
import { ConnectionError, InputError, OutcomeUnknownError, RecordError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { maskKey } from "../sync/mapping/finding.ts";
import { type AccountFields, type FieldState, fieldState, sixFieldStates } from "../sync/mapping/six-fields.ts";
import { OBJECT_NAMES, SIX_FIELDS, TYPE_WORDS } from "../sync/mapping/words.ts";
import type { CrmObject } from "../sync/model.ts";
import { connectedPipedrive } from "./connected-pipedrive.ts";

/** How the six fields of an account stand, and what it would cost to have them all. */
export interface SixFieldsReport {
  tenantId: string;
  companyDomain: string | null;
  fields: FieldState[];
  /** Nothing is missing, and nothing stands in the way. */
  complete: boolean;
  /** Of providing what is missing, in tokens, where each list of fields fits on a page. */
  price: number;
}

export interface ProvidedFields extends SixFieldsReport {
  /** What was done, in the order of the document. */
  done: { object: CrmObject; label: string; what: "created" | "options added"; options: string[] }[];
}

const WHY = { purpose: "setup" };

/**
 * Looks at the six fields of a tenant's account: 30 tokens. Needs no mapping.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED; the errors of `Pipedrive`
 */
export async function verifySixFields(app: App, tenantId: string): Promise<SixFieldsReport> {
  const { connection, pipedrive } = await connectedPipedrive(app, tenantId);
  return masked(reportOf(tenantId, connection.companyDomain, await allFields(pipedrive)));
}

/**
 * Creates what an account lacks of the six fields, and the options the status lacks. What is there already is used and
 * stays as it is. Each is looked for once more right before it is made: whoever continues after a crash, or meets
 * somebody else at the same work, makes none twice.
 *
 * @throws InputError FIELDS_BLOCKED before anything is touched; FIELDS_LIMIT, FIELDS_FORBIDDEN, FIELDS_UNCERTAIN, which
 *   say what was done by then; UNDER_WAY; else what `verifySixFields` throws
 */
export async function provideSixFields(app: App, tenantId: string): Promise<ProvidedFields> {
  const { connection, pipedrive } = await connectedPipedrive(app, tenantId);
  return app.tenants.alone(tenantId, "fields provision", async () => {
    const before = reportOf(tenantId, connection.companyDomain, await allFields(pipedrive));
    refuseBlocked(before.fields);
    return masked({ ...before, price: 0, ...(await provideEach(pipedrive, before.fields)) });
  });
}

async function provideEach(pipedrive: Pipedrive, states: readonly FieldState[]) {
  const done: ProvidedFields["done"] = [];
  const fields: FieldState[] = [];
  for (const [index, state] of states.entries()) {
    const six = SIX_FIELDS[index]!; // both are in the order of the document
    if (state.state === "ready") {
      fields.push(state);
      continue;
    }
    const now = fieldState(six, await patiently(() => pipedrive.fields(six.object, WHY)));
    refuseBlocked([now]);
    const made = await provide(pipedrive, now).catch((error) => {
      throw refusal(error, now, done);
    });
    if (made) done.push(made.done);
    fields.push(made ? fieldState(six, [made.field]) : now);
  }
  return { fields, done, complete: fields.every((one) => one.state === "ready") };
}

async function provide(pipedrive: Pipedrive, { object, label, type, state, key, options }: FieldState) {
  if (state === "missing") {
    const field = { name: label, type: TYPE_WORDS[type], ...(options.length > 0 && { options }) };
    const made = await patiently(() => pipedrive.createField(object, field, WHY));
    return { field: made, done: { object, label, what: "created" as const, options } };
  }
  if (state !== "options missing" || key === null) return null;
  await patiently(() => pipedrive.addOptions(object, key, options, WHY));
  const field = await patiently(() => pipedrive.field(object, key, WHY));
  return { field, done: { object, label, what: "options added" as const, options } };
}

async function allFields(pipedrive: Pipedrive): Promise<AccountFields> {
  const organization = await patiently(() => pipedrive.fields("organization", WHY));
  const person = await patiently(() => pipedrive.fields("person", WHY));
  const deal = await patiently(() => pipedrive.fields("deal", WHY));
  return { organization, person, deal };
}

const patiently = <T>(call: () => Promise<T>) => withPatience(call);

/** All three lists are read first, and the one of each that lacks something right before it is made. */
function reportOf(tenantId: string, companyDomain: string | null, all: AccountFields): SixFieldsReport {
  const fields = sixFieldStates(all);
  const lacking = fields.filter(({ state }) => state === "missing" || state === "options missing");
  const each = lacking.map(({ state }) => {
    return PRICES.fields + (state === "missing" ? PRICES.createField : PRICES.addOptions + PRICES.field);
  });
  const price = lacking.length === 0 ? 0 : 3 * PRICES.fields + each.reduce((sum, tokens) => sum + tokens, 0);
  return { tenantId, companyDomain, fields, complete: fields.every(({ state }) => state === "ready"), price };
}

/** Whoever needs the keys takes them from the document that is drafted for the account. */
function masked<R extends SixFieldsReport>(report: R): R {
  return { ...report, fields: report.fields.map((one) => ({ ...one, key: one.key && maskKey(one.key) })) };
}

function nameOf({ object, label }: Pick<FieldState, "object" | "label">): string {
  return `${OBJECT_NAMES[object]} "${label}"`;
}

function refuseBlocked(fields: readonly FieldState[]): void {
  const blocked = fields.filter(({ state }) => state === "blocked");
  if (blocked.length === 0) return;
  const message = `fields stand in the way: ${blocked.map((one) => `${nameOf(one)}. ${one.notes.join(" ")}`).join(" ")}`;
  const hint = "settle it in Pipedrive: Settings > Data fields; then run it again";
  throw new InputError("FIELDS_BLOCKED", message, "fields", hint);
}

/** What a refused creation means for whoever waits for it, with what is there by then. */
function refusal(error: unknown, field: FieldState, done: ProvidedFields["done"]): unknown {
  const sofar = done.length === 0 ? "Nothing was created." : `Done before: ${done.map(nameOf).join(", ")}.`;
  const again = "then run it again: it goes on from there";
  const refused = (code: string, why: string, hint: string) =>
    Object.assign(new InputError(code, `${nameOf(field)} ${why} ${sofar}`, "fields", hint), { cause: error });
  if (error instanceof OutcomeUnknownError) {
    const hint = "run it again: it looks for the field first, and makes it only if it is not there";
    return refused("FIELDS_UNCERTAIN", "may have been created or not: Pipedrive's answer was lost.", hint);
  }
  if (error instanceof RecordError && error.code === "PLAN_LIMIT_REACHED") {
    const hint = `delete custom fields that nobody uses, or take a larger plan; ${again}`;
    return refused("FIELDS_LIMIT", "cannot be created: the account's plan allows no more custom fields.", hint);
  }
  const forbidden =
    (error instanceof RecordError && error.code === "FORBIDDEN_BY_PIPEDRIVE") ||
    (error instanceof ConnectionError && error.problem === "FORBIDDEN");
  if (forbidden) {
    const right = field.state === "missing" ? "add" : "edit";
    const hint = `give the token's user the right to ${right} custom fields, or have an administrator do it by hand; ${again}`;
    return refused("FIELDS_FORBIDDEN", `cannot be provided: the token's user may not ${right} custom fields.`, hint);
  }
  return error;
}
