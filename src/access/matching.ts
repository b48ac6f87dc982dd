import type { Account } from "./accounts.ts";
import { domainOf, isGeneric, localPart, normalEmail, withoutPlusTag } from "./email.ts";
import type { PolicyDocument } from "./policy/document.ts";
import { emailsOf, hasLeft, type Roster, type StaffMember } from "./roster/roster.ts";

/** What a person confirmed about an account: whose it is, or what kind of account it is. */
export interface MapEntry {
  userId: number;
  /** Either a row of the roster, or a class for an account that has none. */
  belongsTo: { employeeId: string } | { class: AccountClass };
  confirmedBy: string;
  /** ISO. */
  confirmedAt: string;
  comment: string | null;
}

/** Somebody who is not on the roster; an account that is nobody's. */
export type AccountClass = "external" | "not_a_person";

export type MatchKind =
  | "map"
  | "class"
  | "service_account"
  | "work_email"
  | "other_email"
  | "suggested_same_address"
  | "suggested_local_part"
  | "suggested_name"
  | "none";

/** Whose account it is, and how we know. A suggestion is never taken for knowledge. */
export interface Match {
  kind: MatchKind;
  /** Confirmed. */
  staff: StaffMember | null;
  class: AccountClass | "service" | null;
  /** By a weak sign only: for a person to confirm. */
  suggested: StaffMember[];
  /** A map that names an id which is not on this roster. */
  missingEmployeeId: string | null;
  /** Who said so, where a person did. */
  confirmation: { by: string; at: string; comment: string | null } | null;
}

type Service = PolicyDocument["service_accounts"][number];

export interface MatchingInput {
  roster: Roster | null;
  policy: PolicyDocument | null;
  map: readonly MapEntry[];
  /** Milliseconds since the epoch: who has left by then gives way to who is here. */
  atMs: number;
}

export interface Matcher {
  match(account: Account): Match;
  service(account: Account): Service | undefined;
  /** Who is here under an address; null when nobody is, or two might be meant. */
  presentByEmail(email: string): StaffMember | null;
}

const MOST_SUGGESTIONS = 3;
/** Keeps a roster full of one name from costing accounts times rows. */
const MOST_COMPARED = 50;

/**
 * The ladder: a confirmed map, the work address, another address; then, only as suggestions, the same local part on
 * another domain, and the same name. Everything is looked up in indexes: the work grows with accounts plus roster.
 */
