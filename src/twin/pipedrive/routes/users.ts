import { changeUser, type UserParts } from "../change-user.ts";
import type { Route } from "../gate.ts";
import { v1NotAllowed, v1Problem } from "../problem.ts";
import { refuseOthers } from "../query.ts";
import { toMe, toUser } from "../user-answer.ts";
import { refuseDenied } from "./permissions.ts";

/**
 * v1 users: all (no paging), one, and the caller. Deactivated ones stay readable. An administrator may deactivate and
 * activate; nothing else of a user can be changed.
 */
export function userRoutes(route: Route, parts: UserParts): void {
  route("GET", "/users", { tokens: 20, operation: "users.list" }, ({ company, user, query }) => {
    refuseOthers(query, [], v1NotAllowed);
    refuseDenied({ company, user }, "users");
    return { success: true, data: [...company.users.values()].map((one) => toUser(company, one, user)) };
  });
  route("GET", "/users/me", { tokens: 2, operation: "users.me" }, ({ company, user, query }) => {
    refuseOthers(query, [], v1NotAllowed);
    return { success: true, data: toMe(company, user) };
  });
  route("GET", "/users/:id", { tokens: 2, operation: "users.get" }, ({ company, user, params, query }) => {
    refuseOthers(query, [], v1NotAllowed);
    refuseDenied({ company, user }, "users");
    const found = company.users.get(Number(params.id));
    if (!found) throw v1Problem(404, "User not found or not accessible.");
    return { success: true, data: toUser(company, found, user) };
  });
  route("PUT", "/users/:id", { tokens: 10, operation: "users.update" }, (call) => {
    const { company, user, params, query, body, actor } = call;
    refuseOthers(query, [], v1NotAllowed);
    refuseDenied({ company, user }, "users");
    if (!user.admin) throw v1Problem(403, "You do not have permissions to do this.");
    const active_flag = readActiveFlag(body);
    const found = company.users.get(Number(params.id));
    if (!found || found.is_deleted) throw v1Problem(404, "User not found or not accessible.");
    const changed = changeUser(parts, company, found, { active_flag }, actor);
    return { success: true, data: toUser(company, changed, user) };
  });
}

function readActiveFlag(body: unknown): boolean {
  const { active_flag, ...others } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) throw v1NotAllowed(foreign);
  if (typeof active_flag !== "boolean") throw v1Problem(400, "Validation failed: active_flag");
  return active_flag;
}
