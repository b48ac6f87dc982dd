import { INACTIVE, mapped, user } from "../../world.ts";
import { BEA, bea, type Golden } from "../golden.ts";

export const identity: Golden[] = [
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
