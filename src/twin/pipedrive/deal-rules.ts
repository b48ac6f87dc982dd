import type { Company } from "./company.ts";
import type { RecordData } from "./model.ts";
import { money } from "./normalise.ts";
import { invalid } from "./problem.ts";

type Changes = Record<string, unknown>;

/**
 * What else changes in a deal when these keys are written: a stage moves its pipeline and the other way round, a
 * status sets or clears its times, money is rounded to what its currency has.
 *
 * @param before the deal as it is; for a new one, as it would be without `changes`
 * @throws Problem 400 for combinations that contradict each other
 */
export function completeDeal(company: Company, before: RecordData, changes: Changes, now: string): Changes {
  const complete = { ...changes, ...placeOf(company, before, changes, now) };
  Object.assign(complete, outcomeOf(before, complete, now));
  if ("value" in complete || "currency" in complete) {
    const currency = String(complete.currency ?? before.currency);
    complete.value = money(Number(complete.value ?? ("value" in complete ? 0 : before.value)), currency);
  }
  if (complete.is_archived === true && !before.is_archived) complete.archive_time ??= now;
  if (complete.is_archived === false) complete.archive_time = null;
  return complete;
}

function placeOf(company: Company, before: RecordData, changes: Changes, now: string): Changes {
  const place: Changes = {};
  if (typeof changes.stage_id === "number") {
    const stage = company.stages.get(changes.stage_id);
    if (changes.pipeline_id !== undefined && stage?.pipeline_id !== changes.pipeline_id) {
      throw invalid("stage_id", `Stage ${changes.stage_id} is not in pipeline ${changes.pipeline_id}`);
    }
    place.pipeline_id = stage?.pipeline_id;
  } else if (typeof changes.pipeline_id === "number" && changes.pipeline_id !== before.pipeline_id) {
    const first = company.openStages(changes.pipeline_id)[0];
    if (!first) throw invalid("pipeline_id", `Pipeline ${changes.pipeline_id} has no stages`);
    place.stage_id = first.id;
  }
  const stage = changes.stage_id ?? place.stage_id;
  if (stage !== undefined && stage !== before.stage_id) place.stage_change_time = now;
  return place;
}

function outcomeOf(before: RecordData, changes: Changes, now: string): Changes {
  const status = (changes.status ?? before.status) as string;
  const only = (key: string, statuses: string[]) => {
    if (changes[key] != null && !statuses.includes(status)) {
      throw invalid(key, `Can be set only when the status is ${statuses.join(" or ")}`);
    }
  };
  only("lost_reason", ["lost"]);
  only("won_time", ["won"]);
  only("lost_time", ["lost"]);
  only("close_time", ["won", "lost"]);

  const changed = status !== before.status;
  if (status === "open") return changed ? { ...NO_OUTCOME, lost_reason: null } : {};
  const key = status === "won" ? "won_time" : "lost_time";
  const given = changes[key] ?? changes.close_time;
  if (!changed && given == null) return {};
  const at = (given ?? now) as string;
  const outcome: Changes = { ...NO_OUTCOME, [key]: at, close_time: changes.close_time ?? at };
  outcome[`local_${status}_date`] = at.slice(0, 10);
  outcome.local_close_date = at.slice(0, 10);
  if (status === "won") outcome.lost_reason = null;
  return outcome;
}

const NO_OUTCOME = {
  won_time: null,
  lost_time: null,
  close_time: null,
  local_won_date: null,
  local_lost_date: null,
  local_close_date: null,
};
