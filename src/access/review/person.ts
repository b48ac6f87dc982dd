import { InputError } from "../../errors.ts";
import { looksLikeEmail, normalEmail, withoutPlusTag } from "../email.ts";

/** Who is signed in. The address tells which account is their own. */
export interface Person {
  name: string;
  email: string;
}

/** @throws InputError for somebody without a usable address; the answer has it in lower case */
export function checkPerson({ name, email }: Person): Person {
  const address = normalEmail(email);
  if (looksLikeEmail(address)) return { name: name.trim() || address, email: address };
  const hint = "give the operator an e-mail address: it tells which account is their own";
  throw new InputError("REVIEW_PERSON_INVALID", "the signed-in person has no e-mail address", "reviewer", hint);
}

/** Whether one of the addresses is this person's. A tag behind a plus makes nobody another person. */
export function isOneOfTheirs(addresses: readonly string[], { email }: Person): boolean {
  const mailbox = (address: string) => withoutPlusTag(normalEmail(address));
  return addresses.some((address) => mailbox(address) === mailbox(email));
}
