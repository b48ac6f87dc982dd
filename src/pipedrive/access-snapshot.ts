import { isDeepStrictEqual } from "node:util";
import {
  type NotAssessed,
  type Part,
  type Snapshot,
  type SnapshotPermissionSet,
  type SnapshotRole,
  sealSnapshot,
} from "../access/snapshot.ts";
import { ConnectionError, NotFoundError, ParkedError, RecordError } from "../errors.ts";
import { withPatience } from "./patience.ts";
import type { AccessPage, CallOptions, Pipedrive } from "./port.ts";
import { type Operation, PRICES } from "./prices.ts";

export interface SnapshotOptions extends CallOptions {
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
  /** Also who has each permission set and role: 20 and 10 tokens each. Users name their own, which costs nothing. */
  assignments?: boolean;
  /** Also what each active user may do in all: 10 tokens a user. */
  userPermissions?: boolean;
}

const MOST_PAGES = 200;

/**
 * Reads who may get into the account: users, permission sets with their rights, and roles; 42 tokens, 2 for each
 * permission set, and what the options ask for besides. One call at a time, with patience.
 *
 * What the connection may not see is "not assessed" with the reason. Everything else that keeps it from reading is
 * thrown: half a snapshot must not look like a small account.
 *
 * @throws ConnectionError when the token is not accepted or blocked, ParkedError, NoEffectError as `Pipedrive` does
 */
export async function readAccessSnapshot(pipedrive: Pipedrive, options: SnapshotOptions = {}): Promise<Snapshot> {
  const reader = new Reader(options);
  const takenAt = new Date((options.now ?? Date.now)()).toISOString();
  const me = await reader.call("me", (why) => pipedrive.me(why));
  const users = await reader.part(() => reader.call("accessUsers", (why) => pipedrive.accessUsers(why)));
  const permissionSets = await reader.part(() => readSets(pipedrive, reader));
  const roles = await reader.part(() => readRoles(pipedrive, reader));
  const activeIds = users.assessed ? users.value.filter((user) => user.active_flag).map(({ id }) => id) : null;
  const userPermissions = await readUserPermissions(pipedrive, reader, activeIds);
  return sealSnapshot({
    format: "access-snapshot/1",
    system: "pipedrive",
    company: { id: me.company_id, domain: me.company_domain, name: me.company_name },
    takenAt,
    takenAs: { userId: me.id, email: me.email },
    users,
    permissionSets,
    roles,
    userPermissions,
    tokens: reader.tokens,
  });
}

const NOT_ASKED_FOR: { assessed: false; reason: NotAssessed } = {
  assessed: false,
  reason: { code: "NOT_ASKED_FOR", message: "it was not asked for" },
};

/** Counts what is spent, and tells what may not be seen from what went wrong. */
class Reader {
  tokens = 0;
  readonly options: SnapshotOptions;

  constructor(options: SnapshotOptions) {
    this.options = options;
  }

  /** Counts what was let through, whatever the answer. What had to wait for room is made, and counted, again. */
  call<T>(operation: Operation, make: (why: CallOptions) => Promise<T>): Promise<T> {
    const { signal, purpose = "access review" } = this.options;
    const counted = async () => {
      try {
        this.tokens += PRICES[operation];
        return await make({ signal, purpose });
      } catch (error) {
        if (error instanceof ParkedError) this.tokens -= PRICES[operation];
        throw error;
      }
    };
    return withPatience(counted, { signal });
  }

  async part<T>(read: () => Promise<T>): Promise<Part<T>> {
    try {
      return { assessed: true, value: await read() };
    } catch (error) {
      const reason = whyNotSeen(error);
      if (reason === null) throw error;
      return { assessed: false, reason };
    }
  }

