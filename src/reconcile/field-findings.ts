import { isEmpty } from "../sync/canonical.ts";
import { programValues } from "../sync/codec.ts";
import type { FieldFinding, FindingCode, PausedField } from "../sync/decide.ts";
import type { FieldPlan, Value } from "../sync/model.ts";
import type { Wanted } from "./decide-links.ts";
import { activeLinks, type Round, type RoundLink, raise, subjectOf } from "./round.ts";

/**
 * What each finding of a decision says, and what to do about it. `{label}` is the field as people know it, `{source}`
 * and `{other}` are the sides its value comes from and goes to.
 */
const TEXTS: Record<FindingCode, string> = {
  ID_MISMATCH:
    "{label} holds another id than the one this record is linked by; it is never overwritten. Clear the field to have the right id written, or correct the link.",
  ID_CLEARED:
    "{label} was emptied again after it had been put back once. Fill it in by hand if the record is to stay recognisable.",
  OPTION_UNMAPPED:
    "{label} has a value that the mapping does not pair; the field is left alone. Choose a mapped value, or add this one to the mapping.",
  STATUS_CLEARED:
    "{label} was emptied; the partner is inactive in the program and stays linked. Choose a status to change that.",
  FIELD_PAUSED:
    "{label} keeps being set back by another automation in {other}, so it is no longer written there. Stop that automation, or change the value in {source}.",
};

/** A field that the mapping calls required is empty where its value comes from. Everything else goes on. */
export function reportMissing(round: Round): void {
  for (const link of activeLinks(round)) {
    for (const field of round.tenant.plan.roles[link.role].filter(({ required, paused }) => required && !paused)) {
      const fromProgram = field.direction === "program_to_crm";
      const value = fromProgram ? programValue(round, field) : round.crm?.values[field.field];
      if (value === undefined || !isEmpty(field.type, value)) continue;
      const where = SYSTEMS[fromProgram ? "program" : "crm"];
      raise(round, {
        code: "REQUIRED_EMPTY",
        field: field.field,
        message: `${round.claim.tenantId}: ${subjectOf(round)}: ${field.label} is empty in ${where}, and the mapping requires it. Fill it in there.`,
      });
    }
  }
}

/** The marker of the registration a customer came from keeps what is there already; but an id of another kind is a slip. */
const REGISTRATION_ID = /^reg_[a-z0-9]+$/;

/** Something in a marker that no program could have written. Ids without prefixes cannot be told apart like that. */
export function reportStrangeIds(round: Round): void {
  if (round.tenant.plan.idFormat === "opaque") return;
  for (const link of activeLinks(round).filter(({ role }) => role === "customer_org" || role === "customer_person")) {
    const field = round.tenant.plan.roles[link.role].find(
      (candidate) => candidate.field === "allbound_deal_id" && !candidate.paused,
    );
    const value = round.crm?.values.allbound_deal_id;
    if (!field || typeof value !== "string" || value.trim() === "" || REGISTRATION_ID.test(value.trim())) continue;
    raise(round, {
      code: "ID_MALFORMED",
      field: field.field,
      message: `${round.claim.tenantId}: ${subjectOf(round)}: ${field.label} holds something that is no registration's id. Clear it to have the right id written.`,
    });
  }
}

function programValue({ program }: Round, field: FieldPlan): Value | undefined {
  return program ? programValues([field], program, { link: () => undefined })[field.field] : undefined;
}

/** Puts a decision's findings before people. One stays open per record and field, however often it is found again. */
export function reportFindings(round: Round, wanted: Wanted): void {
  for (const finding of wanted.findings) {
    if (finding.code === "FIELD_PAUSED") {
      const { link, field } = finding;
      const isNew = pauseField(link, { field, until: sourceOf(finding) });
      if (isNew) round.rewrites.push({ link: link.id, role: link.role, field, paused: true });
    }
    raise(round, {
      code: finding.code,
      field: finding.field,
      message: `${round.claim.tenantId}: ${subjectOf(round)}: ${textOf(finding)}`,
      detail: { crm: finding.crm, program: finding.program },
    });
  }
}

const SYSTEMS = { crm: "Pipedrive", program: "the partner program" } as const;

function textOf(finding: FieldFinding): string {
  const source = sourceOf(finding);
  return TEXTS[finding.code]
    .replace("{label}", finding.label)
    .replace("{source}", SYSTEMS[source])
    .replace("{other}", SYSTEMS[source === "crm" ? "program" : "crm"]);
}

function sourceOf({ until = "program" }: FieldFinding): "crm" | "program" {
  return until;
}

/** It stays paused when what told of it is long forgotten: until that side says something new, or a person resumes it. @returns false when it was paused already */
export function pauseField(link: RoundLink, paused: PausedField): boolean {
  if (link.pausedFields.some(({ field }) => field === paused.field)) return false;
  link.pausedFields = [...link.pausedFields, paused];
  link.changed = true;
  return true;
}
