import type { AccountSnapshot, AccountUser } from "../../account.ts";
import type { Draft } from "../draft.ts";
import { type Found, type MappingCode, type Path, shown } from "../finding.ts";
import { nearest } from "../nearest.ts";
import { fold } from "../words.ts";

/** The users a document names: the fallback owner, and the user the sync works as. */
export function checkPeople(draft: Draft, account: AccountSnapshot): { ownerId?: number; findings: Found[] } {
  const [fallback, service] = [draft.get(...FALLBACK), draft.get(...SERVICE)];
  const owner = typeof fallback === "string" ? userOf(fallback, account) : undefined;
  const findings = [
    ...(typeof fallback === "string" ? checkOwner(fallback, owner, account) : []),
    ...(typeof service === "string" ? serviceUser(service, account) : []),
  ];
  return owner && isActive(owner) ? { ownerId: owner.id, findings } : { findings };
}

const FALLBACK = ["rules", "owner", "fallback_email"];
const SERVICE = ["pipedrive", "service_user_email"];

export function isActive(user: AccountUser): boolean {
  return user.active_flag && user.is_deleted !== true;
}

function userOf(email: string, account: AccountSnapshot): AccountUser | undefined {
  const users = account.users.filter((user) => fold(user.email) === fold(email));
  return users.find(isActive) ?? users[0];
}

function* checkOwner(written: string, owner: AccountUser | undefined, account: AccountSnapshot): Iterable<Found> {
  const at = FALLBACK;
  const email = shown(written);
  if (!owner) {
    const hint = meant(written, account, "Correct the address, or invite the user.");
    yield found("OWNER_UNKNOWN", at, `The account has no user ${email}.`, hint);
  } else if (!isActive(owner)) {
    yield found(
      "OWNER_INACTIVE",
      at,
      `The user ${email} is deactivated.`,
      "Name an active user, or activate this one.",
    );
  }
}

function* serviceUser(written: string, account: AccountSnapshot): Iterable<Found> {
  const at = SERVICE;
  const email = shown(written);
  const user = userOf(written, account);
  if (!user) {
    const hint = meant(written, account, "Was the invitation accepted?");
    yield found("SERVICE_USER_NOT_FOUND", at, `The account has no user ${email}.`, hint);
    return;
  }
  if (!isActive(user)) {
    yield found("SERVICE_USER_INACTIVE", at, `The service user ${email} is deactivated.`, "Activate it in Pipedrive.");
  } else if (!isAdmin(user)) {
    const message = `The service user ${email} is not an administrator.`;
    yield found(
      "SERVICE_USER_NOT_ADMIN",
      at,
      message,
      "Fields may be hidden or locked for it. Admin rights avoid that.",
    );
  }
  if (user.id !== account.me.id) {
    const message = `The connection's token belongs to ${account.me.email}, not to the service user ${email}.`;
    yield found("TOKEN_OF_OTHER_USER", at, message, "Connect with the service user's own token.");
  }
}

/** An app that is not listed gives no rights. */
function isAdmin(user: AccountUser): boolean {
  return (user.access ?? []).some(({ app, admin }) => admin && (app === "sales" || app === "global"));
}

function meant(email: string, account: AccountSnapshot, otherwise: string): string {
  const near = nearest(
    email,
    account.users.map((user) => user.email),
  );
  return near === undefined ? otherwise : `Did you mean ${near}?`;
}

function found(code: MappingCode, at: Path, message: string, hint: string): Found {
  return { code, at, message, hint };
}
