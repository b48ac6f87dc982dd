import type { Company } from "./company.ts";
import { FIELD_LIMIT } from "./fields.ts";
import { type Field, type FieldRestriction, OBJECTS, type ObjectName, type User } from "./model.ts";
import { notAllowed } from "./problem.ts";

/** What keeps a user from a custom field, through the API: its settings, or a plan that has become too small. */
export function restrictionOf(company: Company, field: Field, user: User): FieldRestriction | undefined {
  if (field.restricted && !user.admin) return field.restricted;
  return isBeyondPlan(company, field) ? "locked" : undefined;
}

/** After a change to a smaller plan the fields beyond its number can be read only, by everybody. */
function isBeyondPlan(company: Company, field: Field): boolean {
  const limit = FIELD_LIMIT[company.info.plan];
  const count = OBJECTS.reduce((sum, object) => sum + company.fields[object].size, 0);
  if (count <= limit) return false;
  return OBJECTS.flatMap((object) => [...company.fields[object].values()]).indexOf(field) >= limit;
}

export function isHidden(company: Company, object: ObjectName, code: unknown, user: User): boolean {
  const field = company.fields[object].get(String(code));
  return field !== undefined && restrictionOf(company, field, user) === "hidden";
}

/** A record's answer as a user sees it. */
export function asSeen<T extends Record<string, unknown>>(
  company: Company,
  object: ObjectName,
  shown: T,
  user: User,
): T {
  const custom = Object.entries(shown.custom_fields as Record<string, unknown>);
  const custom_fields = Object.fromEntries(custom.filter(([code]) => !isHidden(company, object, code, user)));
  return { ...shown, custom_fields };
}

/**
 * A body as far as a user may write it: values of locked fields are passed over in silence.
 *
 * @throws Problem 400 for a hidden field, as for one that there is not
 */
export function asAllowed(company: Company, object: ObjectName, body: unknown, user: User): unknown {
  const { custom_fields: custom, ...rest } = (body ?? {}) as Record<string, unknown>;
  if (typeof custom !== "object" || custom === null) return body;
  const kept = Object.entries(custom).filter(([code]) => {
    const field = company.fields[object].get(code);
    const restriction = field && restrictionOf(company, field, user);
    if (restriction === "hidden") throw notAllowed(`custom_fields.${code}`);
    return restriction === undefined;
  });
  return { ...rest, custom_fields: Object.fromEntries(kept) };
}
