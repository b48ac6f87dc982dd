import { InputError } from "../errors.ts";
import { type Actor, mayActAs, OPERATOR_ROLES, type OperatorRole } from "./actor.ts";
import type { Database } from "./database.ts";
import type { OperatorModel, OperatorTokenModel } from "./generated/models.ts";
import { type Operator, operatorDisabled, toOperator, unknownOperator } from "./operator-rows.ts";
import { isInForce, toLimit } from "./operators.ts";
import { hashOf, newSecret } from "./secret.ts";

/** What a script shows instead of signing in. */
export interface OperatorToken {
  id: string;
  /** Whose it is. */
  owner: string;
  /** What it is for, in their words. */
  name: string;
  /** What it allows now: never more than its owner may. */
  role: OperatorRole;
  tenants: string[] | null;
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export interface NewToken {
  name: string;
  /** Left out: as its owner, also when that changes. */
  role?: OperatorRole | undefined;
  tenants?: string[] | null | undefined;
  /** Null: until it is revoked. */
  ttlMs: number | null;
}

const TOKEN = /^psop_[A-Za-z0-9_-]{43}$/;
/** When a token was last used is for people to read: once a minute is enough. */
const USED_EVERY_MS = 60_000;

/** Tokens of operators, of which only hashes are kept. */
export function createOperatorTokens(db: Database) {
  const { operator: operators, operatorToken: table } = db.prisma;

  async function noteUse(id: string, lastUsedAt: Date | null): Promise<void> {
    if (lastUsedAt && Date.now() - lastUsedAt.getTime() < USED_EVERY_MS) return;
    await table.updateMany({ where: { id }, data: { lastUsedAt: new Date() } });
  }

  return {
    /**
     * A new token of an operator. Earlier ones stay in force.
     *
     * @returns `token` in the clear, this once
     * @throws InputError UNKNOWN_OPERATOR, OPERATOR_DISABLED, TOKEN_ABOVE_OWNER
     */
    async issue(owner: string, wish: NewToken): Promise<{ token: string; issued: OperatorToken }> {
      const row = await operators.findUnique({ where: { name: owner } });
      if (!row) throw unknownOperator(owner);
      if (row.disabledAt) throw operatorDisabled(owner);
      refuseMoreThanOwner(toOperator(row), wish);
      const { name, role = null, tenants = null, ttlMs } = wish;
      const token = newSecret("psop_");
      const expiresAt = ttlMs === null ? null : new Date(Date.now() + ttlMs);
      const data = { operatorId: row.id, name, role, ...toLimit(tenants), tokenHash: hashOf(token), expiresAt };
      return { token, issued: toToken(await table.create({ data }), row) };
    },

    /** Who shows this token. Null for one that is unknown, expired or revoked, or of a disabled operator. */
    async verify(token: string): Promise<Actor | null> {
      if (!TOKEN.test(token)) return null;
      const row = await table.findUnique({ where: { tokenHash: hashOf(token) }, include: { operator: true } });
      if (!row || row.operator.disabledAt || !isInForce(row)) return null;
      noteUse(row.id, row.lastUsedAt).catch(() => {}); // a note for people; it must not refuse anybody
      const { id: operatorId, name, email } = row.operator;
      const { role, tenants } = toToken(row, row.operator);
      return { operatorId, name, email, role, tenants, via: "token", credentialId: row.id };
    },

    /** Of one operator, the newest first; those no longer in force too. @throws InputError UNKNOWN_OPERATOR */
    async list(owner: string): Promise<OperatorToken[]> {
      const row = await operators.findUnique({ where: { name: owner }, include: { tokens: true } });
      if (!row) throw unknownOperator(owner);
      const newest = row.tokens.sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
      return newest.map((token) => toToken(token, row));
    },

    /**
     * Ends one token of an operator, or all of theirs.
     *
     * @returns those that were in force until now: expired ones are no news to anybody
     * @throws InputError UNKNOWN_OPERATOR, UNKNOWN_TOKEN
     */
    async revoke(owner: string, id?: string): Promise<OperatorToken[]> {
      const tokens = (await this.list(owner)).filter((token) => id === undefined || token.id === id);
      if (id !== undefined && tokens.length === 0) throw unknownToken(owner, id);
      const where = { id: { in: tokens.map((token) => token.id) }, revokedAt: null };
      const ended = await table.updateManyAndReturn({ where, data: { revokedAt: new Date() } });
      const now = new Set(ended.map((row) => row.id));
      return tokens.filter((token) => now.has(token.id) && isInForce(token));
    },
  };
}

export type OperatorTokens = ReturnType<typeof createOperatorTokens>;

/** What the token allows: the lesser of its own and its owner's, whichever was changed since. */
function toToken(row: OperatorTokenModel, owner: OperatorModel): OperatorToken {
  const { id, name, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  const { role: ownersRole, tenants: ownersTenants, name: ownersName } = toOperator(owner);
  const own = row.role === null ? ownersRole : (row.role as OperatorRole);
  const role = mayActAs({ role: ownersRole }, own) ? own : ownersRole;
  const tenants = row.limited ? row.tenants.filter((one) => ownersTenants?.includes(one) ?? true) : ownersTenants;
  return { id, owner: ownersName, name, role, tenants, createdAt, expiresAt, lastUsedAt, revokedAt };
}

function refuseMoreThanOwner(owner: Operator, { role = OPERATOR_ROLES[0], tenants }: NewToken): void {
  const beyond = tenants?.find((one) => owner.tenants !== null && !owner.tenants.includes(one));
  if (mayActAs(owner, role) && beyond === undefined) return;
  const message = `a token cannot allow more than its owner may: ${owner.name} is ${owner.role}${beyond === undefined ? "" : ` and does not see ${beyond}`}`;
  throw new InputError("TOKEN_ABOVE_OWNER", message, beyond === undefined ? "role" : "tenants", "ask for less");
}

function unknownToken(owner: string, id: string): InputError {
  const hint = `see \`partnersync user tokens ${owner}\``;
  return new InputError("UNKNOWN_TOKEN", `"${owner}" has no token ${id}`, "token", hint);
}
