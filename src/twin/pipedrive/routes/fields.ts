import type { TwinClock } from "../../clock.ts";
import type { Company } from "../company.ts";
import { pageOf } from "../cursor.ts";
import { isHidden } from "../field-access.ts";
import { readFieldChange, readLabels, readNewField, readOptionIds, readOptions } from "../field-body.ts";
import { OPTION_TYPES } from "../field-types.ts";
import { addField, addOptions, allFields, fieldAnswer, removeField, removeOptions } from "../fields.ts";
import type { Route } from "../gate.ts";
import { type Field, OBJECTS, type ObjectName, type User } from "../model.ts";
import { permissionsOf } from "../permissions.ts";
import { forbidden, invalid, notFound } from "../problem.ts";
import { Query, refuseOthers } from "../query.ts";

/** v2 `{object}Fields` with their options. */
export function fieldRoutes(route: Route, clock: TwinClock): void {
  for (const object of OBJECTS) {
    readRoutes(route, object);
    writeRoutes(route, object, clock);
    optionRoutes(route, object, clock);
  }
}

const price = (object: ObjectName, operation: string, tokens: number) => ({
  operation: `${object}Fields.${operation}`,
  tokens,
});

function readRoutes(route: Route, object: ObjectName): void {
  route("GET", `/${object}Fields`, price(object, "list", 10), ({ company, user, query: raw }) => {
    const query = new Query(raw, ["include_fields", "limit", "cursor"]);
    const extra = extrasOf(company, object, query);
    const seen = allFields(company, object).filter((one) => !isHidden(company, object, one.field_code, user));
    const all = seen.map((field) => ({ ...field, ...extra(field.field_code) }));
    return { success: true, ...pageOf(all, company, query) };
  });
  route("GET", `/${object}Fields/:code`, price(object, "get", 1), ({ company, user, params, query: raw }) => {
    const extra = extrasOf(company, object, new Query(raw, ["include_fields"]));
    const field = allFields(company, object).find((one) => one.field_code === params.code);
    if (!field || isHidden(company, object, params.code, user)) throw notFound("Field");
    return { success: true, data: { ...field, ...extra(field.field_code) } };
  });
}

function writeRoutes(route: Route, object: ObjectName, clock: TwinClock): void {
  route("POST", `/${object}Fields`, price(object, "create", 5), ({ company, user, query, body }) => {
    refuseOthers(query);
    requireRight(company, user, "can_add_custom_fields");
    const given = readNewField(company, object, body);
    return { success: true, data: fieldAnswer(addField(company, given, clock.now())) };
  });
  route("PATCH", `/${object}Fields/:code`, price(object, "update", 5), ({ company, user, params, query, body }) => {
    refuseOthers(query);
    requireRight(company, user, "can_edit_custom_fields");
    const field = customField(company, object, params.code);
    const next: Field = { ...field, ...readFieldChange(company, field, body) };
    company.remember({ field: next });
    return { success: true, data: fieldAnswer(next) };
  });
  route("DELETE", `/${object}Fields/:code`, price(object, "delete", 3), ({ company, user, params, query }) => {
    refuseOthers(query);
    requireRight(company, user, "can_delete_custom_fields");
    const field = customField(company, object, params.code);
    removeField(company, field);
    return { success: true, data: fieldAnswer(field) };
  });
}

function optionRoutes(route: Route, object: ObjectName, clock: TwinClock): void {
  const url = `/${object}Fields/:code/options`;
  route("POST", url, price(object, "options.create", 5), ({ company, user, params, query, body }) => {
    refuseOthers(query);
    requireRight(company, user, "can_edit_custom_fields");
    const labels = readLabels(readOptions(body), "body");
    const { added } = addOptions(company, optionField(company, object, params.code), labels, clock.now());
    return answerOptions(added);
  });
  route("PATCH", url, price(object, "options.update", 5), ({ company, user, params, query, body }) => {
    refuseOthers(query);
    requireRight(company, user, "can_edit_custom_fields");
    const field = optionField(company, object, params.code);
    const labels = readLabels(readOptions(body), "body");
    const ids = readOptionIds(field, body);
    const options = field.options?.map((option) => {
      const at = ids.indexOf(option.id);
      return at < 0 ? option : { ...option, label: labels[at] as string };
    });
    company.remember({ field: { ...field, options: options ?? null } });
    return answerOptions((options ?? []).filter((option) => ids.includes(option.id)));
  });
  route("DELETE", url, price(object, "options.delete", 3), ({ company, user, params, query, body }) => {
    refuseOthers(query);
    requireRight(company, user, "can_edit_custom_fields");
    const field = optionField(company, object, params.code);
    return answerOptions(removeOptions(company, field, readOptionIds(field, body)));
  });
}

function answerOptions(options: { id: number; label: string }[]) {
  return { success: true, data: options.map(({ id, label }) => ({ id, label })), additional_data: null };
}

const EXTRAS = ["ui_visibility", "important_fields", "required_fields"];

/** What `include_fields` adds to each field; only deals know pipelines and stages. */
function extrasOf(company: Company, object: ObjectName, query: Query): (code: unknown) => Record<string, unknown> {
  const onDeal = object === "deal";
  const flags = { add_visible_flag: true, details_visible_flag: true };
  const inPipelines = { show_in_pipelines: { show_in_all: true, pipeline_ids: [] } };
  const nowhere = onDeal ? { enabled: false, stage_ids: [], statuses: {} } : { enabled: false };
  const values: Record<string, unknown> = {
    ui_visibility: onDeal ? { ...flags, projects_detail_visible_flag: false, ...inPipelines } : flags,
    important_fields: onDeal ? { enabled: false, stage_ids: [] } : { enabled: false },
  };
  const names = query.list("include_fields", { allowed: EXTRAS }) ?? [];
  return (code) => {
    const required_fields = company.fields[object].get(String(code))?.required_fields ?? nowhere;
    return Object.fromEntries(names.map((name) => [name, { ...values, required_fields }[name]]));
  };
}

type FieldRight = "can_add_custom_fields" | "can_edit_custom_fields" | "can_delete_custom_fields";

/** Options are part of their field: whoever may edit it may add, rename and delete them. */
function requireRight(company: Company, user: User, right: FieldRight): void {
  if (permissionsOf(company, user)[right]) return;
  throw forbidden("You do not have permissions to do this.", "ERR_FORBIDDEN");
}

function customField(company: Company, object: ObjectName, code = ""): Field {
  const field = company.fields[object].get(code);
  if (!field) throw notFound("Field");
  return field;
}

function optionField(company: Company, object: ObjectName, code?: string): Field {
  const field = customField(company, object, code);
  if (!OPTION_TYPES.has(field.field_type))
    throw invalid("field_code", `Fields of type ${field.field_type} have no options`);
  return field;
}
