import { createHash } from "node:crypto";

/** What of a history row its chain covers: everything but its lane, which changes when records are joined. */
export interface ChainedRow {
  id: number;
  tenantId: string;
  role: string;
  programId: string | null;
  field: string;
  event: string;
  winner: string | null;
  rule: string | null;
  revision: number;
  intentId: number | null;
  at: Date;
  /** Sealed; null when pruned, and then without salt. */
  content: Uint8Array | null;
  salt: Uint8Array | null;
}

/** Before the first row of a tenant. */
export const CHAIN_START: Uint8Array = new Uint8Array(32);

/**
 * Digest of what a row holds. Salted, so that nobody can guess a forgotten value by its digest: both can go, and what was
 * chained still fits.
 *
 * @returns 32 bytes
 */
export function digestOf({ salt, content }: Pick<ChainedRow, "salt" | "content">): Uint8Array {
  const hash = createHash("sha256");
  for (const part of [salt, content]) hash.update(part ? `${part.length}:` : "-").update(part ?? "");
  return hash.digest();
}

/** The chain up to and with a row: 32 bytes that no row before it, nor their order, can change without. */
export function chainOf(before: Uint8Array, position: number, row: ChainedRow, digest: Uint8Array): Uint8Array {
  const { id, tenantId, role, programId, field, event, winner, rule, revision, intentId, at } = row;
  const said = [position, id, tenantId, role, programId, field, event, winner, rule, revision, intentId, at.getTime()];
  return createHash("sha256").update(before).update(digest).update(JSON.stringify(said)).digest();
}
