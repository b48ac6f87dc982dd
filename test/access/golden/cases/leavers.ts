import { INACTIVE, mapped, user } from "../../world.ts";
import { bea, type Golden, left } from "../golden.ts";

export const leavers: Golden[] = [
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
];
