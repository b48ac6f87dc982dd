import type { App } from "../app.ts";
import type { CrmRecord } from "../pipedrive/port.ts";
import { isDueARecord } from "../reconcile/establish.ts";
import type { TenantKey } from "../store/vault.ts";
import { ID_KIND, type OldId } from "../sync/mapping/live/existing.ts";
import type { Aggregate, CrmObject, MappingPlan, ProgramKind } from "../sync/model.ts";
import { carried } from "./existing-records.ts";

/** One record or aggregate that a plan would bring to the other side. */
export interface DryEntry {
  /** `linked`: both are there already, and would be tied to each other if such ids are adopted. */
  outcome: "created" | "linked";
  /** Where it would be made; of what would be linked, where the id stands. */
  in: "pipedrive" | "program";
  /** What is there now: a record of Pipedrive, or an aggregate of the program. */
  object: CrmObject | null;
  crmId: number | null;
  kind: ProgramKind;
  programId: string | null;
  /** As people know it; empty where it has no name. */
  name: string;
}

/** Whether an unlinked Organization enters the program when the plan comes into force. */
export function enters(plan: MappingPlan, record: CrmRecord, enrol: boolean): boolean {
  return carried(plan, record).status !== null && (enrol || record.update_time >= plan.startAt);
}

/** Organizations that become partners; those that carry an id are told of by `toBeLinked`. */
export function intoProgram(plan: MappingPlan, entering: readonly CrmRecord[], most: number): DryEntry[] {
  return entering
    .filter((record) => carried(plan, record).id === null)
    .slice(0, most)
    .map((record) => ({
      ...{ outcome: "created" as const, in: "program" as const, object: "organization" as const },
      ...{ crmId: record.id, kind: "partner" as const, programId: null, name: nameOf(record) },
    }));
}

/** Records whose ids would be adopted. */
export function toBeLinked(unlinked: Record<CrmObject, CrmRecord[]>, ids: readonly OldId[], most: number): DryEntry[] {
  return ids.slice(0, most).map(({ object, crmId, id }) => {
    const record = unlinked[object].find((one) => one.id === crmId);
    return {
      ...{ outcome: "linked" as const, in: "pipedrive" as const, object, crmId },
      ...{ kind: ID_KIND[object], programId: id, name: record ? nameOf(record) : "" },
    };
  });
}

/**
 * Aggregates without a record that the rules want in Pipedrive now. Whether one fits a record that is there is found out
 * when its turn comes: a search costs more than all the rest of a plan.
 */
export async function intoPipedrive(app: App, plan: MappingPlan, key: TenantKey, most: number): Promise<DryEntry[]> {
  const entries: DryEntry[] = [];
  for (const { kind, programId, seenProgram } of await app.rollOutReach.waitingSample(plan.tenantId, most)) {
    if (!seenProgram) continue; // heard of, and never folded
    const aggregate = { ...(key.unsealJson("lane.seen_program", seenProgram) as Aggregate), kind };
    if (!isDueARecord(aggregate, plan)) continue;
    entries.push({
      ...{ outcome: "created", in: "pipedrive", object: null, crmId: null, kind, programId },
      name: nameOf(aggregate.data),
    });
  }
  return entries;
}

function nameOf({ name, title, first_name, last_name }: Record<string, unknown>): string {
  const parts = name ?? title ?? [first_name, last_name].filter(Boolean).join(" ");
  return typeof parts === "string" ? parts : "";
}
