import type { Company } from "../company.ts";
import { pageOf } from "../cursor.ts";
import type { Route } from "../gate.ts";
import { notFound } from "../problem.ts";
import { Query, refuseOthers } from "../query.ts";
import { pathId } from "./records.ts";

/** v2 pipelines and stages, for reading: the control API sets them up. */
export function pipelineRoutes(route: Route): void {
  const parameters = ["sort_by", "sort_direction", "limit", "cursor"];
  route("GET", "/pipelines", { tokens: 5, operation: "pipelines.list" }, ({ company, query: raw }) => {
    const query = new Query(raw, parameters);
    const all = inOrder([...company.pipelines.values()], query, DATED);
    return { success: true, ...pageOf(all, company, query) };
  });
  route("GET", "/pipelines/:id", { tokens: 1, operation: "pipelines.get" }, ({ company, params, query }) => {
    refuseOthers(query);
    return one(company.pipelines.get(pathId(params)), "Pipeline");
  });
  route("GET", "/stages", { tokens: 5, operation: "stages.list" }, ({ company, query: raw }) => {
    const query = new Query(raw, [...parameters, "pipeline_id"]);
    const pipeline = query.integer("pipeline_id");
    const all = inOrder(stagesOf(company, pipeline), query, [...DATED, "order_nr"]);
    return { success: true, ...pageOf(all, company, query) };
  });
  route("GET", "/stages/:id", { tokens: 1, operation: "stages.get" }, ({ company, params, query }) => {
    refuseOthers(query);
    return one(company.stages.get(pathId(params)), "Stage");
  });
}

function stagesOf(company: Company, pipeline: number | undefined) {
  return [...company.stages.values()].filter((stage) => pipeline === undefined || stage.pipeline_id === pipeline);
}

function one<T>(found: T | undefined, what: string) {
  if (!found) throw notFound(what);
  return { success: true, data: found };
}

type Sortable = { id: number; add_time: string; update_time: string; order_nr: number; is_deleted: boolean };

type SortKey = "id" | "update_time" | "add_time" | "order_nr";
const DATED: SortKey[] = ["id", "update_time", "add_time"];

/** Deleted ones are not listed. */
function inOrder<T extends Sortable>(all: T[], query: Query, keys: SortKey[]): T[] {
  const field = query.oneOf("sort_by", keys, "id");
  const sign = query.oneOf("sort_direction", ["asc", "desc"], "asc") === "asc" ? 1 : -1;
  const compare = (a: T, b: T) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : a.id - b.id);
  return all.filter((item) => !item.is_deleted).sort((a, b) => sign * compare(a, b));
}
