import type { Person } from "../../access/review/person.ts";
import { InputError } from "../../errors.ts";
import type { Actor } from "../../store/actor.ts";

/**
 * Who vouches for what they say about somebody's access. A name on some machine proves nobody.
 *
 * @throws InputError NOBODY_SIGNED_IN, REVIEW_PERSON_INVALID for an operator without an address
 */
export function signedIn({ operatorId, name, email }: Actor): Person {
  if (operatorId === null) {
    const hint =
      "set PARTNERSYNC_URL and PARTNERSYNC_TOKEN: then it is known who you are; the command line beside the database is nobody";
    throw new InputError("NOBODY_SIGNED_IN", "this takes a person who has signed in", "actor", hint);
  }
  if (email !== null) return { name, email };
  const hint = "an admin adds a user with one: partnersync user add <name> --email <address>";
  const message = `"${name}" has no e-mail address: it tells which account is their own`;
  throw new InputError("REVIEW_PERSON_INVALID", message, "actor", hint);
}
