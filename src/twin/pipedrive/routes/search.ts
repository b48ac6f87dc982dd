import type { TwinClock } from "../../clock.ts";
import type { Route } from "../gate.ts";
import type { ObjectName } from "../model.ts";
import { Query } from "../query.ts";
import { searchField, searchRecords } from "../search.ts";

const COMMON = ["term", "fields", "exact_match", "include_fields", "limit", "cursor"];

const PARAMETERS: Record<ObjectName, string[]> = {
  person: [...COMMON, "organization_id"],
  organization: COMMON.filter((name) => name !== "include_fields"),
  deal: [...COMMON, "person_id", "organization_id", "status"],
};

/** v2 search: per object, and by one field. */
export function searchRoutes(route: Route, clock: TwinClock): void {
  for (const object of Object.keys(PARAMETERS) as ObjectName[]) {
    const price = { tokens: 20, operation: `${object}s.search`, search: true };
    route("GET", `/${object}s/search`, price, ({ company, query }) =>
      searchRecords(company, object, new Query(query, PARAMETERS[object]), clock.now()),
    );
  }
  const parameters = ["term", "entity_type", "match", "field", "limit", "cursor"];
  const price = { tokens: 20, operation: "itemSearch.field", search: true };
  route("GET", "/itemSearch/field", price, ({ company, query }) =>
    searchField(company, new Query(query, parameters), clock.now()),
  );
}
