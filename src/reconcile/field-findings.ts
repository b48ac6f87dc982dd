import type { FindingCode } from "../sync/decide.ts";
import type { Wanted } from "./decide-links.ts";
import { type Round, raise, subjectOf } from "./round.ts";

/** What each finding of a decision says, and what to do about it. `{label}` is the field as people know it. */
const TEXTS: Record<FindingCode, string> = {
  ID_MISMATCH:
    "{label} holds another id than the one this record is linked by; it is never overwritten. Clear the field to have the right id written, or correct the link.",
  ID_CLEARED:
    "{label} was emptied again after it had been put back once. Fill it in by hand if the record is to stay recognisable.",
  OPTION_UNMAPPED:
    "{label} has a value that the mapping does not pair; the field is left alone. Choose a mapped value, or add this one to the mapping.",
  STATUS_CLEARED:
    "{label} was emptied; the partner is inactive in the program and stays linked. Choose a status to change that.",
  CONFLICT_MANUAL: "{label} was changed on both sides and the mapping asks a person to decide. Make both sides equal.",
  FIELD_PAUSED:
    "{label} keeps being set back by another automation in Pipedrive, so it is no longer written. Stop that automation, or change the value in the program.",
};

/** Puts a decision's findings before people. One stays open per record and field, however often it is found again. */
export function reportFindings(round: Round, wanted: Wanted): void {
  for (const finding of wanted.findings) {
    if (finding.code === "FIELD_PAUSED") pause(finding);
    raise(round, {
      code: finding.code,
      field: finding.field,
      message: `${round.claim.tenantId}: ${subjectOf(round)}: ${TEXTS[finding.code].replace("{label}", finding.label)}`,
      detail: { crm: finding.crm, program: finding.program },
    });
  }
}

/** It stays paused when the writes that told are long forgotten: until its source changes, or a person resumes it. */
function pause({ link, field }: Wanted["findings"][number]): void {
  if (link.pausedFields.includes(field)) return;
  link.pausedFields = [...link.pausedFields, field];
  link.changed = true;
}
