import type { Company } from "./company.ts";
import type { User } from "./model.ts";
import { FIRST_ROLE, permissionSetsOf } from "./permissions.ts";

/** `2026-03-01T10:15:30Z` → `2026-03-01 10:15:30`, the form of v1. */
export function v1Time(time: string): string {
  return time.replace("T", " ").replace("Z", "");
}

/** A user as v1 answers it. @param viewer who asks, for `is_you` */
export function toUser(company: Company, user: User, viewer?: User): Record<string, unknown> {
  const { last_login = user.modified } = user;
  return {
    id: user.id,
    name: user.name,
    default_currency: company.info.currency,
    locale: "en_GB",
    lang: 1,
    email: user.email,
    phone: null,
    activated: user.activated ?? true,
    last_login: last_login === null ? null : v1Time(last_login),
    created: v1Time(user.created),
    modified: v1Time(user.modified),
    has_created_company: [...company.users.keys()][0] === user.id,
    access: permissionSetsOf(company, user).map(({ id, app, type }) => {
      return { app, admin: type === "admin", permission_set_id: id };
    }),
    active_flag: user.active_flag,
    timezone_name: "Etc/UTC",
    timezone_offset: "+00:00",
    role_id: user.role_id ?? FIRST_ROLE.id,
    icon_url: null,
    is_you: viewer?.id === user.id,
    is_deleted: user.is_deleted ?? false,
  };
}

/** What `/users/me` adds. */
export function toMe(company: Company, user: User): Record<string, unknown> {
  return {
    ...toUser(company, user, user),
    company_id: company.info.id,
    company_name: company.info.name,
    company_domain: company.domain,
    company_country: "EE",
    company_industry: "IT Services",
    language: { language_code: "en", country_code: "GB" },
  };
}
