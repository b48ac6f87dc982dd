import { z } from "zod";
import type { CrmObject, ProgramKind, Role } from "../sync/model.ts";
import { apartColumns, toApart } from "./apart.ts";
import { storedConflict } from "./conflict-rows.ts";
import { id, type LaneContent, pausedField, type StoredIntent, type StoredLink } from "./lane-rows.ts";

const hex = z.string().transform((text) => Buffer.from(text.replace(/^\\x/, ""), "hex"));
const instant = z.string().transform((text) => new Date(text));

/** All that a claimed lane works on, in one row: bytes come as hex and times as text within its JSON. */
export const contentRow = z.object({
  id,
  rows: z.array(
    z
      .object({
        id,
        source: z.enum(["pipedrive", "program"]),
        delivery_key: z.string(),
        payload: hex,
        received_at: instant,
      })
      .transform((r) => ({
        id: r.id,
        source: r.source,
        deliveryKey: r.delivery_key,
        payload: r.payload,
        receivedAt: r.received_at,
      })),
  ),
  links: z.array(
    z
      .object({
        id,
        role: z.string(),
        object: z.string(),
        crm_id: id,
        kind: z.string(),
        program_id: z.string(),
        created_by: z.string(),
        state: z.enum(["active", "orphaned"]),
        bases: hex.nullable(),
        base_version: z.number(),
        recent: hex.nullable(),
        restored: z.array(z.string()),
        paused_fields: z.array(pausedField),
      })
      .transform(
        (l): StoredLink => ({
          id: l.id,
          role: l.role as Role,
          object: l.object as CrmObject,
          crmId: l.crm_id,
          kind: l.kind as ProgramKind,
          programId: l.program_id,
          createdBy: l.created_by,
          state: l.state,
          bases: l.bases,
          baseVersion: l.base_version,
          recent: l.recent,
          restored: l.restored,
          pausedFields: l.paused_fields,
        }),
      ),
  ),
  intents: z.array(
    z
      .object({
        id,
        type: z.enum(["create", "patch", "command", "note"]),
        direction: z.enum(["inbound", "outbound"]),
        role: z.string().nullable(),
        object: z.string().nullable(),
        crm_id: id.nullable(),
        program_id: z.string().nullable(),
        key: z.string(),
        body: hex,
        deadline: instant,
        opened_at: instant,
        hint_crm_id: id.nullable(),
      })
      .transform(
        (i): StoredIntent => ({
          id: i.id,
          type: i.type,
          direction: i.direction,
          role: i.role as Role | null,
          object: i.object as CrmObject | null,
          crmId: i.crm_id,
          programId: i.program_id,
          key: i.key,
          body: i.body,
          deadline: i.deadline,
          openedAt: i.opened_at,
          hintCrmId: i.hint_crm_id,
        }),
      ),
  ),
  effects: z.array(
    z
      .object({ id, effect: z.string(), program_version: z.number(), detail: hex.nullable() })
      .transform((e) => ({ id: e.id, effect: e.effect, programVersion: e.program_version, detail: e.detail })),
  ),
  conflicts: z.array(storedConflict),
  ...apartColumns,
});

export function toContent(row: z.infer<typeof contentRow>): LaneContent {
  const { rows, links, intents, effects, conflicts, ...rest } = row;
  return { rows, links, intents, effects, conflicts, apart: toApart(rest) };
}
