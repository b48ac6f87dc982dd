import { hash, verify } from "@node-rs/argon2";
import { InputError } from "../errors.ts";

/** Argon2id as the library sets it: 19 MiB, two passes, one lane, which is what OWASP asks for at least. */
export const hashPassword = (password: string): Promise<string> => hash(password);

/** Of a password nobody has: an unknown name has to take as long as a wrong password. */
const NOBODYS = hash(crypto.randomUUID());

/** @param passwordHash null when there is none: then the answer is no, and takes as long */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await NOBODYS), password);
  return isRight && passwordHash !== null;
}

export const LEAST_PASSWORD = 12;
/** Shorter names stand in too many words to be a hint. */
const LEAST_TELLING_NAME = 4;
/** Hashing is meant to be slow; a novel must not make it slower. */
export const MOST_PASSWORD = 200;

/** Length is what counts; a name is the first thing that is tried. @throws InputError PASSWORD_TOO_WEAK */
export function refuseWeakPassword(password: string, name: string): void {
  const wrong =
    (password.length < LEAST_PASSWORD && `it has fewer than ${LEAST_PASSWORD} characters`) ||
    (password.length > MOST_PASSWORD && `it has more than ${MOST_PASSWORD} characters`) ||
    (new Set(password).size < 5 && "it repeats the same few characters") ||
    (name.length >= LEAST_TELLING_NAME &&
      password.toLowerCase().includes(name.toLowerCase()) &&
      "it contains the name it belongs to");
  if (!wrong) return;
  const hint = "use a password manager, or several unrelated words";
  throw new InputError("PASSWORD_TOO_WEAK", `this password cannot be used: ${wrong}`, "password", hint);
}
