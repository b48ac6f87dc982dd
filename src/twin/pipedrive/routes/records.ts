import type { TwinClock } from "../../clock.ts";
import { answer, readShape } from "../answer.ts";
import { asAllowed, asSeen } from "../field-access.ts";
import type { Call, Route } from "../gate.ts";
import { LIST_PARAMETERS, listRecords, SHAPE_PARAMETERS } from "../listing.ts";
import { type Deniable, OBJECTS, type ObjectName, type RecordAct } from "../model.ts";
import { forbidden, gatewayProblem, noRecord } from "../problem.ts";
import { Query, refuseOthers } from "../query.ts";
import type { Records } from "../records.ts";

/** v2 persons, organizations and deals: create, get, change, delete, list. */
export function recordRoutes(route: Route, records: Records, clock: TwinClock): void {
  for (const object of OBJECTS) objectRoutes(route, object, records, clock);
}

/** The id in a path; NaN, which nothing has, when it holds something else. */
export function pathId(params: Record<string, string>): number {
  return /^\d+$/.test(params.id ?? "") ? Number(params.id) : Number.NaN;
}

const ACTS = { GET: "read", POST: "create", PATCH: "edit", DELETE: "delete" } as const satisfies Record<
  string,
  RecordAct
>;

/** @throws Problem 403 for want of a scope, as the gateway words it, or of a right */
function refuseDeniedAct({ company }: Call, act: Deniable): void {
  const denied = company.info.denied?.[act];
  if (denied === "scope") throw gatewayProblem(403, "Scope and URL mismatch");
  if (denied === "right") throw forbidden("You do not have permissions to do this.", "ERR_FORBIDDEN");
}

function objectRoutes(open: Route, object: ObjectName, records: Records, clock: TwinClock): void {
  const route: Route = (method, url, cost, handle) =>
    open(method, url, cost, (call) => {
      refuseDeniedAct(call, `${object}.${ACTS[method as keyof typeof ACTS]}`);
      return handle(call);
    });
  const url = `/${object}s`;
  const price = (operation: string, tokens: number) => ({ operation: `${object}s.${operation}`, tokens });

  route("GET", url, price("list", 10), ({ company, user, query: raw }) => {
    const query = new Query(raw, LIST_PARAMETERS[object]);
    const shape = readShape(object, query);
    const { data, next_cursor } = listRecords(company, object, query, clock.now());
    const shown = data.map((one) => asSeen(company, object, answer(company, object, one, shape), user));
    return { success: true, data: shown, additional_data: { next_cursor } };
  });

  route("GET", `${url}/:id`, price("get", 1), ({ company, user, params, query: raw }) => {
    const shape = readShape(object, new Query(raw, SHAPE_PARAMETERS));
    const { data } = records.row(company, object, pathId(params));
    const { deletedGet, notFoundBody } = company.info.switches;
    if (data.is_deleted && deletedGet === 404) throw noRecord(object, notFoundBody);
    return { success: true, data: asSeen(company, object, answer(company, object, data, shape), user) };
  });

  route("POST", url, price("create", 5), ({ company, user, query, body, actor }) => {
    refuseOthers(query);
    const { data } = records.create(company, object, asAllowed(company, object, body, user), actor);
    return { success: true, data: asSeen(company, object, answer(company, object, data), user) };
  });

  route("PATCH", `${url}/:id`, price("update", 5), ({ company, user, params, query, body, actor }) => {
    refuseOthers(query);
    const allowed = asAllowed(company, object, body, user);
    const { data } = records.change(company, object, pathId(params), allowed, actor);
    return { success: true, data: asSeen(company, object, answer(company, object, data), user) };
  });

  route("DELETE", `${url}/:id`, price("delete", 3), ({ company, params, query, actor }) => {
    refuseOthers(query);
    const id = pathId(params);
    records.remove(company, object, id, actor);
    return { success: true, data: { id } };
  });
}
