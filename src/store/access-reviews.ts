import type { Review } from "../access/review/review.ts";
import { InputError } from "../errors.ts";
import { sealContent, unsealContent } from "./access-content.ts";
import type { Database } from "./database.ts";
import type { AccessReviewModel } from "./generated/models.ts";
import { isDuplicate } from "./prisma-errors.ts";
import type { Tenants } from "./tenants.ts";

export interface StoredReview {
  review: Review;
  /** Counts its changes. */
  version: number;
}

/** A review without its accounts and decisions. */
export interface ReviewHead {
  id: string;
  runId: string;
  state: string;
  openFollowUps: number;
  startedAt: Date;
}

const COLUMN = "access_review.content";
const HEAD = { id: true, runId: true, state: true, openFollowUps: true, startedAt: true } as const;

/** Reviews; a run has one at most. */
export function createAccessReviews(db: Database, tenants: Tenants) {
  const { accessReview: table } = db.prisma;

  async function open({ tenantId, content, version }: AccessReviewModel): Promise<StoredReview> {
    const text = unsealContent(await tenants.key(tenantId), COLUMN, content).toString("utf8");
    return { review: JSON.parse(text) as Review, version };
  }

  async function toColumns(tenantId: string, review: Review) {
    const content = sealContent(await tenants.key(tenantId), COLUMN, JSON.stringify(review));
    const openFollowUps = review.followUps.filter(({ closed }) => closed === null).length;
    return { state: review.state, openFollowUps, content };
  }

  return {
    /** @throws InputError REVIEW_EXISTS */
    async add(tenantId: string, review: Review): Promise<void> {
      const { reviewId: id, runId, started } = review;
      const startedAt = new Date(started.at);
      try {
        await table.create({ data: { tenantId, id, runId, startedAt, ...(await toColumns(tenantId, review)) } });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const hint = "go on with it: partnersync access review show; or assess again and review that run";
        throw new InputError("REVIEW_EXISTS", `run ${runId} has a review already`, "run", hint);
      }
    },

    /** Null for one that another tenant has, or nobody. */
    async get(tenantId: string, id: string): Promise<StoredReview | null> {
      const row = await table.findUnique({ where: { tenantId_id: { tenantId, id } } });
      return row && open(row);
    },

    async ofRun(tenantId: string, runId: string): Promise<StoredReview | null> {
      const row = await table.findUnique({ where: { tenantId_runId: { tenantId, runId } } });
      return row && open(row);
    },

    /** The latest first. */
    list: (tenantId: string, limit: number): Promise<ReviewHead[]> =>
      table.findMany({ where: { tenantId }, select: HEAD, orderBy: { startedAt: "desc" }, take: limit }),

    /** Ids of all that are completed, the latest first. */
    async completed(tenantId: string): Promise<string[]> {
      const where = { tenantId, state: "completed" };
      const rows = await table.findMany({ where, select: { id: true }, orderBy: { startedAt: "desc" } });
      return rows.map(({ id }) => id);
    },

    /** Completed ones with something that has not been seen done. */
    async waiting(tenantId: string): Promise<StoredReview[]> {
      const rows = await table.findMany({ where: { tenantId, openFollowUps: { gt: 0 } }, orderBy: { id: "asc" } });
      return Promise.all(rows.map(open));
    },

    /** Puts the next state in place of the one it was made of. False when somebody was quicker: read it again. */
    async save(tenantId: string, next: Review, version: number): Promise<boolean> {
      const where = { tenantId, id: next.reviewId, version };
      const data = { ...(await toColumns(tenantId, next)), version: version + 1 };
      return (await table.updateMany({ where, data })).count > 0;
    },
  };
}

export type AccessReviews = ReturnType<typeof createAccessReviews>;
