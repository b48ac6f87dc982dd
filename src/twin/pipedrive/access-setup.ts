import { wholeSeconds } from "../clock.ts";
import type { Company } from "./company.ts";
import { EditError } from "./human-edit.ts";
import type { PermissionSet, User } from "./model.ts";
import { allPermissionSets, allRoles, FIRST_ROLE } from "./permissions.ts";
import type { CompanySetup } from "./setup.ts";

/** What a person says of a user's access: sets as `app:name`, the role by its name. */
export interface AccessSetup {
  permission_sets?: string[];
  role?: string;
  /** Any time; null: never. */
  last_login?: string | null;
  activated?: boolean;
}

/** Makes the sets and roles that are not there yet. Names identify, as everywhere in a set-up. */
export function setUpPermissions(company: Company, setup: Pick<CompanySetup, "permission_sets" | "roles">): void {
  for (const { app, name, type = "custom", contents = [] } of setup.permission_sets ?? []) {
    if (allPermissionSets(company).some((set) => set.app === app && set.name === name)) continue;
    const id = company.identity.permissionSetId(app, name);
    const permissionSet: PermissionSet = { id, name, description: "", app, type, contents };
    company.remember({ permissionSet });
  }
  for (const { name, parent } of setup.roles ?? []) {
    if (allRoles(company).some((role) => role.name === name)) continue;
    const id = company.identity.roleId(name, (drawn) => company.roles.has(drawn));
    const parent_role_id = parent === undefined ? FIRST_ROLE.id : roleNamed(company, parent);
    company.remember({ role: { id, parent_role_id, name } });
  }
}

/** @throws EditError naming the sets or roles there are */
export function toAccess(company: Company, given: AccessSetup): Partial<User> {
  const { permission_sets, role, last_login, activated } = given;
  return {
    ...(permission_sets && { permission_sets: permission_sets.map((name) => setNamed(company, name)) }),
    ...(role !== undefined && { role_id: roleNamed(company, role) }),
    ...(last_login !== undefined && { last_login: last_login === null ? null : wholeSeconds(Date.parse(last_login)) }),
    ...(activated !== undefined && { activated }),
  };
}

function setNamed(company: Company, name: string): string {
  const all = allPermissionSets(company);
  const set = all.find((one) => `${one.app}:${one.name}` === name);
  if (set) return set.id;
  throw new EditError(`no permission set "${name}". Known: ${all.map((one) => `${one.app}:${one.name}`).join(", ")}`);
}

function roleNamed(company: Company, name: string): number {
  const all = allRoles(company);
  const role = all.find((one) => one.name === name);
  if (role) return role.id;
  throw new EditError(`no role "${name}". Known: ${all.map((one) => one.name).join(", ")}`);
}
