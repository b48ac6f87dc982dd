import { ClaimLostError } from "../../src/errors.ts";
import type { PartnerProgram } from "../../src/partner/adapter.ts";
import type { Pipedrive } from "../../src/pipedrive/port.ts";
import type { MappingPlan } from "../../src/sync/model.ts";
import type { System } from "../support/system.ts";

/** Replaces calls of both sides' clients, or the mapping in force, until `stop` is called. The rest stays real. */
export function interfere(
  { app }: System,
  change: {
    pipedrive?: (real: Pipedrive) => Partial<Pipedrive>;
    program?: (real: PartnerProgram) => Partial<PartnerProgram>;
    plan?: (live: MappingPlan) => MappingPlan;
  },
): { stop(): void } {
  const contexts = app.contexts;
  app.contexts = async (tenantId) => {
    const context = await contexts(tenantId);
    const { pipedrive, program, plan } = context;
    return {
      ...context,
      plan: change.plan?.(plan) ?? plan,
      pipedrive: { ...pipedrive, ...change.pipedrive?.(pipedrive) },
      program: { ...program, ...change.program?.(program) },
    };
  };
  return {
    stop() {
      app.contexts = contexts;
    },
  };
}

/** What a run of a killed worker looks like from outside: it does nothing more, and its lease runs out. */
export function dies(): never {
  throw new ClaimLostError("this worker is gone");
}

/** Calls `first` once instead of `then`. */
export function once<A extends unknown[], R>(first: (...args: A) => R, then: (...args: A) => R): (...args: A) => R {
  let used = false;
  return (...args) => {
    if (used) return then(...args);
    used = true;
    return first(...args);
  };
}
