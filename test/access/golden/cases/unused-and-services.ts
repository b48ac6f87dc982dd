import { ADMIN_ACCESS, INACTIVE, user } from "../../world.ts";
import { BEA, bea, type Golden, integration, left, SERVICE } from "../golden.ts";

export const unusedAndServices: Golden[] = [
  {
    name: "no sign-in for exactly as long as allowed",
    given: { roster: [BEA], users: [bea({ last_login: "2025-12-20 12:00:00" })] },
    findings: [],
  },
  {
    name: "no sign-in for a second longer",
    given: { roster: [BEA], users: [bea({ last_login: "2025-12-20 11:59:59" })] },
    findings: ["AR-DORMANT 2 medium"],
  },
  {
    name: "never signed in, for years",
    given: { roster: [BEA], users: [bea({ last_login: null })] },
    findings: ["AR-DORMANT 2 medium"],
  },
  {
    name: "never signed in, invited last week",
    given: { roster: [BEA], users: [bea({ last_login: "0000-00-00 00:00:00", created: "2026-03-13 09:00:00" })] },
    findings: [],
  },
  {
    name: "an exception from being dormant",
    given: {
      roster: [BEA],
      users: [bea({ last_login: null })],
      policy: {
        exceptions: [
          { email: "BEA@acme.example", check: "dormant", reason: "leave", approved_by: "Bo", until: "2026-06-30" },
        ],
      },
    },
    findings: ["AR-DORMANT 2 medium excepted"],
    outcomes: { dormant: "pass" },
  },
  {
    name: "the partner program's user is a known service account: privileged, generic, never signed in, and in order",
    given: { users: [integration()], policy: { service_accounts: [SERVICE] } },
    findings: [],
    outcomes: { identified: "pass", service_accounts: "pass", access_valid: "pass", dormant: "pass" },
  },
  {
    name: "the partner program's user without an entry is a surprise",
    given: { users: [integration()] },
    findings: ["AR-SHARED 9 high", "AR-DORMANT 9 medium"],
    outcomes: { identified: "fail", access_valid: "not_assessed" },
  },
  {
    name: "a service account on the last day of its entry",
    given: { users: [integration()], policy: { service_accounts: [{ ...SERVICE, expires_on: "2026-03-20" }] } },
    findings: [],
  },
  {
    name: "a service account past the date of its entry",
    given: { users: [integration()], policy: { service_accounts: [{ ...SERVICE, expires_on: "2026-03-19" }] } },
    findings: ["AR-SERVICE-EXPIRED 9 high"],
  },
  {
    name: "a service account whose owner has left",
    given: {
      roster: [left("2026-03-10")],
      users: [integration()],
      policy: { service_accounts: [{ ...SERVICE, owner_email: "bea@acme.example" }] },
    },
    findings: ["AR-SERVICE-NO-OWNER 9 high"],
  },
  {
    name: "a service account that owns itself, past its date",
    given: {
      users: [integration()],
      policy: { service_accounts: [{ ...SERVICE, owner_email: SERVICE.email, expires_on: "2025-12-31" }] },
    },
    findings: ["AR-SERVICE-EXPIRED 9 high", "AR-SERVICE-NO-OWNER 9 high"],
  },
  {
    name: "a service account that owns itself, though the roster lists its address",
    given: {
      roster: [`S1,Integration,${SERVICE.email},,contractor,active,,,,`],
      users: [integration()],
      policy: { service_accounts: [{ ...SERVICE, owner_email: SERVICE.email }] },
    },
    findings: ["AR-SERVICE-NO-OWNER 9 high"],
  },
  {
    name: "a deactivated service account needs no owner",
    given: {
      users: [integration(INACTIVE)],
      policy: { service_accounts: [{ ...SERVICE, owner_email: "gone@acme.example" }] },
    },
    findings: [],
  },
  {
    name: "a service account of the roster, whose manager answers for it",
    given: {
      roster: ["S1,Sync,sync@acme.example,,service,active,,,,ana@acme.example"],
      users: [user(9, "Sync", "sync@acme.example", { access: ADMIN_ACCESS, last_login: null })],
    },
    findings: [],
  },
  {
    name: "a service account of the roster for which nobody answers",
    given: {
      roster: ["S1,Sync,sync@acme.example,,service,active,,,,"],
      users: [user(9, "Sync", "sync@acme.example", { access: ADMIN_ACCESS, last_login: null })],
    },
    findings: ["AR-SERVICE-NO-OWNER 9 high"],
  },
  {
    name: "no evidence of two-factor sign-in",
    given: { policy: { two_factor: undefined } },
    findings: ["AR-2FA-EVIDENCE system medium"],
  },
  {
    name: "evidence of two-factor sign-in on its last day",
    given: { policy: { two_factor: { evidence_file: "x.png", taken_on: "2026-03-10", valid_days: 10 } } },
    findings: [],
  },
  {
    name: "evidence of two-factor sign-in a day too old",
    given: { policy: { two_factor: { evidence_file: "x.png", taken_on: "2026-03-09", valid_days: 10 } } },
    findings: ["AR-2FA-EVIDENCE system medium"],
  },
  {
    name: "evidence of two-factor sign-in from the future",
    given: { policy: { two_factor: { evidence_file: "x.png", taken_on: "2026-03-21", valid_days: 10 } } },
    findings: ["AR-2FA-EVIDENCE system medium"],
  },
];
