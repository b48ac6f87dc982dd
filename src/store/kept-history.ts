import type { Claim, HistoryRow } from "./lane-rows.ts";

/**
 * A verb of a lane with the line of history that tells of it, in one transaction: a settle may be lost, and the run after
 * it finds nothing left to tell of.
 *
 * @param call  selects what came of it
 * @param first place of the first of `historyValues`
 * @param when  of what came of it: whether there is anything to tell
 */
export function keepingHistory(call: string, first: number, when: string): string {
  return `with done as materialized (${call}), kept as (
      insert into history (tenant_id, lane_id, role, program_id, field, event, winner, rule, revision, intent_id, content, salt)
      select $${first}::text, $${first + 1}::bigint, h.role, h.program_id, h.field, h.event, h.winner, h.rule, h.revision,
        h.intent_id, decode(h.content, 'base64'), decode(h.salt, 'base64')
      from done, jsonb_to_record($${first + 2}::jsonb) h (role text, program_id text, field text, event text, winner text,
        rule text, revision int, intent_id bigint, content text, salt text)
      where h.event is not null and ${when})
    select * from done`;
}

export function historyValues({ tenantId, laneId }: Claim, row: HistoryRow | undefined): unknown[] {
  return [tenantId, laneId, row ? JSON.stringify(row) : null];
}
