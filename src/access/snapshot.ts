import { z } from "zod";
import { InputError } from "../errors.ts";
import { canonicalJson, deepFreeze, sha256 } from "./canonical-json.ts";

/** What could be read of a part, or why it could not: "not assessed" is never counted as passed. */
export type Part<T> = { assessed: true; value: T } | { assessed: false; reason: NotAssessed };

export interface NotAssessed {
  /** Not permitted; not in the account's plan; or left out because nobody asked for it. */
  code: "FORBIDDEN" | "PLAN_LIMIT" | "NOT_ASKED_FOR" | "INCOMPLETE";
  message: string;
}

/** A user as Pipedrive answered it: every member is kept, these are the ones that are looked at. */
export interface SnapshotUser {
  id: number;
  name: string;
  email?: string | null;
  active_flag: boolean | 0 | 1;
  is_deleted?: boolean | 0 | 1 | null;
  activated?: boolean | 0 | 1 | null;
  last_login?: string | null;
  created?: string | null;
  role_id?: number | null;
  is_admin?: boolean | 0 | 1 | null;
  access?: { app: string; admin?: boolean | 0 | 1 | null; permission_set_id?: string | null }[] | null;
  [member: string]: unknown;
}

export interface SnapshotPermissionSet {
  id: string;
  name: string;
  app: string;
  type: string | null;
  /** Names of rights, e.g. `can_use_api`. */
  contents: Part<string[]>;
  /** Ids of users, ascending. */
  assignedTo: Part<number[]>;
}

export interface SnapshotRole {
  id: number;
  parentId: number | null;
  name: string;
  /** Ids of users, ascending. */
  assignedTo: Part<number[]>;
}

/** Who could get into a Pipedrive account at one moment, as far as the connection was permitted to see it. */
export interface SnapshotContent {
  format: "access-snapshot/1";
  system: "pipedrive";
  company: { id: number; domain: string; name: string };
  /** When reading began, ISO in UTC: nothing in it is older. */
  takenAt: string;
  /** The user whose credentials read it: when that one leaves, the connection ends. */
  takenAs: { userId: number; email: string };
  users: Part<SnapshotUser[]>;
  permissionSets: Part<SnapshotPermissionSet[]>;
  roles: Part<SnapshotRole[]>;
  /** Rights a user has in all, as names; by user id. */
  userPermissions: Part<Record<string, string[]>>;
  /** What reading it cost. */
  tokens: number;
}

/** A snapshot with the text that its digest is of. Frozen. */
export interface Snapshot {
  content: SnapshotContent;
  /** Canonical JSON: to be stored as it is, and handed out as it is. */
  text: string;
  sha256: string;
}

/** Puts a snapshot into its one text and seals it with the text's digest. Lists are put in the order of their ids. */
export function sealSnapshot(content: SnapshotContent): Snapshot {
  const text = canonicalJson(inOrder(content));
  return deepFreeze({ content: JSON.parse(text) as SnapshotContent, text, sha256: sha256(text) });
}

/** @throws InputError for a text that is not a snapshot's, or not the one that `expectedSha256` was made of */
export function readSnapshot(text: string, expectedSha256?: string): Snapshot {
  const digest = sha256(text);
  if (expectedSha256 !== undefined && digest !== expectedSha256) {
    const hint = "restore it from a backup or take a new one; reviews and evidence of this one cannot go on";
    throw new InputError("SNAPSHOT_CHANGED", "the stored snapshot is not the one that was taken", "snapshot", hint);
  }
  const content = toJson(text);
  const parsed = shape.safeParse(content);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "snapshot";
    throw new InputError("SNAPSHOT_INVALID", "this is not a snapshot of an account's users", where, "take a new one");
  }
  return deepFreeze({ content: content as SnapshotContent, text, sha256: digest });
}

function inOrder(content: SnapshotContent): SnapshotContent {
  return {
    ...content,
    users: sortedPart(content.users, (a, b) => a.id - b.id),
    permissionSets: sortedPart(content.permissionSets, (a, b) => (a.id < b.id ? -1 : 1)),
    roles: sortedPart(content.roles, (a, b) => a.id - b.id),
  };
}

function sortedPart<T>(part: Part<T[]>, compare: (a: T, b: T) => number): Part<T[]> {
  return part.assessed ? { assessed: true, value: [...part.value].sort(compare) } : part;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const part = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("assessed", [
    z.object({ assessed: z.literal(true), value }),
    z.object({ assessed: z.literal(false), reason: z.object({ code: z.string(), message: z.string() }) }),
  ]);

const shape = z.looseObject({
  format: z.literal("access-snapshot/1"),
  company: z.object({ id: z.number(), domain: z.string(), name: z.string() }),
  takenAt: z.iso.datetime(),
  takenAs: z.object({ userId: z.number(), email: z.string() }),
  users: part(z.array(z.looseObject({ id: z.number(), name: z.string() }))),
  permissionSets: part(
    z.array(
      z.looseObject({ id: z.string(), contents: part(z.array(z.string())), assignedTo: part(z.array(z.number())) }),
    ),
  ),
  roles: part(z.array(z.looseObject({ id: z.number(), name: z.string(), assignedTo: part(z.array(z.number())) }))),
  userPermissions: part(z.record(z.string(), z.array(z.string()))),
  tokens: z.number(),
});
