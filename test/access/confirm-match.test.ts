import { expect, test } from "@jest/globals";
import { confirmMatch } from "../../src/access/confirm-match.ts";
import type { MapEntry } from "../../src/access/matching.ts";
import { FORBIDDEN, rosterOf, runOf, snapshotOf, user } from "./world.ts";

const ACCOUNT = user(2, "B. B.", "bea@old-acme.example");
const ROSTER = ["E2,Bea Berg,bea@acme.example,,employee,active,,,Sales,"];
const given = (changes = {}) => ({
  snapshot: snapshotOf({ assessed: true, value: [ACCOUNT] }),
  roster: rosterOf(ROSTER),
  userId: 2,
  belongsTo: { employeeId: "E2" } as MapEntry["belongsTo"],
  by: { name: "Bo", email: "BO@acme.example" },
  at: new Date("2026-03-01T09:00:00Z"),
  ...changes,
});

test("a confirmed suggestion is a match, with who confirmed it and when", () => {
  const entry = confirmMatch(given());
  const account = runOf({ roster: ROSTER, users: [ACCOUNT], map: [entry] }).accounts[1];
  expect(account).toMatchObject({
    matchKind: "map",
    staff: { employeeId: "E2" },
    confirmation: { by: "bo@acme.example", at: "2026-03-01T09:00:00.000Z" },
  });
});

test.each([
  ["an account that is not there", { userId: 3 }, "MAP_ACCOUNT_UNKNOWN"],
  ["accounts that could not be read", { snapshot: snapshotOf(FORBIDDEN) }, "MAP_ACCOUNT_UNKNOWN"],
  ["somebody who is not on the roster", { belongsTo: { employeeId: "E9" } }, "MAP_STAFF_UNKNOWN"],
  ["somebody without a roster", { roster: null }, "MAP_STAFF_UNKNOWN"],
  ["a class without a word", { belongsTo: { class: "external" }, comment: " " }, "MAP_COMMENT_MISSING"],
  ["too many words", { comment: "x".repeat(2_001) }, "MAP_COMMENT_TOO_LONG"],
  ["nobody who could be asked", { by: { name: "op", email: "" } }, "REVIEW_PERSON_INVALID"],
])("%s is refused", (_, changes, code) => {
  expect(() => confirmMatch(given(changes))).toThrow(expect.objectContaining({ name: "InputError", code }));
});
