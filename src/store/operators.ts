import { InputError } from "../errors.ts";
import type { OperatorRole } from "./actor.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import type { OperatorModel } from "./generated/models.ts";
import { hashPassword, isPassword, refuseWeakPassword } from "./password.ts";
import { isDuplicate } from "./prisma-errors.ts";
import { hashOf, newSecret } from "./secret.ts";

/** A person, or a program, that may use what is behind the sign-in. */
export interface Operator {
  id: string;
  /** What they sign in with. */
  name: string;
  email: string | null;
  role: OperatorRole;
  /** The only tenants there are for them; null: all. */
  tenants: string[] | null;
  createdAt: Date;
  disabledAt: Date | null;
}

/** As a list shows them. */
export interface KnownOperator extends Operator {
  hasPassword: boolean;
  /** Neither revoked nor expired, and their operator not disabled. */
  tokensInForce: number;
  lastSeenAt: Date | null;
}

export interface NewOperator {
  name: string;
  email?: string | null | undefined;
  role: OperatorRole;
  tenants?: string[] | null | undefined;
}

/** A link that sets a password, and so signs in, once. */
export interface OneTimeSignIn {
  code: string;
  until: Date;
}

const ONCE_TTL_MS = 24 * 60 * 60 * 1000;
const CODE = /^psonce_[A-Za-z0-9_-]{43}$/;

/** The people and programs that may use the product. Whatever lessens what one may do ends their sessions. */
export function createOperators(db: Database) {
  const { operator: table } = db.prisma;

  async function known(name: string, { operator }: Pick<Prisma.TransactionClient, "operator"> = db.prisma) {
    const row = await operator.findUnique({ where: { name } });
    if (!row) throw unknownOperator(name);
    return row;
  }

  /** Changes one and ends their sessions, both or neither. @param staysAdmin of all tenants, if they are one */
  async function change(name: string, data: Prisma.OperatorUpdateInput, staysAdmin: boolean): Promise<Operator> {
    return db.prisma.$transaction(async (tx) => {
      if (!staysAdmin) await refuseLastAdmin(tx, name);
      const { id } = await known(name, tx);
      const row = await tx.operator.update({ where: { id }, data });
      await tx.session.updateMany({ where: { operatorId: id, endedAt: null }, data: { endedAt: new Date() } });
      return toOperator(row);
    });
  }

  return {
    /** @throws InputError OPERATOR_EXISTS */
    async add({ name, email = null, role, tenants = null }: NewOperator): Promise<Operator> {
      try {
        return toOperator(await table.create({ data: { name, email, role, ...toLimit(tenants) } }));
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const hint = "choose another name, or change this one: partnersync user role";
        throw new InputError("OPERATOR_EXISTS", `there is an operator "${name}" already`, "name", hint);
      }
    },

    async find(name: string): Promise<Operator | null> {
      const row = await table.findUnique({ where: { name } });
      return row && toOperator(row);
    },

    /** @throws InputError UNKNOWN_OPERATOR */
    get: async (name: string): Promise<Operator> => toOperator(await known(name)),

    /** Everybody, by name; disabled ones too. */
    async list(): Promise<KnownOperator[]> {
      const rows = await table.findMany({ include: { tokens: true, sessions: true }, orderBy: { name: "asc" } });
      return rows.map(({ tokens, sessions, ...row }) => ({
        ...toOperator(row),
        hasPassword: row.passwordHash !== null,
        tokensInForce: row.disabledAt ? 0 : tokens.filter(isInForce).length,
        lastSeenAt: [...tokens.map((one) => one.lastUsedAt), ...sessions.map((one) => one.lastSeenAt)].reduce(
          later,
          null,
        ),
      }));
    },

    count: (): Promise<number> => table.count(),

    /** @throws InputError UNKNOWN_OPERATOR, LAST_ADMIN */
    setRole: (name: string, { role, tenants }: { role: OperatorRole; tenants: string[] | null }): Promise<Operator> =>
      change(name, { role, ...toLimit(tenants) }, role === "admin" && tenants === null),

    /** Nothing of theirs is in force any more, until they are enabled again. @throws InputError UNKNOWN_OPERATOR, LAST_ADMIN */
    disable: (name: string): Promise<Operator> =>
      change(name, { disabledAt: new Date(), onceHash: null, onceUntil: null }, false),

    /** @throws InputError UNKNOWN_OPERATOR */
    enable: (name: string): Promise<Operator> => change(name, { disabledAt: null }, true),

    /**
     * A code by which they set a password, once and within a day. An earlier one ends, and so does nothing else.
     *
     * @throws InputError UNKNOWN_OPERATOR, OPERATOR_DISABLED
     */
    async issueOnce(name: string): Promise<OneTimeSignIn> {
      const row = await known(name);
      if (row.disabledAt) throw operatorDisabled(name);
      const [code, until] = [newSecret("psonce_"), new Date(Date.now() + ONCE_TTL_MS)];
      await table.update({ where: { id: row.id }, data: { onceHash: hashOf(code), onceUntil: until } });
      return { code, until };
    },

    /** Whose code this is; null when it is none, used or too old. */
    async ofCode(code: string): Promise<Operator | null> {
      if (!CODE.test(code)) return null;
      const where = { onceHash: hashOf(code), onceUntil: { gt: new Date() }, disabledAt: null };
      const row = await table.findFirst({ where });
      return row && toOperator(row);
    },

    /**
     * Sets the password by a one-time code, which is used up by it. Sessions under an earlier password end.
     *
     * @returns null when the code is not, or no longer, in force
     * @throws InputError PASSWORD_TOO_WEAK, and the code stays in force
     */
    async usePassword(code: string, password: string): Promise<Operator | null> {
      const owner = await this.ofCode(code);
      if (!owner) return null;
      refuseWeakPassword(password, owner.name);
      const data = { passwordHash: await hashPassword(password), onceHash: null, onceUntil: null };
      return db.prisma.$transaction(async (tx) => {
        const { count } = await tx.operator.updateMany({ where: { id: owner.id, onceHash: hashOf(code) }, data });
        if (count === 0) return null; // used at the same moment
        const sessions = { operatorId: owner.id, endedAt: null };
        await tx.session.updateMany({ where: sessions, data: { endedAt: new Date() } });
        return owner;
      });
    },

    /** Who signs in with these; null otherwise, after the same time whether or not there is such a name. */
    async verifyPassword(name: string, password: string): Promise<Operator | null> {
      const row = await table.findUnique({ where: { name } });
      const isRight = await isPassword(password, row?.passwordHash ?? null);
      return row && isRight && !row.disabledAt ? toOperator(row) : null;
    },
  };
}

