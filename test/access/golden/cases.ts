import type { Given } from "../world.ts";
import { ADMIN_ACCESS, FORBIDDEN, INACTIVE, mapped, SETS, user } from "../world.ts";

/** What a situation has to lead to: every finding, as `code account severity`, and the outcomes that matter to it. */
export interface Golden {
  name: string;
  given: Given;
  findings: string[];
  outcomes?: Record<string, "pass" | "fail" | "not_assessed">;
}

const BEA = "E2,Bea Berg,bea@acme.example,,employee,active,2021-01-01,,Sales,boss@acme.example";
const bea = (changes = {}) => user(2, "Bea Berg", "bea@acme.example", changes);
const left = (day: string, rest = "Sales,boss@acme.example") =>
  `E2,Bea Berg,bea@acme.example,,employee,offboarded,2021-01-01,${day},${rest}`;
const SERVICE = {
  email: "integrations@allbound.example",
  owner_email: "ana@acme.example",
  purpose: "partner program sync",
  expires_on: "2026-12-31",
};
const integration = (changes = {}) =>
  user(9, "Allbound Integration", SERVICE.email, { access: ADMIN_ACCESS, last_login: null, ...changes });

const identity: Golden[] = [
  {
    name: "an account of the roster's work address is in order",
    given: { roster: [BEA], users: [bea()] },
    findings: [],
  },
  {
    name: "upper case and blanks in an address do not matter",
    given: {
      roster: ["E2,Bea Berg, Bea@ACME.example ,,employee,active,,,Sales,"],
      users: [user(2, "Bea Berg", "BEA@acme.example")],
    },
    findings: [],
  },
  {
    name: "somebody nobody knows",
    given: { users: [user(2, "Mallory Stranger", "mallory@elsewhere.example")] },
    findings: ["AR-UNIDENTIFIED 2 high"],
    outcomes: { identified: "fail", offboarded: "not_assessed", access_valid: "not_assessed" },
  },
  {
    name: "an account without an address and with a name of its own",
    given: { users: [user(2, "Mallory Stranger", "", { email: null })] },
    findings: ["AR-UNIDENTIFIED 2 high"],
  },
  {
    name: "a deactivated stranger is nobody's business",
    given: { users: [user(2, "Mallory Stranger", "mallory@elsewhere.example", INACTIVE)] },
    findings: [],
    outcomes: { identified: "pass", offboarded: "pass", access_valid: "pass" },
  },
  {
    name: "a user removed from the company, whatever the active flag says",
    given: { users: [user(2, "Mallory Stranger", "mallory@elsewhere.example", { is_deleted: true })] },
    findings: [],
  },
  {
    name: "flags told as 0 and 1",
    given: { users: [user(2, "Mallory Stranger", "mallory@elsewhere.example", { active_flag: 0, is_deleted: 1 })] },
    findings: [],
  },
  {
    name: "a name change: the old address is among the other addresses",
    given: {
      roster: [
        "E2,Bea Bergmann,bea.bergmann@acme.example,bea.berg@acme.example;bb@acme.example,employee,active,,,Sales,",
      ],
      users: [user(2, "Bea Berg", "bea.berg@acme.example")],
    },
    findings: [],
  },
  {
    name: "a name change that the roster does not remember is nobody known",
    given: { roster: ["E2,Bea Bergmann,bea.bergmann@acme.example,,employee,active,,,Sales,"], users: [bea()] },
    findings: ["AR-UNIDENTIFIED 2 high"],
  },
  {
    name: "the same local part on another domain is only suggested",
    given: { roster: [BEA], users: [user(2, "B. B.", "bea@old-acme.example")] },
    findings: ["AR-SUGGESTED-MATCH 2 medium"],
    outcomes: { identified: "fail", offboarded: "not_assessed" },
  },
  {
    name: "the same local part on a domain that is not one of the former ones is no sign",
    given: {
      roster: [BEA],
      users: [user(2, "B. B.", "bea@mail.example")],
      policy: { matching: { former_domains: ["old-acme.example"] } },
    },
    findings: ["AR-UNIDENTIFIED 2 high"],
  },
  {
    name: "the same local part on a former domain is suggested",
    given: {
      roster: [BEA],
      users: [user(2, "B. B.", "bea@old-acme.example")],
      policy: { matching: { former_domains: ["old-acme.example"] } },
    },
    findings: ["AR-SUGGESTED-MATCH 2 medium"],
  },
  {
    name: "the same name, written the other way round and without accents, is only suggested",
    given: {
      roster: ["E2,Zoë Müller,zoe.mueller@acme.example,,employee,active,,,Sales,"],
      users: [user(2, "Muller, Zoe", "zm@private.example")],
    },
    findings: ["AR-SUGGESTED-MATCH 2 medium"],
  },
  {
    name: "a first name alone is no sign",
    given: {
      roster: ["E2,Bea,bea.berg@acme.example,,employee,active,,,Sales,"],
      users: [user(2, "Bea", "b@private.example")],
    },
    findings: ["AR-UNIDENTIFIED 2 high"],
  },
  {
    name: "a plus address is another address, and suggested",
    given: { roster: [BEA], users: [user(2, "Bea Berg", "bea+crm@acme.example")] },
    findings: ["AR-SUGGESTED-MATCH 2 medium"],
  },
  {
    name: "a plus address is the same where the policy says so",
    given: {
      roster: [BEA],
      users: [user(2, "Bea Berg", "bea+crm@acme.example")],
      policy: { matching: { strip_plus_tags: true } },
    },
    findings: [],
  },
  {
    name: "a suggestion that a person confirmed is knowledge",
    given: { roster: [BEA], users: [user(2, "B. B.", "bea@old-acme.example")], map: [mapped(2, { employeeId: "E2" })] },
    findings: [],
  },
  {
    name: "a map wins over the address",
    given: {
      roster: [BEA, "E3,Cem Cole,cem@acme.example,,employee,offboarded,,2026-01-31,Sales,boss@acme.example"],
      users: [bea({ last_login: "2026-01-15 08:00:00" })],
      map: [mapped(2, { employeeId: "E3" })],
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical"],
  },
  {
    name: "a map to somebody whom the roster does not name any more",
    given: { users: [user(2, "Bea Berg", "bea@acme.example")], map: [mapped(2, { employeeId: "E2" })] },
    findings: ["AR-UNIDENTIFIED 2 high"],
  },
  {
    name: "an account that a person classified as external has access by that role",
    given: {
      users: [user(2, "Paula Partner", "paula@partner.example")],
      map: [mapped(2, { class: "external" })],
      policy: {
        allowed: {
          Sales: ["sales:Deals regular user", "global:Global regular user"],
          external: ["sales:Deals regular user", "global:Global regular user"],
        },
      },
    },
    findings: [],
  },
  {
    name: "an external account without a rule for external ones",
    given: { users: [user(2, "Paula Partner", "paula@partner.example")], map: [mapped(2, { class: "external" })] },
    findings: ["AR-NO-POLICY role:external high"],
    outcomes: { access_valid: "not_assessed" },
  },
  {
    name: "a shared mailbox",
    given: { users: [user(2, "Sales Team", "sales@acme.example")] },
    findings: ["AR-SHARED 2 high"],
  },
  {
    name: "a shared mailbox that the roster gives to somebody stays shared",
    given: {
      roster: ["E2,Bea Berg,office@acme.example,,employee,active,,,Sales,"],
      users: [user(2, "Bea Berg", "office@acme.example")],
    },
    findings: ["AR-SHARED 2 high"],
  },
  {
    name: "a shared mailbox that a person confirmed to be one person's",
    given: {
      roster: [BEA],
      users: [user(2, "Bea Berg", "office@acme.example")],
      map: [mapped(2, { employeeId: "E2" })],
    },
    findings: [],
  },
  {
    name: "Dev Patel is a person",
    given: {
      roster: ["E2,Dev Patel,dev.patel@acme.example,,employee,active,,,Sales,"],
      users: [user(2, "Dev Patel", "dev.patel@acme.example")],
    },
    findings: [],
  },
  {
    name: "two accounts of one person",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,bb@acme.example,employee,active,,,Sales,"],
      users: [bea(), user(3, "Bea Berg", "bb@acme.example")],
    },
    findings: ["AR-DUPLICATE-STAFF 3 low"],
  },
  {
    name: "the second account of one person is deactivated",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,bb@acme.example,employee,active,,,Sales,"],
      users: [bea(), user(3, "Bea Berg", "bb@acme.example", INACTIVE)],
    },
    findings: [],
  },
];

