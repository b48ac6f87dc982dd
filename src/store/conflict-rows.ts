import { z } from "zod";
import type { BasePair, Value } from "../sync/model.ts";

/**
 * - `open`: a person has to decide; the field stands still
 * - `apart`: both values stand until a side changes
 * - `decided`: one side's value won, by rule or by a person
 * - `agreed`: both sides came to say the same by themselves
 * - `ended`: one that was open or kept apart and was overtaken: another one tells of it
 */
export const CONFLICT_STATES = ["open", "apart", "decided", "agreed", "ended"] as const;
export type ConflictState = (typeof CONFLICT_STATES)[number];

/** What a conflict rests on; sealed. An open one shows the newest values. */
export interface Evidence {
  crm: Value;
  program: Value;
  /** When each value was first seen, RFC 3339; null: no webhook or event told. */
  crmAt: string | null;
  programAt: string | null;
  /** What both sides had last agreed on; null: never. */
  base: BasePair | null;
  /** What each side answered once it was decided. */
  after?: BasePair;
}

/** The two values that a verdict is about; sealed. */
export interface Word {
  crm: Value;
  program: Value;
  /** What undoing puts back, and where. */
  putBack?: { to: "crm" | "program"; value: Value };
}

/** One that a lane has to know of: it stands, or a person has spoken. */
export interface StoredConflict {
  id: number;
  linkId: number;
  field: string;
  state: ConflictState;
  verdict: "crm" | "program" | "undo" | "restore" | null;
  word: Buffer | null;
  winner: "crm" | "program" | null;
  rule: string | null;
  evidence: Buffer;
  version: number;
}

/** A new one, or what became of one that the claim began with. Sealed parts are base64. */
export interface ConflictRow {
  id: number | null;
  version: number | null;
  link: number;
  field: string;
  state: ConflictState;
  winner: "crm" | "program" | null;
  rule: string | null;
  revision: number;
  evidence: string;
  verdict: StoredConflict["verdict"];
  word: string | null;
  note: string | null;
}

/** A field that was written again because somebody had set it back; `paused`: once more, and it stands still. */
export interface RewriteRow {
  link: number;
  role: string;
  field: string;
  paused: boolean;
}

/** Of the lanes `l`: what stands, and what people have said. */
export const CONFLICTS_SQL = `
  select coalesce(json_agg(c order by c.id), '[]') from link k join conflict c on c.link_id = k.id
    where k.lane_id = l.id and (c.state = any (array['open', 'apart']) or c.verdict is not null)`;

const hex = z.string().transform((text) => Buffer.from(text.replace(/^\\x/, ""), "hex"));
const side = z.enum(["crm", "program"]);

export const storedConflict = z
  .object({
    id: z.number(),
    link_id: z.number(),
    field: z.string(),
    state: z.enum(CONFLICT_STATES),
    verdict: z.enum(["crm", "program", "undo", "restore"]).nullable(),
    word: hex.nullable(),
    winner: side.nullable(),
    rule: z.string().nullable(),
    evidence: hex,
    version: z.number(),
  })
  .transform(({ link_id, ...row }): StoredConflict => ({ ...row, linkId: link_id }));