export function createMatcher({ roster, policy, map, atMs }: MatchingInput): Matcher {
  const staff = roster?.staff ?? [];
  const stripped = policy?.matching.strip_plus_tags ?? false;
  const key = (email: string) => (stripped ? withoutPlusTag(normalEmail(email)) : normalEmail(email));
  const present = (member: StaffMember) => roster !== null && !hasLeft(member, roster.timeZone, atMs);

  const mapped = new Map(map.map((entry) => [entry.userId, entry]));
  const services = new Map((policy?.service_accounts ?? []).map((one) => [normalEmail(one.email), one]));
  const byId = new Map(staff.map((member) => [member.employeeId, member]));
  const byWork = index(staff, (member) => (member.workEmail === null ? [] : [key(member.workEmail)]));
  const byOther = index(staff, (member) => member.otherEmails.map(key));
  const byLocal = index(staff, (member) => emailsOf(member).map((email) => localPart(withoutPlusTag(email))));
  const byName = index(staff, (member) => [normalName(member.fullName)]);
  const formerDomains = new Set(policy?.matching.former_domains ?? []);

  /** The one meant by an address that several rows have: who is here, else who left last; null between two people. */
  function choose(candidates: StaffMember[]): StaffMember | null {
    const [first] = candidates;
    if (!first || candidates.length === 1) return first ?? null;
    const samePerson = candidates.every((one) => normalName(one.fullName) === normalName(first.fullName));
    if (!samePerson) return null;
    return [...candidates].sort((a, b) => rank(b) - rank(a) || lastDay(b).localeCompare(lastDay(a)))[0] ?? null;
  }
  const rank = (member: StaffMember) => (present(member) ? 1 : 0);

  function byAddress(account: Account): Match | null {
    if (account.email === "") return null;
    for (const [kind, found] of [
      ["work_email", byWork.get(key(account.email))],
      ["other_email", byOther.get(key(account.email))],
    ] as const) {
      if (!found) continue;
      const chosen = choose(found);
      return chosen ? confirmed(kind, chosen) : suggestion("suggested_same_address", found);
    }
    return null;
  }

  function byMap(entry: MapEntry, employeeId: string): Match {
    const confirmation = toConfirmation(entry);
    const member = byId.get(employeeId);
    if (member) return { ...confirmed("map", returned(member) ?? member), confirmation };
    return { ...NO_MATCH, missingEmployeeId: roster ? employeeId : null, confirmation };
  }

  /** The present row of somebody who left and was hired again: the same name and one of the same addresses. */
  function returned(member: StaffMember): StaffMember | undefined {
    if (present(member)) return member;
    const found = emailsOf(member).flatMap((email) => [
      ...(byWork.get(key(email)) ?? []),
      ...(byOther.get(key(email)) ?? []),
    ]);
    return found.find((one) => present(one) && normalName(one.fullName) === normalName(member.fullName));
  }

  function suggest(account: Account): Match {
    const local = localPart(withoutPlusTag(account.email));
    const sameLocal = isGeneric(account.email) || local === "" ? [] : (byLocal.get(local) ?? []);
    const wellKnown = sameLocal.slice(0, MOST_COMPARED).filter((member) => isFormerDomain(account.email, member));
    if (wellKnown.length > 0) return suggestion("suggested_local_part", wellKnown);
    const name = normalName(account.name);
    const sameName = name.includes(" ") ? (byName.get(name) ?? []) : [];
    return sameName.length > 0 ? suggestion("suggested_name", sameName) : NO_MATCH;
  }

  function isFormerDomain(email: string, member: StaffMember): boolean {
    const domain = domainOf(email);
    if (formerDomains.size === 0 || formerDomains.has(domain)) return true;
    return emailsOf(member).some((one) => domainOf(one) === domain); // a plus tag on the domain of today
  }

  return {
    service: (account) => services.get(account.email),
    presentByEmail(email) {
      const found = [...(byWork.get(key(email)) ?? []), ...(byOther.get(key(email)) ?? [])].filter(present);
      return new Set(found).size === 1 ? (found[0] ?? null) : null;
    },
    match(account) {
      const entry = mapped.get(account.userId);
      if (entry && "employeeId" in entry.belongsTo) return byMap(entry, entry.belongsTo.employeeId);
      if (services.has(account.email)) return { ...NO_MATCH, kind: "service_account", class: "service" };
      if (entry && "class" in entry.belongsTo) {
        return { ...NO_MATCH, kind: "class", class: entry.belongsTo.class, confirmation: toConfirmation(entry) };
      }
      return byAddress(account) ?? suggest(account);
    },
  };
}

const NO_MATCH: Match = {
  kind: "none",
  staff: null,
  class: null,
  suggested: [],
  missingEmployeeId: null,
  confirmation: null,
};

function toConfirmation({ confirmedBy, confirmedAt, comment }: MapEntry): Match["confirmation"] {
  return { by: confirmedBy, at: confirmedAt, comment };
}

function confirmed(kind: MatchKind, staff: StaffMember): Match {
  return { ...NO_MATCH, kind, staff };
}

function suggestion(kind: MatchKind, found: StaffMember[]): Match {
  return { ...NO_MATCH, kind, suggested: [...new Set(found)].slice(0, MOST_SUGGESTIONS) };
}

function index(staff: readonly StaffMember[], keysOf: (member: StaffMember) => string[]): Map<string, StaffMember[]> {
  const found = new Map<string, StaffMember[]>();
  for (const member of staff) {
    for (const key of new Set(keysOf(member))) {
      const list = found.get(key);
      if (list) list.push(member);
      else found.set(key, [member]);
    }
  }
  return found;
}

/** Whoever is here has no last day, or one to come: later than all others. */
function lastDay({ lastWorkingDay }: StaffMember): string {
  return lastWorkingDay ?? "9999-12-31";
}

/** `Müller, Ana` and `Ana Muller` are one: for suggestions only. */
function normalName(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss");
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).sort().join(" ");
}
