import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import {
  EXPORT_COLUMNS,
  exportedHistory,
  fieldHistory,
  laneOf,
  type ToldEntry,
} from "../../operations/field-history.ts";
import { verifyHistory } from "../../operations/verify-history.ts";
import { whyField } from "../../operations/why-field.ts";
import { fromCursor, pageOf, pageQuery, toPage } from "./page.ts";
import { recordParams, toName } from "./record-name.ts";
import { fileAnswer, route } from "./route.ts";
import { line, moment, recordObject, tenantParams } from "./shapes.ts";

const tag = "History";

const period = z.object({
  from: moment.optional(),
  to: moment.optional().describe("Up to, and without, this instant."),
});

const value = z.unknown().describe("In the common form of both sides; absent: unknown.");
const text = z.string().nullable();
const number = z.number().nullable();

const entry = z.object({
  id: z.number(),
  at: z.date().describe("When it was written down."),
  changedAt: text.describe("When it was changed, by that side's word."),
  ...{ object: text, crmId: number, kind: text, programId: text, role: z.string(), field: z.string() },
  label: z.string(),
  event: z.string().describe("seen: changed by somebody else; written, conflict, linked, refused: ours."),
  side: z.enum(["crm", "program"]).nullable(),
  before: value,
  value,
  keptAs: z.unknown().describe("What the written side answered, where that is something else."),
  by: z.string(),
  ...{ winner: text, rule: text, revision: z.number(), intentId: number, correlation: text },
  causes: z.array(z.string()).describe("Deliveries that were being read."),
  position: number.describe("Place in the sealed chain; null: not sealed yet."),
  text: z.string(),
});

const toAnswer = ({ content: _, ...row }: ToldEntry) => row;
const place = z.tuple([moment, z.number().int()]);

export const historyRoutes = [
  route({
    method: "GET",
    path: "/tenants/:tenant/records/:object/:id/history",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Every value a record's fields had, who set it and why, the newest first",
    action: "record.history",
    params: recordParams,
    query: pageQuery.extend({ field: line(200).optional().describe("Label or path of one field."), ...period.shape }),
    answer: pageOf(entry),
    async handle({ app, params, query: { limit, cursor, ...asked }, changed }) {
      changed({ target: `${params.object} ${params.id}` });
      const past = fromCursor(cursor, place);
      const rows = await fieldHistory(app, params.tenant, toName(params), { ...asked, past, limit: limit + 1 });
      return toPage(rows.map(toAnswer), limit, ({ at, id }) => [at, id]);
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/records/:object/:id/why/:field",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Why a field has the value it has, on each side",
    action: "record.why",
    params: recordParams.extend({ field: line(200).describe("Its label or path.") }),
    answer: z.object({
      ...{ field: z.string(), label: z.string(), agreed: z.boolean(), text: z.string() },
      values: z.object({ crm: value, program: value }).partial(),
      because: z.object({ crm: z.array(entry), program: z.array(entry) }),
    }),
    async handle({ app, params, changed }) {
      changed({ target: `${params.object} ${params.id}` });
      const { because, ...why } = await whyField(app, params.tenant, toName(params), params.field);
      return { ...why, because: { crm: because.crm.map(toAnswer), program: because.program.map(toAnswer) } };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/history.csv",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "History as CSV, the oldest first: of one record, or of all",
    action: "history.export",
    params: tenantParams,
    query: period.extend({ object: recordObject.optional(), id: line(100).optional() }),
    file: "text/csv",
    answer: fileAnswer,
    async handle({ app, params: { tenant }, query: { object, id, from, to }, changed }) {
      await app.tenants.known(tenant);
      const isOfOne = object !== undefined && id !== undefined;
      const laneId = isOfOne ? await laneOf(app, tenant, toName({ object, id })) : undefined;
      changed({ target: isOfOne ? `${object} ${id}` : "all records" });
      return { name: `history-${tenant}.csv`, bytes: toCsv(exportedHistory(app, tenant, { laneId, from, to })) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/history/verification",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "Hold history against its chain of digests",
    description: "A page of up to 5,000 rows; `next` is the `after` of the page after, null behind the last one.",
    action: "history.verify",
    params: tenantParams,
    body: z.object({
      after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
      known: z
        .string()
        .regex(/^\d{1,15}:[0-9a-f]{64}$/)
        .optional()
        .describe("Position and chain of an earlier head that was kept elsewhere."),
    }),
    answer: z.object({
      ...{ tenantId: z.string(), checked: z.number(), pruned: z.number(), unsealed: z.number() },
      head: z.object({ position: z.number(), chain: z.string(), sealedAt: z.date() }).nullable(),
      broken: z.object({ position: z.number(), historyId: number, why: z.string() }).nullable(),
      next: number,
    }),
    async handle({ app, params: { tenant }, body, changed }) {
      const found = await verifyHistory(app, tenant, body);
      const { checked, broken } = found;
      changed({ target: `history from ${body.after + 1}`, after: { checked, broken } });
      return found;
    },
  }),
];

/**
 * CSV after RFC 4180, row by row. People open it in a spreadsheet: a cell that would begin a formula there gets an
 * apostrophe in front.
 */
async function* toCsv(rows: AsyncIterable<(string | number | null)[]>): AsyncGenerator<string> {
  const options = { record_delimiter: "\r\n", escape_formulas: true, quoted_match: /[\r\n]/ } as const;
  yield stringify([EXPORT_COLUMNS], options);
  for await (const row of rows) yield stringify([row.map((cell) => (cell === null ? "" : String(cell)))], options);
}
