/** The checks of an assessment, the four that auditors ask of every CRM first. */
export const CHECKS = {
  identified: "Every account belongs to somebody",
  offboarded: "Access is removed for those who left",
  access_control: "It is defined whose access is valid",
  access_valid: "What each account may use is valid for its role",
  admins: "No more administrators than allowed",
  dormant: "No account lies unused",
  service_accounts: "Service accounts have an owner and a date",
  duplicates: "Nobody has two accounts",
  two_factor: "Two-factor sign-in is enforced",
  inputs: "Roster and snapshot are fresh",
  connection: "The connection's own user stays",
} as const;
export type CheckId = keyof typeof CHECKS;

/** What an exception of the policy can be about: failings of single accounts. */
export const EXCEPTABLE_CHECKS = [
  "identified",
  "offboarded",
  "access_valid",
  "dormant",
  "service_accounts",
  "duplicates",
] as const satisfies readonly CheckId[];

export type Severity = "critical" | "high" | "medium" | "low";

interface CodeEntry {
  check: CheckId;
  /** Unless the check says otherwise. */
  severity: Severity;
  controls: readonly string[];
  /** What to do about it. */
  advice: string;
}

const IDENTITY = ["SOC2:CC6.1", "SOC2:CC6.2", "ISO27001:A.5.16", "NIST:AC-2"];
const LEAVER = [
  "SOC2:CC6.2",
  "SOC2:CC6.3",
  "ISO27001:A.5.18",
  "NIST:AC-2(3)",
  "PCI:8.2.5",
  "HIPAA:164.308(a)(3)(ii)(C)",
];
const LEAST = ["SOC2:CC6.3", "ISO27001:A.5.15", "ISO27001:A.8.3", "PCI:7.2.4"];
const PRIVILEGED = ["SOC2:CC6.1", "SOC2:CC6.3", "ISO27001:A.8.2"];
const DORMANT = ["SOC2:CC6.2", "ISO27001:A.5.18", "PCI:8.2.6"];
const PERIODIC = ["SOC2:CC6.2", "SOC2:CC6.3", "ISO27001:A.5.18", "PCI:7.2.4"];
const SERVICE = ["SOC2:CC6.2", "SOC2:CC6.3", "ISO27001:A.5.18", "PCI:7.2.5.1"];
const TWO_FACTOR = ["SOC2:CC6.1", "ISO27001:A.8.5", "ISO27001:A.5.17"];

/** Every finding code. A new one starts with its line here. */
export const CODES = {
  "AR-UNIDENTIFIED": entry(
    "identified",
    "high",
    IDENTITY,
    "map the account to its person, classify it, or deactivate it",
  ),
  "AR-SUGGESTED-MATCH": entry("identified", "medium", IDENTITY, "confirm or reject the suggested person"),
  "AR-SHARED": entry("identified", "high", IDENTITY, "give each person an account, or enter it as a service account"),
  "AR-OFFBOARDED-ACTIVE": entry("offboarded", "high", LEAVER, "deactivate the account in Pipedrive"),
  "AR-OFFBOARDED-LOGIN": entry("offboarded", "critical", LEAVER, "find out who signed in and what was done"),
  "AR-NO-POLICY": entry("access_control", "high", LEAST, "enter the role under allowed in the policy"),
  "AR-INVALID-ACCESS": entry("access_valid", "high", LEAST, "revoke or downgrade the access, or allow it to the role"),
  "AR-ADMIN-EXCESS": entry("admins", "medium", PRIVILEGED, "take the admin right from those who can do without"),
  "AR-DORMANT": entry("dormant", "medium", DORMANT, "deactivate the account or ask its person"),
  "AR-SERVICE-NO-OWNER": entry("service_accounts", "high", SERVICE, "name somebody who works here as its owner"),
  "AR-SERVICE-EXPIRED": entry(
    "service_accounts",
    "high",
    SERVICE,
    "look at it again and set a new date, or deactivate it",
  ),
  "AR-DUPLICATE-STAFF": entry("duplicates", "low", IDENTITY, "keep one account and deactivate the other"),
  "AR-2FA-EVIDENCE": entry("two_factor", "medium", TWO_FACTOR, "take a new picture of Security center > Rules"),
  "AR-STALE-INPUT": entry("inputs", "high", PERIODIC, "import a fresh roster, take a new snapshot and assess again"),
  // Counted with the check that the exception is about.
  "AR-EXCEPTION-EXPIRED": entry("inputs", "high", PERIODIC, "mend what was excepted, or approve the exception anew"),
  "AR-TOKEN-OWNER": entry("connection", "high", PRIVILEGED, "connect Pipedrive with the token of a service account"),
} as const satisfies Record<string, CodeEntry>;
export type Code = keyof typeof CODES;

function entry(check: CheckId, severity: Severity, controls: readonly string[], advice: string): CodeEntry {
  return { check, severity, controls, advice };
}
