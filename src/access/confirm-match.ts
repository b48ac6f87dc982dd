import { InputError } from "../errors.ts";
import type { MapEntry } from "./matching.ts";
import { checkPerson, type Person } from "./review/person.ts";
import type { Roster } from "./roster/roster.ts";
import type { Snapshot } from "./snapshot.ts";

const LONGEST_COMMENT = 2_000;

/**
 * What a person says about whose an account is, as an entry of the map. Nothing confirms itself: this is the only way
 * from a suggestion to a match. A classification needs a comment, because nothing else vouches for it.
 *
 * @param given.roster the one in force; null when there is none
 * @throws InputError MAP_ACCOUNT_UNKNOWN, MAP_STAFF_UNKNOWN, MAP_COMMENT_MISSING, MAP_COMMENT_TOO_LONG
 */
export function confirmMatch(given: {
  snapshot: Snapshot;
  roster: Roster | null;
  userId: number;
  belongsTo: MapEntry["belongsTo"];
  by: Person;
  at: Date;
  comment?: string | null;
}): MapEntry {
  const { snapshot, roster, userId, belongsTo } = given;
  const { users } = snapshot.content;
  if (!users.assessed || !users.value.some(({ id }) => id === userId)) {
    const hint = "name a user of Pipedrive by id, or take a new snapshot first";
    throw new InputError("MAP_ACCOUNT_UNKNOWN", `the last snapshot has no user ${userId}`, "userId", hint);
  }
  if ("employeeId" in belongsTo && !roster?.staff.some(({ employeeId }) => employeeId === belongsTo.employeeId)) {
    const hint = "name the employee_id of a row, or import the roster that has it";
    throw new InputError("MAP_STAFF_UNKNOWN", "the roster has nobody with this id", "employeeId", hint);
  }
  const comment = given.comment?.trim() || null;
  if ("class" in belongsTo && comment === null) {
    const hint = "say who or what uses the account, and who vouches for it";
    throw new InputError("MAP_COMMENT_MISSING", "an account is classified without saying why", "comment", hint);
  }
  if (comment !== null && comment.length > LONGEST_COMMENT) {
    const message = `the comment has more than ${LONGEST_COMMENT} characters`;
    throw new InputError("MAP_COMMENT_TOO_LONG", message, "comment", "shorten it");
  }
  return { userId, belongsTo, confirmedBy: checkPerson(given.by).email, confirmedAt: given.at.toISOString(), comment };
}
