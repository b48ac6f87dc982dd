import { z } from "zod";
import { lookForDrift } from "../../operations/look-for-drift.ts";
import { pausedFields, pauseField, resumeField } from "../../operations/pause-field.ts";
import { DRIFT_CODES } from "../../sync/mapping/drift.ts";
import { CRM_OBJECTS, ROLES } from "../../sync/model.ts";
import { route } from "./route.ts";
import { line, tenantParams } from "./shapes.ts";

const tag = "Mappings";

const field = z.object({ role: z.enum(ROLES), field: z.string() });
const paused = z.array(
  field.extend({
    tenantId: z.string(),
    object: z.enum(CRM_OBJECTS),
    label: z.string(),
    cause: z.string().describe('What drifted, or "person".'),
    pausedBy: z.string().nullable(),
    pausedAt: z.date(),
  }),
);
const asked = z.object({
  field: line(200).describe("Its label in Pipedrive, or its path in the partner program."),
  object: z.enum(CRM_OBJECTS).optional().describe("Where several objects have such a field."),
});

export const mappingFieldRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/drift",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Compare the account with the mapping in force, now",
    description:
      "40 tokens where each list fits on a page. What drifted is paused, alone, with a finding; what was mended goes on. The workers do this by themselves from time to time, and after a refused write.",
    action: "mapping.drift",
    params: tenantParams,
    answer: z.object({
      tenantId: z.string(),
      drifts: z.array(field.extend({ code: z.enum(DRIFT_CODES), pauses: z.boolean(), message: z.string() })),
      resumed: z.array(field),
    }),
    async handle({ app, params: { tenant }, changed }) {
      const look = await lookForDrift(app, tenant);
      const drifts = look.drifts.map(({ code, role, field }) => ({ code, role, field }));
      changed({ target: "mapping", after: { drifts, resumed: look.resumed } });
      return look;
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/mapping/paused-fields",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Fields that stand still for the whole tenant",
    params: tenantParams,
    answer: paused,
    handle: ({ app, params }) => pausedFields(app, params.tenant),
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/paused-fields",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Let one field stand still for the whole tenant, both ways",
    description: "Everything else flows. Records that would be made without their id, or without a stage, wait.",
    action: "mapping.pause-field",
    params: tenantParams,
    body: asked,
    answer: paused,
    async handle({ app, actor, params: { tenant }, body, changed }) {
      changed({ target: `field ${body.field}`, after: { paused: true, object: body.object ?? null } });
      return pauseField(app, tenant, body, actor);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/paused-fields/resume",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Let a field flow again",
    description: "Drift that is still there pauses it again at the next look.",
    action: "mapping.resume-field",
    params: tenantParams,
    body: asked,
    answer: paused,
    async handle({ app, params: { tenant }, body, changed }) {
      changed({ target: `field ${body.field}`, after: { paused: false, object: body.object ?? null } });
      return resumeField(app, tenant, body);
    },
  }),
];
