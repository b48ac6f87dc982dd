import { InputError } from "../errors.ts";
import type { OperatorRole } from "./actor.ts";
import type { Prisma } from "./generated/client.ts";
import type { OperatorModel } from "./generated/models.ts";

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

/** @throws InputError UNKNOWN_OPERATOR */
export async function knownOperator({ operator }: Pick<Prisma.TransactionClient, "operator">, name: string) {
  const row = await operator.findUnique({ where: { name } });
  if (!row) throw unknownOperator(name);
  return row;
}

export function unknownOperator(name: string): InputError {
  return new InputError("UNKNOWN_OPERATOR", `there is no operator "${name}"`, "name", "see `partnersync user list`");
}

export function operatorDisabled(name: string): InputError {
  const hint = "let them in again first: partnersync user enable";
  return new InputError("OPERATOR_DISABLED", `operator "${name}" is disabled`, "name", hint);
}
