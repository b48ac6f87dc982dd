import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { wholeSeconds } from "../clock.ts";
import type { Company } from "../pipedrive/company.ts";
import { CREATABLE_TYPES, OPTION_TYPES, typeOfUiWord, UI_WORD_LIST } from "../pipedrive/field-types.ts";
import type { PipedriveTwin } from "../pipedrive/index.ts";
import { FIELD_RESTRICTIONS, type Field, OBJECTS, type Pipeline, type Stage } from "../pipedrive/model.ts";
import { companyAt } from "./companies.ts";
import { ControlError, parse } from "./refusal.ts";

const named = { object: z.enum(OBJECTS), label: z.string() };
/** Of one field, for whoever is no administrator. */
const restriction = z.strictObject({ ...named, as: z.enum(FIELD_RESTRICTIONS).nullable() });
const retyping = z.strictObject({ ...named, type: z.string() });
const stageChange = z.strictObject({
  pipeline: z.string(),
  /** Absent: the pipeline itself, with all its stages. */
  stage: z.string().optional(),
  archived: z.boolean().optional(),
  name: z.string().trim().min(1).max(255).optional(),
});

/** What an administrator does to fields and pipelines in the account's settings. No webhook tells of any of it. */
export function settingsRoutes(app: FastifyInstance, twin: PipedriveTwin): void {
  app.post("/companies/:domain/restrict", async (request) => {
    const company = companyAt(twin, request.params);
    const { object, label, as } = parse(restriction, request.body);
    const { restricted: _, ...open } = fieldAt(company, { object, label });
    company.remember({ field: as === null ? open : { ...open, restricted: as } });
    return { object, label, as };
  });

  // No API does this, and no source says what the app allows. A field made anew has another key: that the API can do.
  app.post("/companies/:domain/retype", async (request) => {
    const company = companyAt(twin, request.params);
    const { object, label, type: word } = parse(retyping, request.body);
    const field = fieldAt(company, { object, label });
    const type = typeOfUiWord(word) ?? CREATABLE_TYPES.find((one) => one === word);
    if (!type) throw new ControlError(400, `type: unknown "${word}". Known: ${UI_WORD_LIST.join(", ")}, or API types`);
    if (OPTION_TYPES.has(type) !== OPTION_TYPES.has(field.field_type)) {
      throw new ControlError(409, `"${label}" cannot become ${word}: the values of fields with options are others`);
    }
    company.remember({ field: { ...field, field_type: type } });
    return { object, label, type };
  });

  app.post("/companies/:domain/stage", async (request) => {
    const company = companyAt(twin, request.params);
    const { pipeline, stage, archived, name } = parse(stageChange, request.body);
    const found = pipelineAt(company, pipeline);
    const update_time = wholeSeconds(twin.ctx.clock.now());
    const changes = {
      ...(archived !== undefined && { is_deleted: archived }),
      ...(name !== undefined && { name }),
      update_time,
    };
    if (stage === undefined) company.remember({ pipeline: { ...found, ...changes } });
    else company.remember({ stage: { ...stageAt(company, found, stage), ...changes } });
    return { pipeline, stage: stage ?? null, archived: archived ?? false, name: name ?? stage ?? pipeline };
  });
}

function fieldAt(company: Company, { object, label }: { object: Field["object"]; label: string }): Field {
  const field = [...company.fields[object].values()].find(({ field_name }) => field_name === label);
  if (!field) throw new ControlError(404, `${company.domain} has no custom ${object} field "${label}"`);
  return field;
}

/** Archived ones are found too: they can be restored. */
function pipelineAt(company: Company, name: string): Pipeline {
  const found = [...company.pipelines.values()].find((one) => one.name === name);
  if (found) return found;
  const known = [...company.pipelines.values()].map((one) => one.name);
  throw new ControlError(404, `${company.domain} has no pipeline "${name}". Known: ${known.join(", ")}`);
}

function stageAt(company: Company, { id, name: pipeline }: Pipeline, name: string): Stage {
  const stages = [...company.stages.values()].filter((one) => one.pipeline_id === id);
  const found = stages.find((one) => one.name === name);
  if (found) return found;
  throw new ControlError(404, `${pipeline} has no stage "${name}". Known: ${stages.map((one) => one.name).join(", ")}`);
}
