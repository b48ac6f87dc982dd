import { z } from "zod";
import { CHOICES, type Review, undecided } from "../../access/review/review.ts";
import { removeUser } from "../../operations/access/remove-user.ts";
import { accessReview, beginReview, decideOn, endReview } from "../../operations/access/review-access.ts";
import { runId } from "./access-runs.ts";
import { route } from "./route.ts";
import { line, rowId, tenantParams, text } from "./shapes.ts";

const tag = "Access reviews";
const params = tenantParams.extend({ review: line(64).describe("A review's id.") });
const nullable = z.string().nullable();
const person = z.object({ name: z.string(), email: z.string() });

const state = z.object({
  id: z.string(),
  runId: z.string(),
  state: z.enum(["open", "completed"]),
  completeBy: z.string().describe("After this its snapshot is too old."),
  accounts: z.number(),
  undecided: z.number(),
  openFollowUps: z.number().describe("Removals and changes that no later snapshot has shown."),
});

const wholeReview = state.extend({
  started: z.object({ by: person, at: z.string() }),
  completed: z.object({ by: person, at: z.string() }).nullable(),
  staleInputs: z.array(z.string()).describe("What keeps it from being completed."),
  items: z.array(
    z.object({
      userId: z.number(),
      name: z.string(),
      email: z.string(),
      access: z.array(z.string()),
      codes: z.array(z.string()),
    }),
  ),
  decisions: z
    .array(
      z.object({
        userId: z.number(),
        choice: z.enum(CHOICES),
        reviewer: person,
        at: z.string(),
        comment: nullable,
      }),
    )
    .describe("In the order they were made; the last one about an account is in force."),
  followUps: z.array(
    z.object({
      userId: z.number(),
      choice: z.enum(["remove", "change"]),
      closed: z.object({ at: z.string(), snapshotSha256: z.string(), seen: z.string() }).nullable(),
    }),
  ),
});

export const accessReviewRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/access/reviews",
    role: "operator",
    reach: "tenant",
    tag,
    summary: "Begin the review of a run, on its snapshot for good",
    description: "By a signed-in person with an e-mail address. A run has one review.",
    action: "access.review.start",
    params: tenantParams,
    body: z.object({ run: runId.default("latest") }),
    answer: state,
    status: 201,
    async handle({ app, actor, params: { tenant }, body: { run }, changed }) {
      const review = await beginReview(app, tenant, run, actor);
      changed({ target: targetOf(review), after: stateOf(review) });
      return stateOf(review);
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/reviews",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "The last 50 reviews, the latest first",
    params: tenantParams,
    answer: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          runId: z.string(),
          state: z.string(),
          openFollowUps: z.number(),
          startedAt: z.date(),
        }),
      ),
    }),
    async handle({ app, params: { tenant } }) {
      await app.tenants.known(tenant);
      return { items: await app.access.reviews.list(tenant, 50) };
    },
  }),
  route({
    method: "GET",
    path: "/tenants/:tenant/access/reviews/:review",
    role: "viewer",
    reach: "tenant",
    tag,
    summary: "A review: its accounts, decisions, and what waits to be seen done",
    action: "access.review.read",
    params,
    answer: wholeReview,
    async handle({ app, params: { tenant, review: id }, changed }) {
      const { review } = await accessReview(app, tenant, id);
      changed({ target: targetOf(review) });
      return { ...review, ...stateOf(review) };
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/access/reviews/:review/decisions",
    role: "approver",
    reach: "tenant",
    tag,
    summary: "Decide on accounts: keep, remove or change; all of them or none",
    description:
      "The reviewer is whoever is signed in; nobody decides on an account of their own. Keeping several at once, and changing, takes a comment. Nothing is removed by it in Pipedrive: that is done there or asked for, and a later snapshot shows it.",
    action: "access.review.decide",
    params,
    body: z.object({
      userIds: z.array(rowId).min(1).max(10_000),
      choice: z.enum(CHOICES),
      comment: text(2_000).optional(),
    }),
    answer: state,
    async handle({ app, actor, params: { tenant, review: id }, body, changed }) {
      const review = await decideOn(app, tenant, id, body, actor);
      changed({ target: targetOf(review), after: { userIds: body.userIds, choice: body.choice } });
      return stateOf(review);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/access/reviews/:review/complete",
    role: "approver",
    reach: "tenant",
    tag,
    summary: "End a review in which every account is decided on",
    description:
      "Refused on a stale roster or snapshot. Removals and changes stay open until a later snapshot shows them.",
    action: "access.review.complete",
    params,
    answer: state,
    async handle({ app, actor, params: { tenant, review: id }, changed }) {
      const review = await endReview(app, tenant, id, actor);
      changed({ target: targetOf(review), after: stateOf(review) });
      return stateOf(review);
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/access/reviews/:review/removals",
    role: "admin",
    reach: "tenant",
    tag,
    summary: "Deactivate a user in Pipedrive whom a completed review wants removed",
    description:
      'Only with `"confirm": true`, only where the policy in force has `"remediation": "on_request"`, by a signed-in person with an e-mail address, and neither for an account of their own nor for that of the connection\'s token. The review stays as it is: a later snapshot shows it done.',
    action: "access.review.remove",
    params,
    body: z.object({ userId: rowId, confirm: z.boolean().default(false).describe("That it is really to be done.") }),
    answer: z.object({ userId: z.number(), wasActive: z.boolean().describe("If not, nothing was written.") }),
    async handle({ app, actor, params: { tenant, review: id }, body, changed }) {
      const target = `access review ${id}, account ${body.userId}`;
      changed({ target });
      const removal = await removeUser(app, tenant, id, body, actor);
      changed({ target, before: { active: removal.wasActive }, after: { active: false } });
      return removal;
    },
  }),
];

function targetOf({ reviewId }: Review): string {
  return `access review ${reviewId}`;
}

function stateOf(review: Review): z.output<typeof state> {
  const { reviewId: id, runId: run, state: stands, completeBy, items, followUps } = review;
  const openFollowUps = followUps.filter(({ closed }) => closed === null).length;
  const left = undecided(review).length;
  return { id, runId: run, state: stands, completeBy, accounts: items.length, undecided: left, openFollowUps };
}
