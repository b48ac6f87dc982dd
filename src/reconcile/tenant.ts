import type { PartnerProgram } from "../partner/adapter.ts";
import type { CallOptions, FieldDefinition, Pipedrive } from "../pipedrive/port.ts";
import type { TenantKey } from "../store/vault.ts";
import { type CrmObject, type FieldPlan, type MappingPlan, ROLE_OBJECT, ROLES, type Role } from "../sync/model.ts";

/** Everything a lane's run needs of its tenant: the mapping in force, its key, and a client for each side. */
export interface TenantContext {
  tenantId: string;
  key: TenantKey;
  plan: MappingPlan;
  pipedrive: Pipedrive;
  program: PartnerProgram;
  /** A field as it is defined in the account now, at most a minute old. @throws NotFoundError when it is gone */
  definition(object: CrmObject, key: string, call: CallOptions): Promise<FieldDefinition>;
  connections: { pipedrive: string; program: string };
  /** How far the two sides' clocks were measured to be apart. */
  clockOffsetMs: number;
}

/** A record as far as it is known; a roll-out tries its plan on some before all. */
export interface TrialRecord {
  object: CrmObject | null;
  crmId: number | null;
}

/**
 * Answers the context in force now, for that record where a roll-out under way has come to it.
 *
 * @throws ConnectionError when a side or the mapping is missing; ParkedError while a first roll-out has not come so far
 */
export type TenantContexts = (tenantId: string, record?: TrialRecord) => Promise<TenantContext>;

/** The fields of every role a record of this object can have: one record, one set of values. */
export function planOfObject(plan: MappingPlan, object: CrmObject): FieldPlan[] {
  return ROLES.filter((role) => ROLE_OBJECT[role] === object).flatMap((role) => plan.roles[role]);
}

export function planOfField(plan: MappingPlan, role: Role, field: string): FieldPlan {
  const found = plan.roles[role].find((candidate) => candidate.field === field);
  if (!found) throw new Error(`${plan.tenantId}: the mapping has no field ${field} for ${role}`);
  return found;
}
