import { createHash, randomBytes } from "node:crypto";
import { InputError } from "../errors.ts";
import type { Database } from "./database.ts";

/** From least to most. */
export const OPERATOR_ROLES = ["viewer", "operator", "approver", "admin"] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** A person, or a program, that may use the routes behind the sign-in. */
export interface Operator {
  id: string;
  name: string;
  role: OperatorRole;
}

/** An operator as a list shows them: of their tokens only how many and when. */
export interface KnownOperator extends Operator {
  /** Neither revoked nor expired, and their operator not disabled. */
  tokensInForce: number;
  lastUsedAt: Date | null;
  createdAt: Date;
  disabledAt: Date | null;
}

/** Recognisable to scanners for leaked secrets. */
const PREFIX = "psop_";
const TOKEN = /^psop_[A-Za-z0-9_-]{43}$/;
/** When a token was last used is for people to read: once a minute is enough. */
const USED_EVERY_MS = 60_000;

/** True when the role is at least the other. */
export function mayActAs(operator: Operator, role: OperatorRole): boolean {
  return OPERATOR_ROLES.indexOf(operator.role) >= OPERATOR_ROLES.indexOf(role);
}

/** Operators and their tokens, of which only hashes are kept. */
export function createOperators(db: Database) {
  const { operator: operators, operatorToken: tokens } = db.prisma;

  async function noteUse(id: string, lastUsedAt: Date | null): Promise<void> {
    if (lastUsedAt && Date.now() - lastUsedAt.getTime() < USED_EVERY_MS) return;
    await tokens.updateMany({ where: { id }, data: { lastUsedAt: new Date() } });
  }

  return {
    /**
     * A new token; its operator is made, or given this role. Earlier tokens stay in force.
     *
     * @param ttlMs default: until it is revoked
     * @returns `token` in the clear, this once
     * @throws InputError OPERATOR_DISABLED
     */
    async issue(name: string, role: OperatorRole, { ttlMs }: { ttlMs?: number } = {}) {
      const token = PREFIX + randomBytes(32).toString("base64url");
      const expiresAt = ttlMs === undefined ? null : new Date(Date.now() + ttlMs);
      const known = await operators.findUnique({ where: { name } });
      if (known?.disabledAt) throw new InputError("OPERATOR_DISABLED", `operator ${name} is disabled`, "name");
      const operator = await operators.upsert({ where: { name }, create: { name, role }, update: { role } });
      await tokens.create({ data: { operatorId: operator.id, name, tokenHash: hash(token), expiresAt } });
      return { token, operator: { id: operator.id, name, role } satisfies Operator, expiresAt };
    },

    /** Whose token this is. Null for one that is unknown, expired or revoked, or of a disabled operator. */
    async verify(token: string): Promise<Operator | null> {
      if (!TOKEN.test(token)) return null;
      const row = await tokens.findUnique({ where: { tokenHash: hash(token) }, include: { operator: true } });
      if (!row || row.operator.disabledAt || !isInForce(row)) return null;
      noteUse(row.id, row.lastUsedAt).catch(() => {}); // a note for people; it must not refuse anybody
      const { id, name, role } = row.operator;
      return { id, name, role: role as OperatorRole };
    },

    /** Everybody who ever had a token, by name. */
    async list(): Promise<KnownOperator[]> {
      const rows = await operators.findMany({ include: { tokens: true }, orderBy: { name: "asc" } });
      return rows.map(({ tokens, role, ...row }) => ({
        id: row.id,
        name: row.name,
        role: role as OperatorRole,
        tokensInForce: row.disabledAt ? 0 : tokens.filter(isInForce).length,
        lastUsedAt: tokens.map((token) => token.lastUsedAt).reduce(later, null),
        createdAt: row.createdAt,
        disabledAt: row.disabledAt,
      }));
    },

    /** Ends all tokens of an operator. Returns how many were in force: expired ones are no news to anybody. */
    async revoke(name: string): Promise<number> {
      const where = { operator: { name }, revokedAt: null };
      const ended = await tokens.updateManyAndReturn({ where, data: { revokedAt: new Date() } });
      return ended.filter(({ expiresAt }) => isInForce({ revokedAt: null, expiresAt })).length;
    },
  };
}

export type Operators = ReturnType<typeof createOperators>;

function isInForce({ revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null }): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now());
}

function later(one: Date | null, other: Date | null): Date | null {
  return one !== null && (other === null || one > other) ? one : other;
}

/** Tokens are 256 random bits: nothing slower than SHA-256 is needed. */
function hash(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(token).digest());
}
