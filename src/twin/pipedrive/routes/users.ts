import type { Route } from "../gate.ts";
import { v1NotAllowed, v1Problem } from "../problem.ts";
import { refuseOthers } from "../query.ts";
import { toMe, toUser } from "../user-answer.ts";
import { refuseDenied } from "./permissions.ts";

/** v1 users: all (no paging), one, and the caller. Deactivated ones stay readable. */
export function userRoutes(route: Route): void {
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
}
