import { random } from "../random.ts";
import type { Company } from "./company.ts";
import type { App, PermissionSet, Role, User } from "./model.ts";

/** Everybody without a role of their own is in this one. */
export const FIRST_ROLE: Role = { id: 1, parent_role_id: null, name: "(Unassigned users)" };

/** Every right that the API tells of, as its documents list them. */
export const RIGHTS: readonly string[] = (
  "can_add_custom_fields can_add_products can_add_prospects_as_leads can_bulk_edit_items can_change_visibility_of_items " +
  "can_convert_deals_to_leads can_create_own_workflow can_delete_activities can_delete_custom_fields can_delete_deals " +
  "can_edit_custom_fields can_edit_deals_closed_date can_edit_products can_edit_shared_filters " +
  "can_export_data_from_lists can_follow_other_users can_merge_deals can_merge_organizations can_merge_people " +
  "can_modify_labels can_see_company_wide_statistics can_see_deals_list_summary can_see_hidden_items_names " +
  "can_see_other_users can_see_other_users_statistics can_see_security_dashboard can_share_filters can_share_insights " +
  "can_use_api can_use_email_tracking can_use_import"
).split(" ");

const OF_REGULAR_USERS = (
  "can_add_products can_change_visibility_of_items can_delete_activities can_edit_products can_follow_other_users " +
  "can_see_deals_list_summary can_see_other_users can_share_filters can_use_api can_use_email_tracking"
).split(" ");
const OF_ACCOUNT_SETTINGS = ["can_see_security_dashboard"];
const OF_ADMINS = RIGHTS.filter((right) => !OF_ACCOUNT_SETTINGS.includes(right));

type BuiltIn = Omit<PermissionSet, "id">;
const BUILT_IN: readonly BuiltIn[] = [
  builtIn("sales", "admin", "Deals admin", OF_ADMINS),
  builtIn("sales", "regular", "Deals regular user", OF_REGULAR_USERS),
  builtIn("global", "admin", "Global admin", OF_ADMINS),
  builtIn("global", "regular", "Global regular user", OF_REGULAR_USERS),
  builtIn("account_settings", "admin", "Account settings", OF_ACCOUNT_SETTINGS),
];

function builtIn(app: App, type: BuiltIn["type"], name: string, contents: string[]): BuiltIn {
  return { app, type, name, description: `${name}: what this set is for`, contents };
}

/** All permission sets of an account: those that every one has, then its own. */
export function allPermissionSets(company: Company): PermissionSet[] {
  const usual = BUILT_IN.map((set) => {
    const id = random("permission set", company.domain, set.app, String(set.type === "admin")).uuid();
    return { id, ...set };
  });
  return [...usual, ...company.permissionSets.values()];
}

/** The permission sets a user has. */
export function permissionSetsOf(company: Company, user: User): PermissionSet[] {
  const all = allPermissionSets(company);
  const own = user.permission_sets;
  if (own) return all.filter(({ id }) => own.includes(id));
  return all.filter(({ id, type }) => type === (user.admin ? "admin" : "regular") && !company.permissionSets.has(id));
}

/** Rights by name, over all sets of a user. */
export function permissionsOf(company: Company, user: User): Record<string, boolean> {
  const granted = new Set(permissionSetsOf(company, user).flatMap(({ contents }) => contents));
  return Object.fromEntries(RIGHTS.map((right) => [right, granted.has(right)]));
}

export function allRoles(company: Company): Role[] {
  return [FIRST_ROLE, ...company.roles.values()].sort((a, b) => a.id - b.id);
}

/** Who has a role or set: deactivated users keep theirs, removed ones do not. */
export function usersWith(company: Company, has: (user: User) => boolean): User[] {
  return [...company.users.values()].filter((user) => !user.is_deleted && has(user));
}
