import { z } from "zod";
import { InputError } from "../../errors.ts";
import { heldBack } from "../../operations/held-back.ts";
import { describeRecord } from "../../operations/record-text.ts";
import { syncRecord } from "../../operations/sync-record.ts";
import { ROLES } from "../../sync/model.ts";
import { recordParams, toName } from "./record-name.ts";
import { route } from "./route.ts";
import { finding, recordObject } from "./shapes.ts";

const tag = "Records";

const anyRow = z.looseObject({});

const view = z.object({
  tenantId: z.string(),
  lane: anyRow,
  links: z.array(anyRow),
  unread: z.number().describe("Deliveries that no run has read yet."),
  openIntents: z.array(anyRow),
  history: z.array(anyRow).describe("The last 20, newest first."),
  findings: z.array(finding),
  heldBack: z.array(z.string()).describe("Why nothing of its tenant is worked on now."),
  standing: z
    .array(z.object({ role: z.enum(ROLES), field: z.string(), cause: z.string() }))
    .describe("Fields of its roles that stand still for the whole tenant."),
  text: z.string().describe("All of that in words, for people."),
});

export const recordRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/records/:object/:id",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "All that is known of a record and what was decided about it",
    action: "record.read",
    params: recordParams,
    answer: view,
    async handle({ app, params: { tenant, object, id }, changed }) {
      changed({ target: `${object} ${id}` });
      const found = await app.records.find(tenant, toName({ object, id }));
      if (!found) {
        const hint = `have it looked at: partnersync sync ${object} ${id} --tenant ${tenant}`;
        throw new InputError("UNKNOWN_RECORD", `${tenant}: nothing is known of ${object} ${id}`, "id", hint);
      }
      const waits = await heldBack(app, tenant);
      const mapping = await app.mappings.live(tenant).catch(() => null); // what is wrong with it is among the waits
      const standing = (await app.pausedFields.inForce(tenant))
        .filter(({ role }) => found.links.some((link) => link.role === role))
        .map(({ role, field, cause }) => ({ role, field, cause }));
      const text = describeRecord(found, mapping?.plan ?? null, waits, standing);
      return toAnswer({ ...found, heldBack: waits, standing, text });
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/records/:object/:id/sync",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Have the workers look at a record again, whatever state it is in",
    action: "record.sync",
    params: recordParams,
    answer: z.object({ tenantId: z.string(), object: recordObject, id: z.string(), asked: z.literal(true) }),
    async handle({ app, params: { tenant, object, id }, changed }) {
      await syncRecord(app, tenant, toName({ object, id }));
      changed({ target: `${object} ${id}` });
      return { tenantId: tenant, object, id, asked: true as const };
    },
  }),
];

/** Rows of the store, instants and all, as the open shapes of JSON take them. */
function toAnswer(found: unknown): z.output<typeof view> {
  return found as z.output<typeof view>;
}
