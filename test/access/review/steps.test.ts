import { describe, expect, test } from "@jest/globals";
import { assess } from "../../../src/access/assess.ts";
import { inForce, type Review, undecided } from "../../../src/access/review/review.ts";
import { completeReview, decide, observeLater, startReview } from "../../../src/access/review/steps.ts";
import { ADMIN_ACCESS, FORBIDDEN, INACTIVE, policyOf, rosterOf, runOf, snapshotOf, user } from "../world.ts";

const BO = { name: "Bo Boss", email: "bo.boss@acme.example" };
const at = (day: number) => new Date(Date.UTC(2026, 2, day, 9));
const ROSTER = [
  "E2,Bea Berg,bea@acme.example,bb@acme.example,employee,active,,,Sales,",
  "E3,Cem Cole,cem@acme.example,,employee,active,,,Sales,",
];
const USERS = [
  user(2, "Bea Berg", "bea@acme.example"),
  user(3, "Cem Cole", "cem@acme.example"),
  user(4, "Old One", "old@acme.example", INACTIVE),
];

const begun = (given = {}): Review => {
  const run = runOf({ roster: ROSTER, users: USERS, ...given });
  return startReview({ reviewId: "r1", run, by: BO, at: at(21) });
};
const choose = (
  review: Review,
  userIds: number[],
  choice: "keep" | "remove" | "change",
  comment?: string,
  reviewer = BO,
) => decide(review, { userIds, choice, reviewer, at: at(22), comment });
const decided = () => choose(choose(choose(begun(), [1], "keep"), [2], "remove"), [3], "change", "no exports");
const completed = () => completeReview(decided(), { by: BO, at: at(23) });

