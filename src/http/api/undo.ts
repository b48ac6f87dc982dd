import { z } from "zod";
import { applyUndo, planUndo } from "../../operations/undo.ts";
import { undoCreate } from "../../operations/undo-create.ts";
import { recordParams, toName } from "./record-name.ts";
import { route } from "./route.ts";
import { line, moment, recordObject } from "./shapes.ts";

const tag = "History";
const side = z.enum(["crm", "program"]);

export const undoRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/records/:object/:id/undo/plan",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "What putting former values back would write where, and its price; nothing is done",
    action: "record.undo.plan",
    params: recordParams,
    body: z.object({
      field: line(200).optional().describe("Label or path of one field; else the whole record."),
      before: moment.optional().describe("As it was right before then; default: before the last change."),
    }),
    answer: z.object({
      ...{ tenantId: z.string(), record: z.string(), before: z.date() },
      plan: z.string().describe("What to apply; of no use once a side has changed."),
      writes: z.array(
        z.object({
          ...{ side, role: z.string(), field: z.string(), label: z.string() },
          ...{ now: z.unknown(), value: z.unknown() },
        }),
      ),
      left: z.array(z.object({ label: z.string(), why: z.string() })),
      ...{ tokens: z.number(), text: z.string() },
    }),
    async handle({ app, params, body, changed }) {
      changed({ target: `${params.object} ${params.id}` });
      return planUndo(app, params.tenant, toName(params), body);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/records/:object/:id/undo",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Have the workers put former values back, exactly as a plan says",
    description: "Applying a plan again does nothing. It stops where a side was changed since, with a finding.",
    action: "record.undo",
    params: recordParams,
    body: z.object({ plan: line(1_000) }),
    answer: z.object({
      ...{ tenantId: z.string(), record: z.string(), sides: z.array(side), already: z.boolean() },
      labels: z.array(z.string()),
    }),
    async handle({ app, actor, params, body, changed }) {
      const done = await applyUndo(app, params.tenant, toName(params), body.plan, actor);
      changed({ target: done.record, after: { sides: done.sides, fields: done.labels } });
      return done;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/records/:object/:id/undo/create",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Take back that the sync made a record: untied, our ids emptied in Pipedrive, nothing deleted",
    action: "record.undo.create",
    params: recordParams,
    body: z.object({ confirm: z.boolean().default(false).describe("Else it is only said what would be done.") }),
    answer: z.object({
      ...{ tenantId: z.string(), record: z.string(), done: z.boolean() },
      unlinked: z.array(
        z.object({ object: recordObject, crmId: z.number(), kind: recordObject, programId: z.string() }),
      ),
      cleared: z.array(z.string()).describe("Labels of fields in Pipedrive."),
      ...{ tokens: z.number(), text: z.string() },
    }),
    async handle({ app, actor, params, body: { confirm }, changed }) {
      const undone = await undoCreate(app, params.tenant, toName(params), { confirm, by: actor });
      changed({ target: undone.record, after: { done: undone.done, cleared: undone.cleared } });
      return undone;
    },
  }),
];
