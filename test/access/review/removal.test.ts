import { expect, test } from "@jest/globals";
import type { PolicyDocument } from "../../../src/access/policy/document.ts";
import { checkRemoval, checkRemovalNow, refuseOverruled } from "../../../src/access/review/removal.ts";
import type { Review } from "../../../src/access/review/review.ts";
import { completeReview, decide, observeLater, startReview } from "../../../src/access/review/steps.ts";
import { INACTIVE, policyOf, runOf, snapshotOf, user } from "../world.ts";

/* What keeps an account from being deactivated on the strength of a review. */

const BO = { name: "Bo Boss", email: "bo.boss@acme.example" };
const ADA = { name: "Ada Admin", email: "ada.admin@acme.example" };
const USERS = [user(2, "Bea Berg", "bea@acme.example"), user(3, "Cem Cole", "cem@acme.example")];
const ON_REQUEST = policyOf({ remediation: "on_request" }).document;
const at = (day: number) => new Date(Date.UTC(2026, 2, day, 9));

function reviewOf(choices: Record<number, "keep" | "remove">, { id = "r1", day = 21 } = {}): Review {
  const run = runOf({
    roster: [
      "E2,Bea Berg,bea@acme.example,bb@acme.example,employee,active,,,Sales,",
      "E3,Cem Cole,cem@acme.example,,employee,active,,,Sales,",
    ],
    users: USERS,
  });
  let review = startReview({ reviewId: id, run, by: BO, at: at(day) });
  for (const { userId } of review.items) {
    review = decide(review, { userIds: [userId], choice: choices[userId] ?? "keep", reviewer: BO, at: at(day) });
  }
  return completeReview(review, { by: BO, at: at(day) });
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { name, code, hint } = error as { name: string; code: string; hint?: string };
    expect([name, typeof hint]).toEqual(["InputError", "string"]);
    return code;
  }
  return "let through";
}

const ask = (
  changes: { review?: Review; policy?: PolicyDocument | null; userId?: number; by?: typeof BO; confirm?: boolean } = {},
) => {
  const { review = reviewOf({ 2: "remove" }), policy = ON_REQUEST, userId = 2, by = ADA, confirm = true } = changes;
  return refusal(() => checkRemoval(review, policy, { userId, by, confirm }));
};

test("what a completed review wants removed may be, where the policy in force says so", () => {
  expect(ask()).toBe("let through");
  expect(ask({ policy: policyOf().document })).toBe("REMEDIATION_BY_HAND");
  expect(ask({ policy: null })).toBe("REMEDIATION_BY_HAND");
});

test.each<[string, Parameters<typeof ask>[0], string]>([
  ["without being confirmed", { confirm: false }, "REMOVAL_NOT_CONFIRMED"],
  ["of an open review", { review: { ...reviewOf({ 2: "remove" }), state: "open" } }, "REVIEW_OPEN"],
  ["that the review does not have", { userId: 9 }, "REVIEW_ACCOUNT_UNKNOWN"],
  ["that is to be kept", { userId: 3 }, "REMOVAL_NOT_DECIDED"],
  ["of one's own", { by: { name: "Bea", email: "BEA+pd@acme.example" } }, "REVIEW_OWN_ACCOUNT"],
  ["that has another address of one's own", { by: { name: "Bea", email: "bb@acme.example" } }, "REVIEW_OWN_ACCOUNT"],
])("an account %s is not", (_what, changes, code) => {
  expect(ask(changes)).toBe(code);
});

test("a decision that was seen done removes nobody who was activated again", () => {
  const users = [user(2, "Bea Berg", "bea@acme.example", INACTIVE)];
  const later = snapshotOf({ assessed: true, value: users }, { takenAt: "2026-03-22T09:00:00.000Z" });
  expect(ask({ review: observeLater(reviewOf({ 2: "remove" }), later) })).toBe("REMOVAL_SEEN_DONE");
});

test("a later review has the last word, an earlier one has not", () => {
  const wants = reviewOf({ 2: "remove" }, { day: 22 });
  const overruled = (other: Review) => refusal(() => refuseOverruled(wants, 2, other));
  expect(overruled(reviewOf({ 2: "keep" }, { id: "later", day: 23 }))).toBe("REMOVAL_OVERRULED");
  expect(overruled(reviewOf({ 2: "keep" }, { id: "earlier", day: 21 }))).toBe("let through");
  expect(overruled(reviewOf({ 2: "remove" }, { id: "later", day: 23 }))).toBe("let through");
  expect(overruled({ ...reviewOf({ 2: "keep" }, { id: "later", day: 23 }), state: "open" })).toBe("let through");
});

test("what came about since then counts: whose token it is, and whose account", () => {
  const item = checkRemoval(reviewOf({ 2: "remove" }), ON_REQUEST, { userId: 2, by: ADA, confirm: true });
  const now = (changes: { email?: string; tokenUserId?: number }) =>
    refusal(() => checkRemovalNow(item, ADA, { email: "bea@acme.example", tokenUserId: 1, ...changes }));
  expect(now({})).toBe("let through");
  expect(now({ tokenUserId: 2 })).toBe("REMOVAL_OF_TOKEN_OWNER");
  expect(now({ email: ADA.email })).toBe("REVIEW_OWN_ACCOUNT");
  expect(now({ email: "successor@acme.example" })).toBe("REMOVAL_ACCOUNT_CHANGED");
});
