import { InputError } from "../errors.ts";
import type { OperatorRole } from "./actor.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import { createOperatorPasswords } from "./operator-passwords.ts";
import { knownOperator, type Operator, toOperator } from "./operator-rows.ts";
import { isDuplicate } from "./prisma-errors.ts";

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

/** The people and programs that may use the product. Whatever lessens what one may do ends their sessions. */
export function createOperators(db: Database) {
  const { operator: table } = db.prisma;

  const known = (name: string, tx: Pick<Prisma.TransactionClient, "operator"> = db.prisma) => knownOperator(tx, name);

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

    ...createOperatorPasswords(db),
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

/** An empty list is nothing, not everything. */
export function toLimit(tenants: string[] | null): { limited: boolean; tenants: string[] } {
  return { limited: tenants !== null, tenants: tenants ?? [] };
}

export function isInForce({ revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null }): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now());
}

function later(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other > one) ? other : one;
}
