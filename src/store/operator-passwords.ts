import type { Database } from "./database.ts";
import { knownOperator, type Operator, operatorDisabled, toOperator } from "./operator-rows.ts";
import { hashPassword, isPassword, refuseWeakPassword } from "./password.ts";
import { hashOf, newSecret } from "./secret.ts";

/** A link that sets a password, and so signs in, once. */
export interface OneTimeSignIn {
  code: string;
  until: Date;
}

const ONCE_TTL_MS = 24 * 60 * 60 * 1000;
const CODE = /^psonce_[A-Za-z0-9_-]{43}$/;

/** How operators come to a password, and show it. */
export function createOperatorPasswords(db: Database) {
  const { operator: table } = db.prisma;

  /** Whose code this is; null when it is none, used or too old. */
  async function ofCode(code: string): Promise<Operator | null> {
    if (!CODE.test(code)) return null;
    const where = { onceHash: hashOf(code), onceUntil: { gt: new Date() }, disabledAt: null };
    const row = await table.findFirst({ where });
    return row && toOperator(row);
  }

  return {
    /**
     * A code by which they set a password, once and within a day. An earlier one ends, and so does nothing else.
     *
     * @throws InputError UNKNOWN_OPERATOR, OPERATOR_DISABLED
     */
    async issueOnce(name: string): Promise<OneTimeSignIn> {
      const row = await knownOperator(db.prisma, name);
      if (row.disabledAt) throw operatorDisabled(name);
      const [code, until] = [newSecret("psonce_"), new Date(Date.now() + ONCE_TTL_MS)];
      await table.update({ where: { id: row.id }, data: { onceHash: hashOf(code), onceUntil: until } });
      return { code, until };
    },

    ofCode,

    /**
     * Sets the password by a one-time code, which is used up by it. Sessions under an earlier password end.
     *
     * @returns null when the code is not, or no longer, in force
     * @throws InputError PASSWORD_TOO_WEAK, and the code stays in force
     */
    async usePassword(code: string, password: string): Promise<Operator | null> {
      const owner = await ofCode(code);
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
