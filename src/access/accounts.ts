import { normalEmail } from "./email.ts";
import type { SnapshotContent, SnapshotUser } from "./snapshot.ts";
import { toIso } from "./time-zone.ts";

/** One user account of a snapshot, in the words of a review. */
export interface Account {
  userId: number;
  name: string;
  /** As compared: lower case; empty when Pipedrive told none. */
  email: string;
  /** May sign in: neither deactivated nor removed from the company. */
  active: boolean;
  deleted: boolean;
  /** ISO, UTC; null when never or unknown. */
  lastLoginAt: string | null;
  createdAt: string | null;
  role: string | null;
  /** Whether any app says admin; null when the answer told nothing of access. */
  admin: boolean | null;
  /** What the account may use, e.g. `sales:Deals regular user`, `sales:admin`; in order. */
  access: string[];
  /** Why `access` is not the whole of it; null when it is. */
  accessGap: string | null;
}

/** The accounts of a snapshot in the order of their ids; empty when users could not be read. */
export function toAccounts(snapshot: SnapshotContent): Account[] {
  if (!snapshot.users.assessed) return [];
  const setNames = namesOfSets(snapshot);
  const roleNames = snapshot.roles.assessed ? new Map(snapshot.roles.value.map(({ id, name }) => [id, name])) : null;
  return snapshot.users.value.map((user) => ({
    userId: user.id,
    name: user.name,
    email: normalEmail(user.email ?? ""),
    active: isSet(user.active_flag) && !isSet(user.is_deleted),
    deleted: isSet(user.is_deleted),
    lastLoginAt: toInstant(user.last_login),
    createdAt: toInstant(user.created),
    role: roleNames?.get(user.role_id ?? 0) ?? null,
    ...accessOf(user, setNames),
  }));
}

/** Names by id of permission set; null when they could not be read. */
function namesOfSets({ permissionSets }: SnapshotContent): Map<string, string> | null {
  return permissionSets.assessed ? new Map(permissionSets.value.map(({ id, name }) => [id, name])) : null;
}

const UNNAMED = "the names of permission sets could not be read";
const UNTOLD = "Pipedrive told nothing of this account's access";

/** Older answers know one admin flag for the whole account; a missing entry of an app means no access to it. */
function accessOf(
  user: SnapshotUser,
  names: Map<string, string> | null,
): Pick<Account, "admin" | "access" | "accessGap"> {
  if (!user.access) {
    if (user.is_admin === null || user.is_admin === undefined) return { admin: null, access: [], accessGap: UNTOLD };
    const admin = isSet(user.is_admin);
    return { admin, access: admin ? ["global:admin", "sales:admin"] : [], accessGap: UNNAMED };
  }
  const access = new Set<string>();
  let accessGap: string | null = null;
  for (const { app, admin, permission_set_id } of user.access) {
    if (isSet(admin)) access.add(`${app}:admin`);
    const name = permission_set_id ? names?.get(permission_set_id) : undefined;
    if (name !== undefined) access.add(`${app}:${name}`);
    else if (permission_set_id) accessGap = UNNAMED;
  }
  return { admin: user.access.some(({ admin }) => isSet(admin)), access: [...access].sort(), accessGap };
}

function isSet(flag: unknown): boolean {
  return flag === true || flag === 1;
}

/** `2026-03-01 10:15:30`, in UTC as all times of Pipedrive; zeros and anything else mean never. */
function toInstant(time: string | null | undefined): string | null {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?Z?$/.exec(time ?? "");
  const atMs = parts ? Date.parse(`${parts[1]}T${parts[2]}Z`) : Number.NaN;
  return Number.isNaN(atMs) ? null : toIso(atMs);
}