const leavers: Golden[] = [
  {
    name: "left, and the account is deactivated",
    given: { roster: [left("2026-03-10")], users: [bea({ ...INACTIVE, last_login: "2026-03-10 15:00:00" })] },
    findings: [],
    outcomes: { offboarded: "pass" },
  },
  {
    name: "left, and the account is deleted",
    given: { roster: [left("2026-03-10")], users: [bea({ is_deleted: true, last_login: "2026-03-01 15:00:00" })] },
    findings: [],
  },
  {
    name: "left, still active, time is left: the last moment of the SLA in Berlin",
    given: {
      at: "2026-03-19T23:00:00.000Z", // the 18th ended at 23:00Z; 24 hours later is not over yet
      roster: [left("2026-03-18")],
      rosterAsOf: "2026-03-19T06:00:00.000Z",
      users: [bea({ last_login: "2026-03-18 10:00:00" })],
      snapshot: { takenAt: "2026-03-19T22:00:00.000Z" },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "left, still active, a millisecond after the SLA in Berlin",
    given: {
      at: "2026-03-19T23:00:00.001Z",
      roster: [left("2026-03-18")],
      users: [bea({ last_login: "2026-03-18 10:00:00" })],
      snapshot: { takenAt: "2026-03-19T22:00:00.000Z" },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical"],
  },
  {
    name: "the same moment is not late in Los Angeles",
    given: {
      at: "2026-03-19T23:00:00.001Z",
      timeZone: "America/Los_Angeles",
      roster: [left("2026-03-18")],
      users: [bea({ last_login: "2026-03-18 10:00:00" })],
      snapshot: { takenAt: "2026-03-19T22:00:00.000Z" },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "the same moment is long late in Kiritimati, 14 hours ahead",
    given: {
      at: "2026-03-19T10:00:00.001Z",
      timeZone: "Pacific/Kiritimati",
      roster: [left("2026-03-18")],
      rosterAsOf: "2026-03-19T00:00:00.000Z",
      users: [bea({ last_login: "2026-03-17 10:00:00" })],
      snapshot: { takenAt: "2026-03-19T10:00:00.000Z" },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical"],
  },
  {
    name: "24 hours of the SLA are 24 hours, though the day after has 23 (summer time begins)",
    given: {
      at: "2026-03-29T23:00:00.000Z", // Saturday the 28th ended at 23:00Z; Sunday ended at 22:00Z
      roster: [left("2026-03-28")],
      rosterAsOf: "2026-03-29T06:00:00.000Z",
      users: [bea({ last_login: "2026-03-27 10:00:00" })],
      snapshot: { takenAt: "2026-03-29T22:30:00.000Z" },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "the last working day is the one with 25 hours (summer time ends)",
    given: {
      at: "2026-10-26T22:59:00.000Z", // Sunday the 25th ended at 23:00Z, not at 22:00Z
      roster: [left("2026-10-25")],
      rosterAsOf: "2026-10-26T06:00:00.000Z",
      ana: { last_login: "2026-10-26 08:00:00" },
      users: [bea({ last_login: "2026-10-25 22:59:00" })],
      snapshot: { takenAt: "2026-10-26T22:00:00.000Z" },
      policy: { two_factor: { evidence_file: "x.png", taken_on: "2026-10-01", valid_days: 90 } },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "a removal within no hours at all",
    given: {
      roster: [left("2026-03-19")],
      users: [bea({ last_login: "2026-03-19 08:00:00" })],
      policy: { removal_sla_hours: 0 },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical"],
  },
  {
    name: "signed in on the last evening, which is the next day by UTC",
    given: {
      timeZone: "America/New_York",
      roster: [left("2026-03-18")],
      users: [bea({ ...INACTIVE, last_login: "2026-03-19 03:59:59" })], // 23:59:59 on the 18th there
    },
    findings: [],
  },
  {
    name: "signed in at the first moment after the last working day, and deactivated later",
    given: {
      timeZone: "America/New_York",
      roster: [left("2026-03-18")],
      users: [bea({ ...INACTIVE, last_login: "2026-03-19 04:00:00" })],
    },
    findings: ["AR-OFFBOARDED-LOGIN 2 critical"],
    outcomes: { offboarded: "fail" },
  },
  {
    name: "left, active, and signed in afterwards",
    given: { roster: [left("2026-03-10")], users: [bea({ last_login: "2026-03-15 08:00:00" })] },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical", "AR-OFFBOARDED-LOGIN 2 critical"],
  },
  {
    name: "the roster still says active, but the last working day is over",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,2026-03-19,Sales,boss@acme.example"],
      users: [bea({ last_login: "2026-03-19 08:00:00" })],
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "the last working day is today: still at work",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,2026-03-20,Sales,boss@acme.example"],
      users: [bea()],
    },
    findings: [],
  },
  {
    name: "on leave is not gone",
    given: { roster: ["E2,Bea Berg,bea@acme.example,,employee,leave,,,Sales,boss@acme.example"], users: [bea()] },
    findings: [],
  },
  {
    name: "hired again under a new id: the row of today counts",
    given: {
      roster: [
        left("2024-05-31"),
        "E77,Bea Berg,bea@acme.example,,employee,active,2026-02-01,,Sales,boss@acme.example",
      ],
      users: [bea()],
    },
    findings: [],
  },
  {
    name: "hired again, and the account was mapped to the old id",
    given: {
      roster: [
        left("2024-05-31"),
        "E77,Bea Berg,bea@acme.example,,employee,active,2026-02-01,,Sales,boss@acme.example",
      ],
      users: [bea()],
      map: [mapped(2, { employeeId: "E2" })],
    },
    findings: [],
  },
  {
    name: "left twice: the later day counts",
    given: {
      roster: [
        left("2024-05-31"),
        "E77,Bea Berg,bea@acme.example,,employee,offboarded,2026-02-01,2026-03-19,Sales,boss@acme.example",
      ],
      users: [bea({ last_login: "2026-03-19 08:00:00" })],
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "an address that passed on to somebody else says nothing of whose account it is",
    given: {
      roster: [
        "E2,Jon Smith,j.smith@acme.example,,employee,offboarded,2019-01-01,2024-05-31,Sales,",
        "E3,Jane Smith,j.smith@acme.example,,employee,active,2025-01-01,,Sales,",
      ],
      users: [user(2, "J Smith", "j.smith@acme.example")],
    },
    findings: ["AR-SUGGESTED-MATCH 2 medium"],
  },
  {
    name: "an exception in force",
    given: {
      roster: [left("2026-03-10")],
      users: [bea({ last_login: "2026-03-09 08:00:00" })],
      policy: {
        exceptions: [
          {
            email: "bea@acme.example",
            check: "offboarded",
            reason: "hand-over",
            approved_by: "Bo",
            until: "2026-03-20",
          },
        ],
      },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical excepted"],
    outcomes: { offboarded: "pass" },
  },
  {
    name: "an exception at the moment at which its last day is over",
    given: {
      at: "2026-03-19T23:00:00.000Z",
      roster: [left("2026-03-10")],
      users: [bea({ last_login: "2026-03-09 08:00:00" })],
      snapshot: { takenAt: "2026-03-19T22:00:00.000Z" },
      policy: {
        exceptions: [
          {
            email: "bea@acme.example",
            check: "offboarded",
            reason: "hand-over",
            approved_by: "Bo",
            until: "2026-03-19",
          },
        ],
      },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical", "AR-EXCEPTION-EXPIRED 2 high"],
  },
  {
    name: "an exception past its date",
    given: {
      roster: [left("2026-03-10")],
      users: [bea({ last_login: "2026-03-09 08:00:00" })],
      policy: {
        exceptions: [
          {
            email: "bea@acme.example",
            check: "offboarded",
            reason: "hand-over",
            approved_by: "Bo",
            until: "2026-03-19",
          },
        ],
      },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical", "AR-EXCEPTION-EXPIRED 2 high"],
    outcomes: { offboarded: "fail" },
  },
  {
    name: "an exception past its date that nothing needs any more",
    given: {
      roster: [left("2026-03-10")],
      users: [bea({ ...INACTIVE, last_login: "2026-03-09 08:00:00" })],
      policy: {
        exceptions: [
          {
            email: "bea@acme.example",
            check: "offboarded",
            reason: "hand-over",
            approved_by: "Bo",
            until: "2026-03-19",
          },
        ],
      },
    },
    findings: [],
  },
  {
    name: "the connection's own user is about to leave",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,2026-03-31,Sales,boss@acme.example"],
      users: [bea()],
      snapshot: { takenAs: { userId: 2, email: "bea@acme.example" } },
    },
    findings: ["AR-TOKEN-OWNER 2 high"],
    outcomes: { connection: "fail", offboarded: "pass" },
  },
  {
    name: "the contract of the connection's own user ends in a year",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,contractor,active,,2027-03-31,Sales,boss@acme.example"],
      users: [bea()],
      snapshot: { takenAs: { userId: 2, email: "bea@acme.example" } },
    },
    findings: [],
    outcomes: { connection: "pass" },
  },
  {
    name: "the connection's own user is nobody known",
    given: {
      users: [user(2, "Mallory Stranger", "mallory@elsewhere.example")],
      snapshot: { takenAs: { userId: 2, email: "mallory@elsewhere.example" } },
    },
    findings: ["AR-UNIDENTIFIED 2 high"],
    outcomes: { connection: "not_assessed" },
  },
  {
    name: "HR says offboarded before the last working day",
    given: { roster: [left("2026-03-31")], users: [bea()] },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "the connection's own user has left",
    given: {
      roster: [left("2026-03-10")],
      users: [bea({ last_login: "2026-03-09 08:00:00" })],
      snapshot: { takenAs: { userId: 2, email: "bea@acme.example" } },
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 critical", "AR-TOKEN-OWNER 2 high"],
  },
];

const rights: Golden[] = [
  {
    name: "a right beyond the role: downgrade",
    given: {
      roster: [BEA],
      users: [
        bea({
          access: [...bea().access!, { app: "account_settings", admin: true, permission_set_id: SETS.settings.id }],
        }),
      ],
    },
    findings: ["AR-INVALID-ACCESS 2 high"],
    outcomes: { access_valid: "fail" },
  },
  {
    name: "nothing of what is used is allowed: revoke",
    given: { roster: [BEA], users: [bea({ access: ADMIN_ACCESS })] },
    findings: ["AR-INVALID-ACCESS 2 high"],
  },
  {
    name: "no access to any app is no access too much",
    given: { roster: [BEA], users: [bea({ access: [] })] },
    findings: [],
  },
  {
    name: "the staff role is spelt in another case",
    given: { roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,,SALES,"], users: [bea()] },
    findings: [],
  },
  {
    name: "a staff role that the policy does not know",
    given: { roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,,Finance,"], users: [bea()] },
    findings: ["AR-NO-POLICY role:finance high"],
    outcomes: { access_control: "fail", access_valid: "not_assessed" },
  },
  {
    name: "somebody without a staff role",
    given: { roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,,,"], users: [bea()] },
    findings: ["AR-NO-POLICY role: high"],
  },
  {
    name: "a policy by role that names no role",
    given: { policy: { allowed: {} } },
    findings: ["AR-NO-POLICY system high"],
    outcomes: { access_control: "fail", access_valid: "not_assessed" },
  },
  {
    name: "a policy by tickets without any",
    given: { policy: { validity: "tickets" } },
    findings: ["AR-NO-POLICY system high"],
  },
  {
    name: "access by ticket, one in force and one that ended yesterday",
    given: {
      roster: [BEA],
      users: [bea()],
      policy: {
        validity: "tickets",
        tickets: [
          {
            email: "ana@acme.example",
            ticket: "IT-1",
            access: ["sales:Deals regular user", "global:Global regular user"],
          },
          { email: "bea@acme.example", ticket: "IT-2", access: ["sales:Deals regular user"], until: "2026-03-20" },
          { email: "bea@acme.example", ticket: "IT-3", access: ["global:Global regular user"], until: "2026-03-19" },
        ],
      },
    },
    findings: ["AR-INVALID-ACCESS 2 high"],
  },
  {
    name: "all staff may use everything",
    given: { roster: [BEA], users: [bea({ access: ADMIN_ACCESS })], policy: { validity: "all_staff" } },
    findings: [],
  },
  {
    name: "all staff may, but an external account is not staff",
    given: {
      users: [user(2, "Paula Partner", "paula@partner.example")],
      map: [mapped(2, { class: "external" })],
      policy: { validity: "all_staff" },
    },
    findings: ["AR-INVALID-ACCESS 2 high"],
  },
  {
    name: "somebody out of scope is not judged by role",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,employee,active,,,Finance,,no"],
      users: [bea({ access: ADMIN_ACCESS })],
    },
    findings: [],
    outcomes: { access_valid: "pass", access_control: "pass" },
  },
  {
    name: "somebody out of scope who left",
    given: {
      roster: ["E2,Bea Berg,bea@acme.example,,employee,offboarded,,2026-03-19,Finance,,no"],
      users: [bea({ last_login: "2026-03-19 08:00:00" })],
    },
    findings: ["AR-OFFBOARDED-ACTIVE 2 high"],
  },
  {
    name: "more administrators than allowed",
    given: {
      roster: [
        "E2,Bea Berg,bea@acme.example,,employee,active,,,Lead,",
        "E3,Cem Cole,cem@acme.example,,employee,active,,,Lead,",
      ],
      users: [bea({ access: ADMIN_ACCESS }), user(3, "Cem Cole", "cem@acme.example", { access: ADMIN_ACCESS })],
      policy: { max_admins: 1 },
    },
    findings: ["AR-ADMIN-EXCESS system medium"],
  },
  {
    name: "as many administrators as allowed, and a deactivated one",
    given: {
      roster: [
        "E2,Bea Berg,bea@acme.example,,employee,active,,,Lead,",
        "E3,Cem Cole,cem@acme.example,,employee,active,,,Lead,",
      ],
      users: [
        bea({ access: ADMIN_ACCESS }),
        user(3, "Cem Cole", "cem@acme.example", { access: ADMIN_ACCESS, ...INACTIVE }),
      ],
      policy: { max_admins: 1 },
    },
    findings: [],
  },
  {
    name: "an older answer with one admin flag for everything",
    given: { roster: [BEA], users: [bea({ access: null, is_admin: 1 })] },
    findings: ["AR-INVALID-ACCESS 2 high"],
    outcomes: { access_valid: "fail", admins: "pass" },
  },
];

const missing: Golden[] = [
  {
    name: "permission sets are forbidden: names are not known, so access is not assessed",
    given: { roster: [BEA], users: [bea()], snapshot: { permissionSets: FORBIDDEN } },
    findings: [],
    outcomes: { access_valid: "not_assessed", identified: "pass", offboarded: "pass", admins: "pass" },
  },
  {
    name: "permission sets are forbidden, and an admin flag is too much all the same",
    given: { roster: [BEA], users: [bea({ access: ADMIN_ACCESS })], snapshot: { permissionSets: FORBIDDEN } },
    findings: ["AR-INVALID-ACCESS 2 high"],
    outcomes: { access_valid: "fail" },
  },
  {
    name: "an account that tells nothing of its access",
    given: { roster: [BEA], users: [bea({ access: null })] },
    findings: [],
    outcomes: { access_valid: "not_assessed", admins: "not_assessed" },
  },
  {
    name: "users are forbidden: nothing about accounts passes",
    given: { snapshot: { users: FORBIDDEN } },
    findings: [],
    outcomes: {
      identified: "not_assessed",
      offboarded: "not_assessed",
      access_control: "not_assessed",
      access_valid: "not_assessed",
      admins: "not_assessed",
      dormant: "not_assessed",
      service_accounts: "not_assessed",
      duplicates: "not_assessed",
      connection: "not_assessed",
      two_factor: "pass",
      inputs: "pass",
    },
  },
  {
    name: "no roster",
    given: { roster: null },
    findings: ["AR-STALE-INPUT roster high"],
    outcomes: {
      identified: "not_assessed",
      offboarded: "not_assessed",
      access_control: "not_assessed",
      access_valid: "not_assessed",
      duplicates: "not_assessed",
      connection: "not_assessed",
      inputs: "fail",
    },
  },
  {
    name: "no policy: leavers are found, without a time by which",
    given: { roster: [left("2026-03-01")], users: [bea({ last_login: "2026-02-27 08:00:00" })], policy: null },
    findings: ["AR-NO-POLICY system high", "AR-OFFBOARDED-ACTIVE 2 high", "AR-2FA-EVIDENCE system medium"],
    outcomes: { access_valid: "not_assessed", admins: "not_assessed", dormant: "not_assessed" },
  },
  {
    name: "a policy that sets no limits leaves those checks open",
    given: { policy: { max_admins: undefined, dormant_days: undefined } },
    findings: [],
    outcomes: { admins: "not_assessed", dormant: "not_assessed" },
  },
  {
    name: "the roster is as old as allowed",
    given: { rosterAsOf: "2026-02-17T12:00:00.000Z" },
    findings: [],
  },
  {
    name: "the roster is a millisecond too old",
    given: { rosterAsOf: "2026-02-17T11:59:59.999Z" },
    findings: ["AR-STALE-INPUT roster high"],
  },
  {
    name: "a roster that is dated ahead, and would never grow old",
    given: { rosterAsOf: "2026-03-21T06:00:00.000Z" },
    findings: ["AR-STALE-INPUT roster high"],
  },
  {
    name: "the snapshot is too old",
    given: { snapshot: { takenAt: "2026-03-19T11:59:59.000Z" } },
    findings: ["AR-STALE-INPUT snapshot high"],
    outcomes: { inputs: "fail" },
  },
];

const unusedAndServices: Golden[] = [
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

export const GOLDEN: Record<string, Golden[]> = { identity, leavers, rights, missing, unusedAndServices };
