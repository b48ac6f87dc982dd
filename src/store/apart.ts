import { z } from "zod";
import type { CrmObject, ProgramKind, Role } from "../sync/model.ts";

export const id = z.coerce.number();

/** What ended between this lane's record and aggregates, and must not begin again by itself. */
export interface Apart {
  /** Pairs that were unlinked, or whose record or aggregate was merged away. */
  former: {
    role: Role;
    object: CrmObject;
    crmId: number;
    kind: ProgramKind;
    programId: string;
    reason: FormerReason;
  }[];
  /** The record that this one was merged into. */
  mergedInto: number | null;
  /** Aggregates that went into this lane's own: their ids mean it. */
  aliases: string[];
  /** Records that carry the same id as this one; nothing is written while there is one. */
  twins: { otherId: number; programId: string; isCopy: boolean }[];
}

export type FormerReason = "manual" | "merged";

/** Of a lane's content. */
export const APART_SQL = `
    (select json_agg(f) from link_tombstone f where f.tenant_id = l.tenant_id
      and ((f.object = l.object and f.crm_id = l.crm_id) or (f.kind = l.kind and f.program_id = l.program_id))) as former,
    (select m.into_id from merged_record m
      where m.tenant_id = l.tenant_id and m.object = l.object and m.crm_id = l.crm_id) as merged_into,
    (select json_agg(a.program_id) from program_alias a
      where a.tenant_id = l.tenant_id and a.kind = l.kind and a.into_id = l.program_id) as aliases,
    (select json_agg(q) from quarantine q
      where q.tenant_id = l.tenant_id and q.object = l.object and q.crm_id = l.crm_id) as twins`;

export const apartColumns = {
  former: z
    .array(
      z
        .object({
          role: z.string(),
          object: z.string(),
          crm_id: id,
          kind: z.string(),
          program_id: z.string(),
          reason: z.enum(["manual", "merged"]),
        })
        .transform((f) => ({
          role: f.role as Role,
          object: f.object as CrmObject,
          crmId: f.crm_id,
          kind: f.kind as ProgramKind,
          programId: f.program_id,
          reason: f.reason,
        })),
    )
    .nullable(),
  merged_into: id.nullable(),
  aliases: z.array(z.string()).nullable(),
  twins: z
    .array(
      z
        .object({ other_id: id, program_id: z.string(), is_copy: z.boolean() })
        .transform((t) => ({ otherId: t.other_id, programId: t.program_id, isCopy: t.is_copy })),
    )
    .nullable(),
};

export function toApart(row: z.infer<z.ZodObject<typeof apartColumns>>): Apart {
  const { former, merged_into, aliases, twins } = row;
  return { former: former ?? [], mergedInto: merged_into, aliases: aliases ?? [], twins: twins ?? [] };
}
