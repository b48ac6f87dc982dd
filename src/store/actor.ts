/** From least to most; each may do what those before it may. */
export const OPERATOR_ROLES = ["viewer", "operator", "approver", "admin"] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** Who asks for something, as far as it was proven: a signed-in person, a token, or the command line beside the database. */
export interface Actor {
  /** Null for the command line beside the database: whoever runs that could write into the tables as well. */
  operatorId: string | null;
  name: string;
  email: string | null;
  /** The operator's, or a token's where that is less. */
  role: OperatorRole;
  /** The only tenants there are for this actor; null: all. */
  tenants: readonly string[] | null;
  via: "session" | "token" | "local";
  /** Of the token or the session. */
  credentialId: string | null;
}

/** True when the role is at least the other. */
export function mayActAs({ role }: Pick<Actor, "role">, other: OperatorRole): boolean {
  return OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(other);
}

/** False also for a tenant that does not exist: who may not see one is told the same. */
export function maySee({ tenants }: Pick<Actor, "tenants">, tenantId: string): boolean {
  return tenants === null || tenants.includes(tenantId);
}

/** The command line that reached the database and the master key by itself. */
export function localActor(userName: string): Actor {
  const name = `${userName} (command line)`;
  return { operatorId: null, name, email: null, role: "admin", tenants: null, via: "local", credentialId: null };
}