  /** Every page. @throws RecordError for a list without an end, rather than cut it */
  async pages<T>(
    operation: Operation,
    from: (start: number, why: CallOptions) => Promise<AccessPage<T>>,
  ): Promise<T[]> {
    const all: T[] = [];
    let start = 0;
    let before: unknown;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const at = start;
      const read = () => this.call(operation, (why) => from(at, why));
      // Where an empty list is answered with 404, that is also what comes behind a last page that was full.
      const answer = page === 0 ? await read() : await unlessGone(read);
      if (answer === null) return all;
      const { items, next } = answer;
      if (page > 0 && items.length > 0 && isDeepStrictEqual(items[0], before)) break; // the same page again
      all.push(...items);
      if (next === null) return all;
      if (next <= at) break;
      [start, before] = [next, items[0]];
    }
    throw new RecordError("LIST_TOO_LONG", `Pipedrive: ${operation} has more than ${MOST_PAGES} pages, or no end`);
  }
}

/** Not permitted, by scope, right or plan. Null for everything else. */
function whyNotSeen(error: unknown): NotAssessed | null {
  if (error instanceof ConnectionError && error.problem === "FORBIDDEN")
    return { code: "FORBIDDEN", message: error.message };
  if (!(error instanceof RecordError)) return null;
  if (error.code === "PLAN_LIMIT_REACHED") return { code: "PLAN_LIMIT", message: error.message };
  return error.code === "FORBIDDEN_BY_PIPEDRIVE" ? { code: "FORBIDDEN", message: error.message } : null;
}

async function readSets(pipedrive: Pipedrive, reader: Reader): Promise<SnapshotPermissionSet[]> {
  const sets = await reader.call("permissionSets", (why) => pipedrive.permissionSets(why));
  const read: SnapshotPermissionSet[] = [];
  for (const set of sets) {
    const contents = await unlessGone(() =>
      reader.part(() => reader.call("permissionSet", (why) => pipedrive.permissionSet(set.id, why))),
    );
    const assignedTo = await assigned(reader, "permissionSetAssignments", (start, why) =>
      pipedrive.permissionSetAssignments(set.id, start, why),
    );
    read.push({ ...set, contents: contents ?? gone("the permission set was removed meanwhile"), assignedTo });
  }
  return read;
}

async function readRoles(pipedrive: Pipedrive, reader: Reader): Promise<SnapshotRole[]> {
  const roles = await reader.pages("roles", (start, why) => pipedrive.roles(start, why));
  const read: SnapshotRole[] = [];
  for (const { id, name, parent_role_id } of roles) {
    const assignedTo = await assigned(reader, "roleAssignments", (start, why) =>
      pipedrive.roleAssignments(id, start, why),
    );
    read.push({ id, name, parentId: parent_role_id, assignedTo });
  }
  return read;
}

/** Ids of users, ascending. Pipedrive answers 404 for what nobody has. */
async function assigned(
  reader: Reader,
  operation: Operation,
  from: (start: number, why: CallOptions) => Promise<AccessPage<number>>,
): Promise<Part<number[]>> {
  if (!reader.options.assignments) return NOT_ASKED_FOR;
  const read = await unlessGone(() => reader.part(() => reader.pages(operation, from)));
  if (read?.assessed === false) return read;
  return { assessed: true, value: [...new Set(read?.value ?? [])].sort((a, b) => a - b) };
}

async function readUserPermissions(
  pipedrive: Pipedrive,
  reader: Reader,
  userIds: number[] | null,
): Promise<Part<Record<string, string[]>>> {
  if (!reader.options.userPermissions) return NOT_ASKED_FOR;
  if (userIds === null) return gone("users could not be read");
  return reader.part(async () => {
    const all: Record<string, string[]> = {};
    for (const id of userIds) {
      const read = await unlessGone(() => reader.call("userPermissions", (why) => pipedrive.userPermissions(id, why)));
      if (read !== null) all[id] = read; // else deleted while we read
    }
    return all;
  });
}

function gone(message: string): { assessed: false; reason: NotAssessed } {
  return { assessed: false, reason: { code: "INCOMPLETE", message } };
}

async function unlessGone<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
