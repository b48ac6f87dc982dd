import { expect } from "@jest/globals";
import { type DecideInput, decide } from "../../src/sync/decide.ts";
import type { BasePair, FieldPlan, Value } from "../../src/sync/model.ts";

export const NOW = Date.parse("2025-03-04T10:00:00Z");
export const MINUTE = 60_000;
export const UNMAPPED = { unmapped: 999 };

export function plan(more: Partial<FieldPlan> = {}): FieldPlan {
  const crm = { custom: "k", crmType: "varchar" };
  return { field: "f", label: "F", type: "text", crm, direction: "both", write: "always", onConflict: "crm", ...more };
}

/** Decides one field. An undefined side is unknown, an undefined base means the sides never agreed. */
export function decideOne(
  field: FieldPlan,
  crm: Value | undefined,
  program: Value | undefined,
  base?: BasePair,
  more: Partial<DecideInput> = {},
) {
  return decide({
    plan: [field],
    bases: base ? { [field.field]: base } : {},
    crm: crm === undefined ? {} : { [field.field]: crm },
    program: program === undefined ? {} : { [field.field]: program },
    nowMs: NOW,
    ...more,
  });
}

export const pair = (crm: Value, program: Value): BasePair => ({ crm, program });
export const NOTHING = { outbound: [], inbound: [], agreed: {}, conflicts: [], undecided: [], findings: [] };
export const both = plan();
export const toProgram = plan({ direction: "crm_to_program" });
export const toCrm = plan({ direction: "program_to_crm" });
export const finding = (code: string) => [expect.objectContaining({ code, field: "f", label: "F" })];
