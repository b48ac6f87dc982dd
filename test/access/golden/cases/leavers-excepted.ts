import { INACTIVE, user } from "../../world.ts";
import { bea, type Golden, left } from "../golden.ts";

export const leaversExcepted: Golden[] = [
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