export type Operators = ReturnType<typeof createOperators>;

/** Somebody has to be left who can let others in. Of two who leave at once the second sees that the first has. */
async function refuseLastAdmin(tx: Prisma.TransactionClient, name: string): Promise<void> {
  const admins = await tx.$queryRaw<{ name: string }[]>`
    select name from operator where role = 'admin' and not limited and disabled_at is null order by id for update`;
  if (admins.length !== 1 || admins[0]?.name !== name) return;
  const hint = "make somebody else admin first: partnersync user role <name> --role admin";
  throw new InputError("LAST_ADMIN", `"${name}" is the only admin`, "name", hint);
}

export function toOperator({
  id,
  name,
  email,
  role,
  limited,
  tenants,
  createdAt,
  disabledAt,
}: OperatorModel): Operator {
  return { id, name, email, role: role as OperatorRole, tenants: limited ? tenants : null, createdAt, disabledAt };
}

/** An empty list is nothing, not everything. */
export function toLimit(tenants: string[] | null): { limited: boolean; tenants: string[] } {
  return { limited: tenants !== null, tenants: tenants ?? [] };
}

export function isInForce({ revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null }): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now());
}

export function unknownOperator(name: string): InputError {
  return new InputError("UNKNOWN_OPERATOR", `there is no operator "${name}"`, "name", "see `partnersync user list`");
}

export function operatorDisabled(name: string): InputError {
  const hint = "let them in again first: partnersync user enable";
  return new InputError("OPERATOR_DISABLED", `operator "${name}" is disabled`, "name", hint);
}

function later(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other > one) ? other : one;
}
