import type { Company } from "../company.ts";
import type { Call, Price, Route } from "../gate.ts";
import { APPS, type Deniable, type PermissionSet, type Role } from "../model.ts";
import { allPermissionSets, allRoles, FIRST_ROLE, permissionSetsOf, permissionsOf, usersWith } from "../permissions.ts";
import { gatewayProblem, v1NotAllowed, v1Problem } from "../problem.ts";
import { refuseOthers } from "../query.ts";
import { pathId } from "./records.ts";

/** v1 permission sets, roles and who has them. For administrators, except a user's own rights and roles. */
export function permissionRoutes(route: Route): void {
  const get = (url: string, price: Price, part: Deniable, handle: (call: Call) => unknown) =>
    route("GET", url, price, (call) => {
      refuseDenied(call, part);
      return handle(call);
    });

  get("/permissionSets", { tokens: 20, operation: "permissionSets.list" }, "permission_sets", ({ company, query }) => {
    const { app } = parameters(query, ["app"]);
    if (app !== undefined && !(APPS as readonly string[]).includes(app)) throw v1Problem(400, "Validation failed: app");
    const sets = allPermissionSets(company).filter((set) => app === undefined || set.app === app);
    return { success: true, data: sets.map((set) => setAnswer(company, set)) };
  });
  get("/permissionSets/:id", { tokens: 2, operation: "permissionSets.get" }, "permission_sets", (call) => {
    parameters(call.query, []);
    const set = setAt(call);
    // The documents describe one object and show a list of one: this answers what they show.
    return { success: true, data: [{ ...setAnswer(call.company, set), contents: set.contents }] };
  });
  get(
    "/permissionSets/:id/assignments",
    { tokens: 20, operation: "permissionSets.assignments" },
    "permission_sets",
    (call) => {
      const set = setAt(call);
      const holders = holdersOf(call.company, set);
      if (holders.length === 0) throw v1Problem(404, "Permission set assignments not found");
      const rows = holders.map(({ id }) => ({ user_id: id, permission_set_id: set.id, name: set.name }));
      const { success, data } = pageOf(rows, call.query);
      return { success, data }; // it is paged, but documented to say nothing of it
    },
  );
  get("/users/:id/permissions", { tokens: 10, operation: "users.permissions" }, "user_permissions", (call) => {
    parameters(call.query, []);
    return { success: true, data: permissionsOf(call.company, userAt(call)) };
  });
  get("/users/:id/roleAssignments", { tokens: 10, operation: "users.roleAssignments" }, "user_permissions", (call) => {
    const user = userAt(call);
    const role = allRoles(call.company).find(({ id }) => id === (user.role_id ?? FIRST_ROLE.id)) ?? FIRST_ROLE;
    return pageOf([assignmentOf(role, user.id)], call.query);
  });
  get("/roles", { tokens: 20, operation: "roles.list" }, "roles", ({ company, query }) => {
    return pageOf(
      allRoles(company).map((role) => roleAnswer(company, role)),
      query,
    );
  });
  get("/roles/:id/assignments", { tokens: 10, operation: "roles.assignments" }, "roles", (call) => {
    const role = allRoles(call.company).find(({ id }) => id === pathId(call.params));
    if (!role) throw v1Problem(404, "Role not found");
    const holders = usersWith(call.company, (user) => (user.role_id ?? FIRST_ROLE.id) === role.id);
    return pageOf(
      holders.map(({ id }) => assignmentOf(role, id)),
      call.query,
    );
  });
}

/** @throws Problem 403 for want of a scope, as the gateway words it, or of a right */
export function refuseDenied({ company, user }: Pick<Call, "company" | "user">, part: Deniable): void {
  const denied = company.info.denied?.[part];
  if (denied === "scope") throw gatewayProblem(403, "Scope and URL mismatch");
  const ofAdmins = part === "permission_sets" || part === "roles";
  if (denied === "right" || (ofAdmins && !user.admin)) throw v1Problem(403, "You do not have permissions to do this.");
}

function parameters(query: unknown, known: string[]): Record<string, string | undefined> {
  refuseOthers(query, known, v1NotAllowed);
  return (query ?? {}) as Record<string, string | undefined>;
}

function setAt({ company, params }: Call): PermissionSet {
  const set = allPermissionSets(company).find(({ id }) => id === params.id);
  if (!set) throw v1Problem(404, "Permission set not found");
  return set;
}

function userAt({ company, params }: Call) {
  const user = company.users.get(pathId(params));
  if (!user) throw v1Problem(404, "User not found or not accessible.");
  return user;
}

function holdersOf(company: Company, set: PermissionSet) {
  return usersWith(company, (user) => permissionSetsOf(company, user).some(({ id }) => id === set.id));
}

function setAnswer(company: Company, set: PermissionSet) {
  const { contents: _, ...rest } = set;
  return { ...rest, assignment_count: holdersOf(company, set).length };
}

function roleAnswer(company: Company, role: Role) {
  const roles = allRoles(company);
  const count = usersWith(company, (user) => (user.role_id ?? FIRST_ROLE.id) === role.id).length;
  return {
    ...role,
    active_flag: true,
    assignment_count: String(count), // counts of roles are texts
    sub_role_count: String(roles.filter(({ parent_role_id }) => parent_role_id === role.id).length),
    level: levelOf(roles, role),
  };
}

function levelOf(roles: Role[], role: Role): number {
  const parent = roles.find(({ id }) => id === role.parent_role_id);
  return parent ? levelOf(roles, parent) + 1 : 1;
}

function assignmentOf({ id, parent_role_id, name }: Role, userId: number) {
  return { user_id: userId, role_id: id, parent_role_id, name, active_flag: true, type: "1" };
}

/** A v1 page: `start` and `limit`, 100 unless asked, 500 at most. */
function pageOf<T>(all: T[], query: unknown) {
  const given = parameters(query, ["start", "limit"]);
  const start = whole(given.start, "start", 0);
  const limit = Math.min(whole(given.limit, "limit", 100), 500);
  const data = all.slice(start, start + limit);
  const more = start + data.length < all.length;
  const pagination = { start, limit, more_items_in_collection: more, ...(more && { next_start: start + data.length }) };
  return { success: true, data, additional_data: { pagination } };
}

function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text) || (name === "limit" && Number(text) === 0))
    throw v1Problem(400, `Validation failed: ${name}`);
  return Number(text);
}
