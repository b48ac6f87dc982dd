import { BUILTIN_FIELDS } from "./builtin-fields.ts";
import type { Company } from "./company.ts";
import type { Field, ObjectName } from "./model.ts";

/** What a person asked for that cannot be done, with what could be. */
export class EditError extends Error {
  override name = "EditError";
}

/**
 * What a person typed, in the form of a v2 body. Keys are system fields (`name`, `value`, `stage_id`), readable forms
 * of some (`owner` by e-mail, `stage` and `pipeline` by name, `organization` and `person` by id), or `label:<name>`
 * for a field by its name; values of option fields are option labels, of user fields e-mails.
 *
 * @throws EditError when a name means nothing in this account
 */
export function toBody(company: Company, object: ObjectName, set: Record<string, unknown>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const custom: Record<string, unknown> = { ...(set.custom_fields as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries(set)) {
    if (key === "custom_fields") continue;
    const field = key.startsWith("label:") ? fieldByName(company, object, key.slice(6).trim()) : key;
    if (typeof field !== "string") custom[field.field_code] = fromLabel(company, field, value);
    else Object.assign(body, systemValue(company, field, value, set));
  }
  if (Object.keys(custom).length > 0) body.custom_fields = custom;
  return body;
}

/** A custom field, or the code of a built-in one. */
function fieldByName(company: Company, object: ObjectName, name: string): Field | string {
  const fields = [...company.fields[object].values()];
  const field = fields.find((one) => one.field_name === name);
  const builtin = BUILTIN_FIELDS[object].find(([, title]) => title === name)?.[0];
  const found = field ?? builtin;
  if (found) return found;
  const known = [...fields.map((one) => one.field_name), ...BUILTIN_FIELDS[object].map(([, title]) => title)];
  throw new EditError(`${company.domain} has no ${object} field "${name}". Known: ${known.join(", ")}`);
}

function fromLabel(company: Company, field: Field, value: unknown): unknown {
  if (value === null || value === "") return null;
  if (field.field_type === "enum") return optionId(field, value);
  if (field.field_type === "set") return (Array.isArray(value) ? value : [value]).map((one) => optionId(field, one));
  if (field.field_type === "user" && typeof value === "string") return userId(company, value);
  return value;
}

function optionId(field: Field, value: unknown): number {
  const found = field.options?.find((option) => option.label === value || option.id === value);
  if (found) return found.id;
  const known = field.options?.map((option) => option.label).join(", ");
  throw new EditError(`"${field.field_name}" has no option "${String(value)}". Known: ${known}`);
}

function userId(company: Company, email: string): number {
  const user = company.userByEmail(email);
  if (user) return user.id;
  const known = [...company.users.values()].map((one) => one.email).join(", ");
  throw new EditError(`${company.domain} has no user ${email}. Known: ${known}`);
}

function systemValue(company: Company, key: string, value: unknown, set: Record<string, unknown>) {
  if (key === "owner" || (key === "owner_id" && typeof value === "string")) {
    return { owner_id: userId(company, String(value)) };
  }
  if (key === "pipeline" || (key === "pipeline_id" && typeof value === "string")) {
    return { pipeline_id: pipelineByName(company, String(value)) };
  }
  if (key === "stage" || (key === "stage_id" && typeof value === "string")) {
    const within = set.pipeline === undefined ? undefined : pipelineByName(company, String(set.pipeline));
    return { stage_id: stageByName(company, String(value), within) };
  }
  if (key === "organization") return { org_id: value };
  if (key === "person") return { person_id: value };
  return { [key]: value };
}

function pipelineByName(company: Company, name: string): number {
  const found = company.openPipelines().find((pipeline) => pipeline.name === name);
  if (found) return found.id;
  const known = company.openPipelines().map((pipeline) => pipeline.name);
  throw new EditError(`${company.domain} has no pipeline "${name}". Known: ${known.join(", ")}`);
}

function stageByName(company: Company, name: string, within: number | undefined): number {
  const stages = company
    .openPipelines()
    .filter((pipeline) => within === undefined || pipeline.id === within)
    .flatMap((pipeline) => company.openStages(pipeline.id));
  const found = stages.filter((stage) => stage.name === name);
  if (found.length === 1 && found[0]) return found[0].id;
  if (found.length > 1) throw new EditError(`several pipelines have a stage "${name}": say which with "pipeline"`);
  throw new EditError(`no stage "${name}". Known: ${stages.map((stage) => stage.name).join(", ")}`);
}
