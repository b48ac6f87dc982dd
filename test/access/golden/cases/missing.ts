import { ADMIN_ACCESS, FORBIDDEN } from "../../world.ts";
import { BEA, bea, type Golden, left } from "../golden.ts";

export const missing: Golden[] = [
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
