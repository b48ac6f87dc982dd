import { type TwinClock, wholeSeconds } from "../clock.ts";
import type { Journal } from "../journal.ts";
import type { Actor } from "./blank.ts";
import type { Company } from "./company.ts";
import type { User } from "./model.ts";
import { toUser } from "./user-answer.ts";
import type { Webhooks } from "./webhooks.ts";

export interface UserParts {
  clock: TwinClock;
  journal: Journal;
  webhooks: Webhooks;
}

/** Keeps what changed of a user, and tells the webhooks of what they show. @returns the user as it is now */
export function changeUser(
  { clock, journal, webhooks }: UserParts,
  company: Company,
  user: User,
  changes: Partial<User>,
  actor: Actor,
): User {
  // What signed somebody in until now must not move with `modified`.
  const login = { last_login: user.last_login === undefined ? user.modified : user.last_login };
  const modified = wholeSeconds(clock.now());
  const changed: User = { ...user, ...login, ...changes, modified, revision: user.revision + 1 };
  const [before, after] = [toUser(company, user), toUser(company, changed)];
  const keys = ["active_flag", "name", "email"].filter((key) => before[key] !== after[key]);
  const previous = Object.fromEntries(keys.map((key) => [key, before[key]]));
  journal.together(() => {
    company.remember({ user: changed });
    if (keys.length > 0) webhooks.userChanged(company, changed, previous, actor);
  });
  return changed;
}
