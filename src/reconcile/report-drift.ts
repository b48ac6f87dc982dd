import { regained } from "./lost-rights.ts";
import type { Round } from "./round.ts";
import type { LostField } from "./rows.ts";

/** Where a run leaves what hints at a change of the account itself. */
export interface DriftReports {
  /** Something was refused: the account is to be compared with its mapping soon. At most once a minute. */
  want(tenantId: string): Promise<void>;
  /** When it was last compared; null when it never was. */
  lastAt(tenantId: string): Promise<Date | null>;
  /** A field is seen but cannot be written any more: it stands still for the whole tenant, with a finding. */
  lostRight(tenantId: string, field: LostField & { label: string }): Promise<void>;
  /** Such a field was written again: it flows. */
  regained(tenantId: string, field: LostField): Promise<void>;
}

/** Findings of one record that may be about every record. */
const HINTS = ["REFUSED_BY_PIPEDRIVE", "FORBIDDEN_BY_PIPEDRIVE", "FIELD_NOT_SHOWN", "READBACK_DIFFERS"];

/**
 * Says before settle what this run met: a field that cannot be written stands still by the time the lane waits for it.
 */
export async function reportDrift(round: Round, drift: DriftReports): Promise<void> {
  const { tenantId, plan } = round.tenant;
  for (const { role, field } of round.unwritable) {
    const label = plan.roles[role].find((candidate) => candidate.field === field)?.label ?? field;
    await drift.lostRight(tenantId, { role, field, label });
    round.waitsFor ??= { kind: "field", id: `${role}.${field}` };
  }
  for (const field of regained(round)) await drift.regained(tenantId, field);
  if (round.findings.some(({ code }) => HINTS.includes(code))) await drift.want(tenantId);
}
