import { ADMIN_ACCESS, INACTIVE, mapped, SETS, user } from "../../world.ts";
import { BEA, bea, type Golden } from "../golden.ts";

export const rights: Golden[] = [
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
