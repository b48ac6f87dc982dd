import { BlockedError } from "../errors.ts";
import { isUnmapped } from "../sync/canonical.ts";
import type { CrmWrite } from "../sync/codec.ts";
import { crmValues, encodeCrm, programValues } from "../sync/codec.ts";
import { isOptional } from "../sync/codec-crm.ts";
import { waitsForLoss } from "../sync/decide-field.ts";
import { STAGE_FIELD } from "../sync/mapping/drift.ts";
import { type CrmObject, type FieldPlan, type MappingPlan, ROLE_KIND, ROLE_OBJECT, type Role } from "../sync/model.ts";
import { acknowledgedBases } from "./acknowledge.ts";
import { carryOut } from "./carry-out.ts";
import { prospectOf, record, text } from "./identity.ts";
import { linkTo, seenOf } from "./link-to.ts";
import { ownerOf } from "./owner.ts";
import { referencesOf } from "./references.ts";
import { type Round, raise, subjectOf, type WrittenField } from "./round.ts";
import type { Steps } from "./steps.ts";
import { planOfObject } from "./tenant.ts";

export interface Creation {
  role: Role;
  /** Pipedrive ids this record refers to. */
  customers: { [R in Role]?: number };
  identities?: Buffer[];
}

/**
 * Creates one record, once: the program's id travels in the same call, so that a create whose answer is lost is found
 * again by it. The link is made in the transaction that closes the intent.
 */
export async function createRecord(round: Round, steps: Steps, creation: Creation): Promise<void> {
  const { role } = creation;
  const { tenant } = round;
  waitForAnchor(tenant.plan, role);
  const object: CrmObject = ROLE_OBJECT[role];
  const fields = await valuesOnCreate(round, steps, role);
  const mapped = encodeCrm(fields.writes, { ...tenant.plan, present: null });
  const request = withOneName({ ...(await standardBody(round, steps, creation)), ...mapped });
  const programId = round.program?.id ?? "";
  const body = { request, fields: fields.written, ...(fields.owed.length > 0 && { owed: fields.owed }) };
  const { intent, answer } = await carryOut(round, steps, {
    type: "create",
    direction: "outbound",
    target: { role, object, crmId: null, programId },
    body,
    send: (call) => tenant.pipedrive.create(object, request, call),
  });
  const values = crmValues(planOfObject(tenant.plan, object), answer, tenant.plan);
  await linkTo(round, steps, {
    intent,
    crmId: answer.id,
    createdBy: "create",
    seen: seenOf(values, answer.update_time),
    bases: acknowledgedBases(round, body, values),
    ...(creation.identities && { identities: creation.identities }),
  });
  round.did.push(`created ${object} ${answer.id}`);
}

const ANCHORS = ["allbound_id", "allbound_deal_id", STAGE_FIELD];

/** Without its id a record could not be found again, and a Deal without its stage not be put anywhere: it waits. */
function waitForAnchor({ roles }: MappingPlan, role: Role): void {
  const anchor = roles[role].find(({ field, paused }) => paused && ANCHORS.includes(field));
  if (!anchor) return;
  const message = `waits until ${anchor.label} flows again`;
  throw new BlockedError({ kind: "field", id: `${role}.${anchor.field}` }, message);
}

/** A Person's name is given whole or in its two parts, never both ways: one of them would silently win. */
function withOneName(request: Record<string, unknown>): Record<string, unknown> {
  const { name, first_name, last_name, ...rest } = request;
  if (first_name === undefined && last_name === undefined) return request;
  return first_name && last_name ? { ...rest, first_name, last_name } : { ...rest, name };
}

/** Every mapped field that has something to say when the record is made. */
async function valuesOnCreate(
  round: Round,
  steps: Steps,
  role: Role,
): Promise<{ writes: CrmWrite[]; written: WrittenField[]; owed: string[] }> {
  const { program, tenant } = round;
  if (!program)
    throw new Error(`${tenant.tenantId}: nothing is known of the aggregate to create ${subjectOf(round)} from`);
  // Whose word counts later says nothing of a partner's Organization that does not exist yet: only the program has any.
  const fromProgram = ({ direction }: FieldPlan) => direction !== "crm_to_program" || role === "partner";
  const plan = tenant.plan.roles[role].filter((field) => fromProgram(field) && !field.paused);
  // What only the creation can carry has to be linked by then; everything else is written once it is.
  await referencesOf(
    round,
    steps,
    plan.filter(({ write }) => write === "on_create"),
  );
  if (round.waitsFor) throw new BlockedError(round.waitsFor);
  const references = await referencesOf(round, steps, plan);
  const values = programValues(plan, { ...program, kind: ROLE_KIND[role] }, references);
  const known = (field: FieldPlan) => values[field.field] !== undefined && values[field.field] !== null;
  const takes = (field: FieldPlan) =>
    !isOptional(field) && !waitsForLoss(field, { plan: tenant.plan.roles[role], crm: null, program: values });
  const writes: CrmWrite[] = [];
  for (const field of plan.filter((one) => known(one) && takes(one))) {
    const value = values[field.field] ?? null;
    if (isUnmapped(value)) {
      raise(round, {
        code: "OPTION_UNMAPPED",
        field: field.field,
        message: `${tenant.tenantId}: ${subjectOf(round)} has a value for ${field.label} that the mapping does not pair; add the option to the mapping.`,
      });
    } else writes.push({ plan: field, value });
  }
  const written = writes.map(({ plan: field, value }) => ({
    linkId: null,
    role,
    field: field.field,
    value,
    source: value,
    rule: "create" as const,
  }));
  return { writes, written, owed: tenant.plan.roles[role].filter(isOwed).map(({ field }) => field) };
}

/** It stands still, and nothing but a creation would write it. */
function isOwed({ direction, write, paused }: FieldPlan): boolean {
  return paused !== undefined && write === "on_create" && direction !== "crm_to_program";
}

/** What a record of this role always has, listed in the mapping or not. */
async function standardBody(
  round: Round,
  steps: Steps,
  { role, customers }: Creation,
): Promise<Record<string, unknown>> {
  const data = record(round.program?.data);
  const { account, contact } = prospectOf(round);
  switch (role) {
    case "customer_org":
      return {
        name: account.name ?? account.website ?? `Customer of ${round.program?.id}`,
        owner_id: await ownerOf(round, steps),
      };
    case "customer_person":
      return {
        name: contact.name ?? contact.email,
        org_id: customers.customer_org,
        owner_id: await ownerOf(round, steps),
        ...(contact.email && { emails: [{ value: contact.email, primary: true, label: "work" }] }),
        ...(contact.phone && { phones: [{ value: contact.phone, primary: true, label: "work" }] }),
      };
    case "partner_user": {
      const name = [text(data.first_name), text(data.last_name)].filter(Boolean).join(" ");
      const email = text(data.email);
      return {
        name: name || email,
        org_id: customers.partner,
        ...(email && { emails: [{ value: email, primary: true, label: "work" }] }),
      };
    }
    case "deal": {
      const { entry, onApproved } = round.tenant.plan.stages;
      const approved = record(data.review).status === "approved";
      const stage = approved && onApproved ? onApproved : entry;
      return {
        title: text(data.title) ?? `Registration ${round.program?.id}`,
        stage_id: stage.stageId,
        org_id: customers.customer_org,
        ...(customers.customer_person && { person_id: customers.customer_person }),
        owner_id: await ownerOf(round, steps),
      };
    }
    case "partner":
      return {
        name: text(data.name) ?? text(data.website) ?? `Partner ${round.program?.id}`,
        owner_id: await ownerOf(round, steps),
      };
  }
}
