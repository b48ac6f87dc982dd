import { z } from "zod";
import { linkRecord, unlinkRecord } from "../../operations/link-records.ts";
import { CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../../sync/model.ts";
import { route } from "./route.ts";
import { line, rowId, tenantParams } from "./shapes.ts";

const tag = "Records";

const pair = z.object({
  object: z.enum(CRM_OBJECTS),
  crmId: rowId.describe("Of the record in Pipedrive."),
  kind: z.enum(PROGRAM_KINDS),
  programId: line(64).describe("Of the aggregate in the partner program."),
});

const relinked = z.object({
  tenantId: z.string(),
  ...pair.shape,
  crmId: z.number(),
  role: z.enum(ROLES).describe("What the record is to the program."),
  changed: z.boolean().describe("False when it was so already."),
  formerBases: z.boolean().describe("It goes on from what both sides agreed on before it was unlinked."),
});

export const linkRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/links",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Tie a record and an aggregate of the program together",
    description:
      "Both are read (1 token) and brought into step by the mapping. An organization is a partner, or the customer of a deal registration; a person is a contact, or that customer's; a deal is a deal registration. Undone by unlinking.",
    action: "link.add",
    params: tenantParams,
    body: pair,
    answer: relinked,
    async handle({ app, actor, params: { tenant }, body, changed }) {
      const done = await linkRecord(app, tenant, body, actor.name);
      changed({ ...shown(body), before: { linked: !done.changed }, after: { linked: true } });
      return done;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/links/unlink",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Untie a record from its aggregate",
    description:
      "No field is touched on either side: ids of ours stay in Pipedrive. The program is told; the sync does not tie the two together again by itself. Undone by linking: it goes on from what both sides had agreed on.",
    action: "link.remove",
    params: tenantParams,
    body: pair,
    answer: relinked,
    async handle({ app, actor, params: { tenant }, body, changed }) {
      const done = await unlinkRecord(app, tenant, body, actor.name);
      changed({ ...shown(body), before: { linked: done.changed }, after: { linked: false } });
      return done;
    },
  }),
];

function shown({ object, crmId, kind, programId }: z.output<typeof pair>) {
  return { target: `${object} ${crmId}, ${kind} ${programId}` };
}
