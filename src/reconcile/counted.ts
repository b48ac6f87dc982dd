import type { CountedWrite, HeldField, WriteKind } from "../store/write-limits.ts";
import { programValues } from "../sync/codec.ts";
import { ROLE_KIND, type Values } from "../sync/model.ts";
import type { RemoteWrite } from "./carry-out.ts";
import { ownLink, type Round, subjectOf, type WrittenField } from "./round.ts";

type Write = Pick<RemoteWrite<unknown>, "type" | "target" | "body">;

/** Says which record stands for which, or what may be a duplicate: no value changes. */
const NOT_COUNTED = /\.(link_crm|unlink_crm|flag_conflict)$/;

/**
 * What the tenant's limits count of a write: the record, and whether it is made, changed, or loses values. Null for a
 * command that only says which record stands for which.
 */
export function countedOf(round: Round, write: Write): CountedWrite | null {
  const { type, target, body } = write;
  const fields = [...new Set(body.fields.map((field) => labelOf(round, field)))];
  if (type === "create") {
    const record = `new ${target.role?.replace("_", " ")} of ${subjectOf(round)}`;
    return { record, kinds: ["created"], fields };
  }
  const record = subjectOf(round);
  if (type === "command") {
    if (NOT_COUNTED.test(String(body.request.command))) return null;
    if (body.request.command === "partner.upsert_from_crm" && !ownLink(round))
      return { record: `new partner of ${record}`, kinds: ["created"], fields };
  }
  return { record, kinds: kindsOf(write), fields };
}

function kindsOf({ type, body }: Write): WriteKind[] {
  if (body.fields.length > 0) {
    // An emptied status travels as "inactive": its source tells that it was emptied.
    const clears = ({ value, source }: WrittenField) => value === null || source === null;
    const cleared = body.fields.filter(clears).length;
    return [
      ...(cleared < body.fields.length ? (["changed"] as const) : []),
      ...(cleared > 0 ? (["cleared"] as const) : []),
    ];
  }
  const custom = Object.values((body.request.custom_fields ?? {}) as Record<string, unknown>);
  return type === "patch" && custom.length > 0 && custom.every((value) => value === null) ? ["cleared"] : ["changed"];
}

/** Per field of a write that is held: what is there, and what it would become. */
export function fieldsAtStake(round: Round, { body, type }: Write): HeldField[] {
  return body.fields.map((field) => {
    const there = type === "command" ? programSide(round, field) : (round.crm?.values ?? {});
    return { label: labelOf(round, field), before: there[field.field] ?? null, after: field.value };
  });
}

function programSide({ program, tenant }: Round, { role }: WrittenField): Values {
  if (!program) return {};
  const aggregate = { ...program, kind: ROLE_KIND[role] };
  return programValues(tenant.plan.roles[role], aggregate, { link: () => undefined });
}

function labelOf({ tenant }: Round, { role, field }: WrittenField): string {
  return tenant.plan.roles[role].find((candidate) => candidate.field === field)?.label ?? field;
}