/** The code of the refusal; fails when nothing is refused. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { name, code, hint } = error as { name: string; code: string; hint?: string };
    expect([name, typeof hint]).toEqual(["InputError", "string"]);
    return code;
  }
  throw new Error("it was not refused");
}

describe("a review", () => {
  test("is of the active accounts of one snapshot", () => {
    const review = begun();
    expect(review.items.map(({ userId }) => userId)).toEqual([1, 2, 3]);
    expect(review.snapshot.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(undecided(review)).toHaveLength(3);
  });

  test("cannot be of accounts that nobody could read", () => {
    expect(refusal(() => begun({ snapshot: { users: FORBIDDEN } }))).toBe("REVIEW_NOT_ASSESSED");
  });

  test("is completed when every account is decided on, and keeps who decided what and when", () => {
    const review = completed();
    expect(review.state).toBe("completed");
    expect(review.completed).toEqual({ by: BO, at: "2026-03-23T09:00:00.000Z" });
    expect(review.decisions[2]).toEqual({
      userId: 3,
      choice: "change",
      reviewer: BO,
      at: "2026-03-22T09:00:00.000Z",
      comment: "no exports",
    });
  });

  test("changes nothing in place", () => {
    const review = begun();
    const before = JSON.stringify(review);
    choose(review, [1], "keep");
    expect(JSON.stringify(review)).toBe(before);
  });

  test("a later decision is in force, the earlier one is kept", () => {
    const review = choose(choose(begun(), [2], "keep"), [2], "remove", "left the team");
    expect(inForce(review).get(2)?.choice).toBe("remove");
    expect(review.decisions).toHaveLength(2);
  });

  test("nobody decides on an account of their own, whichever of their addresses they sign in with", () => {
    for (const email of ["bea@acme.example", " BEA@ACME.example", "bb@acme.example", "bea+crm@acme.example"]) {
      const bea = { name: "Bea", email };
      expect(refusal(() => choose(begun(), [2], "keep", undefined, bea))).toBe("REVIEW_OWN_ACCOUNT");
      expect(refusal(() => choose(begun(), [1, 2, 3], "remove", undefined, bea))).toBe("REVIEW_OWN_ACCOUNT");
      expect(inForce(choose(begun(), [1], "keep", undefined, bea)).size).toBe(1);
    }
  });

  test("nobody decides on an account that is suspected to be their own", () => {
    const review = begun({ users: [user(2, "Bea", "bea@old-acme.example"), USERS[1]] });
    const bea = { name: "Bea", email: "bea@acme.example" };
    expect(refusal(() => choose(review, [2], "keep", undefined, bea))).toBe("REVIEW_OWN_ACCOUNT");
    expect(inForce(choose(review, [2], "keep")).size).toBe(1);
  });

  test("a person without an address decides nothing", () => {
    expect(refusal(() => choose(begun(), [1], "keep", undefined, { name: "Op", email: "op" }))).toBe(
      "REVIEW_PERSON_INVALID",
    );
  });

  test("keeping several at once needs a reason, keeping one and removing several does not", () => {
    expect(refusal(() => choose(begun(), [1, 2], "keep"))).toBe("REVIEW_COMMENT_MISSING");
    expect(refusal(() => choose(begun(), [1, 2], "keep", "  \n"))).toBe("REVIEW_COMMENT_MISSING");
    expect(inForce(choose(begun(), [1, 2], "keep", "all in sales")).size).toBe(2);
    expect(inForce(choose(begun(), [1, 1], "keep")).size).toBe(1);
    expect(inForce(choose(begun(), [1, 2], "remove")).size).toBe(2);
    expect(refusal(() => choose(begun(), [1], "change"))).toBe("REVIEW_COMMENT_MISSING");
    expect(refusal(() => choose(begun(), [1], "keep", "x".repeat(2_001)))).toBe("REVIEW_COMMENT_TOO_LONG");
  });

  test("accounts that are not in it are refused, and nothing is half decided", () => {
    for (const userIds of [[4], [1, 99], []]) {
      expect(refusal(() => choose(begun(), userIds, "remove"))).toBe("REVIEW_ACCOUNT_UNKNOWN");
    }
    expect(refusal(() => choose(begun(), [1], "maybe" as "keep"))).toBe("REVIEW_CHOICE_UNKNOWN");
  });

  test("is not completed while an account is undecided", () => {
    const review = choose(begun(), [1, 2], "remove");
    expect(refusal(() => completeReview(review, { by: BO, at: at(23) }))).toBe("REVIEW_UNDECIDED");
  });

  test("is not completed on stale input, nor long after its snapshot", () => {
    const stale = choose(begun({ rosterAsOf: "2026-01-01T00:00:00.000Z" }), [1, 2, 3], "keep", "ok");
    expect(refusal(() => completeReview(stale, { by: BO, at: at(23) }))).toBe("REVIEW_INPUT_STALE");
    const late = new Date("2026-04-19T11:00:00.001Z");
    expect(refusal(() => completeReview(decided(), { by: BO, at: late }))).toBe("REVIEW_INPUT_STALE");
    expect(completeReview(decided(), { by: BO, at: new Date(late.getTime() - 1) }).state).toBe("completed");
  });

  test("completed is completed", () => {
    expect(refusal(() => choose(completed(), [1], "keep"))).toBe("REVIEW_COMPLETED");
    expect(refusal(() => completeReview(completed(), { by: BO, at: at(24) }))).toBe("REVIEW_COMPLETED");
  });
});

describe("what was decided is carried out when a later snapshot shows it", () => {
  const later = (users: typeof USERS, takenAt = "2026-03-25T00:00:00.000Z", changes = {}) =>
    snapshotOf({ assessed: true, value: users }, { takenAt, ...changes });
  const seen = (review: Review) => review.followUps.map(({ userId, closed }) => [userId, closed?.seen ?? null]);
  const [bea, cem] = [USERS[0]!, USERS[1]!];

  test("to remove and to change wait for it, to keep does not", () => {
    expect(seen(completed())).toEqual([
      [2, null],
      [3, null],
    ]);
    expect(seen(observeLater(completed(), later([bea, cem])))).toEqual([
      [2, null],
      [3, null],
    ]);
  });

  test("a removal is closed by an account that is inactive, deleted or absent", () => {
    const close = (users: typeof USERS) => seen(observeLater(completed(), later(users)))[0];
    expect(close([{ ...bea, ...INACTIVE }, cem])).toEqual([2, "inactive"]);
    expect(close([{ ...bea, is_deleted: true }, cem])).toEqual([2, "inactive"]);
    expect(close([cem])).toEqual([2, "absent"]);
  });

  test("a change is closed by other access, as far as that is known", () => {
    const changed = [bea, { ...cem, access: ADMIN_ACCESS }];
    expect(seen(observeLater(completed(), later(changed)))[1]).toEqual([3, "changed"]);
    const unnamed = later(changed, undefined, { permissionSets: FORBIDDEN });
    expect(seen(observeLater(completed(), unnamed))[1]).toEqual([3, null]);
  });

  test("a snapshot from before the decision, or one that could not read users, closes nothing", () => {
    expect(seen(observeLater(completed(), later([], "2026-03-22T09:00:00.000Z")))).toEqual([
      [2, null],
      [3, null],
    ]);
    const forbidden = snapshotOf(FORBIDDEN, { takenAt: "2026-03-25T00:00:00.000Z" });
    expect(seen(observeLater(completed(), forbidden))).toEqual([
      [2, null],
      [3, null],
    ]);
  });

  test("what was closed stays closed with the snapshot that showed it", () => {
    const first = observeLater(completed(), later([cem]));
    const again = observeLater(first, later([bea, cem], "2026-03-26T00:00:00.000Z"));
    expect(again.followUps[0]).toEqual(first.followUps[0]);
    expect(again.followUps[0]?.closed?.at).toBe("2026-03-25T00:00:00.000Z");
  });

  test("an open review waits for nothing yet", () => {
    const open = decided();
    expect(observeLater(open, later([]))).toBe(open);
  });
});

test("a finding keeps the moment it was first seen", () => {
  const input = {
    runId: "second",
    at: at(20),
    toolVersion: "0",
    snapshot: snapshotOf({ assessed: true, value: [user(5, "Eve", "eve@acme.example")] }),
    roster: rosterOf([]),
    policy: policyOf(),
  };
  const [first] = assess(input).findings;
  const again = assess({ ...input, earlier: [{ key: first!.key, firstSeenAt: "2026-01-01T00:00:00.000Z" }] });
  expect(first?.firstSeenAt).toBe("2026-03-20T09:00:00.000Z");
  expect(again.findings[0]?.firstSeenAt).toBe("2026-01-01T00:00:00.000Z");
});
