import { z } from "zod";
import { InputError } from "../errors.ts";
import { CRM_OBJECTS, type CrmObject, type MappingPlan } from "../sync/model.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import type { RollOutModel } from "./generated/models.ts";
import { mappingPlan } from "./mapping-plan.ts";
import { isDuplicate } from "./prisma-errors.ts";

export const ROLL_OUT_STAGES = ["canary", "ids", "first", "all"] as const;
export const ROLL_OUT_STATES = ["running", "paused", "done", "rolled back"] as const;
export type ExistingIds = "adopt" | "clear";

export interface TrialName {
  object: CrmObject;
  crmId: number;
}

/** A document on its way into force. */
export interface RollOut {
  id: number;
  tenantId: string;
  revision: number;
  document: string;
  plan: MappingPlan;
  /** The revision in force before; null at a first go-live. */
  former: number | null;
  enrol: boolean;
  existingIds: ExistingIds | null;
  first: number;
  stage: (typeof ROLL_OUT_STAGES)[number];
  state: (typeof ROLL_OUT_STATES)[number];
  trial: TrialName[];
  progress: Progress;
  asked: number;
  /** Why it is paused. */
  cause: string | null;
  startedBy: string;
  startedAt: Date;
  stageAt: Date;
  endedAt: Date | null;
}

/** How far a stage has come; each stage begins with none. */
export interface Progress {
  /** Where it goes on: an object's list, or the last lane. */
  object?: string;
  cursor?: string;
  lane?: number;
  /** The document is in force. */
  live?: boolean;
  /** Ids that are there already come next. */
  ids?: boolean;
}

const trialList = z.array(z.object({ object: z.enum(CRM_OBJECTS), crmId: z.number() }));
const progressShape = z.object({
  object: z.string().optional(),
  cursor: z.string().optional(),
  lane: z.number().optional(),
  live: z.boolean().optional(),
  ids: z.boolean().optional(),
});
const idRow = z.object({ id: z.coerce.number() });

/** A step that takes longer may be taken over by another process: every step may be done twice. */
const LEASE_S = 120;

export type NewRollOut = Pick<
  RollOut,
  "tenantId" | "revision" | "document" | "plan" | "former" | "enrol" | "existingIds" | "first" | "startedBy"
>;

/** Roll-outs; one is open per tenant. */
export function createRollOuts(db: Database) {
  const table = db.prisma.rollOut;

  return {
    /** @param stage where it begins; a way back needs no trial @throws InputError ROLL_OUT_OPEN */
    async begin({ plan, ...roll }: NewRollOut, stage: RollOut["stage"] = "canary"): Promise<RollOut> {
      try {
        return toRollOut(
          await table.create({ data: { ...roll, stage, plan: plan as unknown as Prisma.InputJsonObject } }),
        );
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const hint = `partnersync mapping apply --continue --tenant ${roll.tenantId}, or partnersync mapping rollback ${roll.tenantId}`;
        throw new InputError("ROLL_OUT_OPEN", `${roll.tenantId} has a roll-out under way`, "tenant", hint);
      }
    },

    /** The one that is running or paused. */
    async open(tenantId: string): Promise<RollOut | null> {
      const row = await table.findFirst({ where: { tenantId, state: { in: ["running", "paused"] } } });
      return row && toRollOut(row);
    },

    /** The latest, whatever became of it. */
    async latest(tenantId: string): Promise<RollOut | null> {
      const row = await table.findFirst({ where: { tenantId }, orderBy: { id: "desc" } });
      return row && toRollOut(row);
    },

    /** One that has a step to make, handed to this process alone; null when there is none. */
    async take(): Promise<RollOut | null> {
      const [taken] = await db.rows(
        idRow,
        `update roll_out set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_S}) where id = (
           select r.id from roll_out r join tenant t on t.id = r.tenant_id
           where r.state = 'running' and t.paused_at is null and (r.lease_until is null or r.lease_until < now())
           order by r.lease_until nulls first, r.id limit 1 for update of r skip locked)
         returning id`,
      );
      const row = taken && (await table.findUnique({ where: { id: taken.id } }));
      return row ? toRollOut(row) : null;
    },

    /** Its next step is due after a moment. */
    async release({ id }: RollOut, waitMs: number): Promise<void> {
      const sql =
        "update roll_out set lease_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000) where id = $1";
      await db.pool.query(sql, [id, waitMs]);
    },

    /** What was done of a stage: the next step goes on behind it. Only while it runs. */
    async advance({ id }: RollOut, more: Partial<Pick<RollOut, "progress" | "trial" | "asked">>): Promise<void> {
      const { trial, progress, ...rest } = more;
      const data = { ...rest, ...(trial && { trial: json(trial) }), ...(progress && { progress: json(progress) }) };
      await table.updateMany({ where: { id, state: "running" }, data });
    },

    /** @returns false when it has left the stage, or does not run any more */
    async enter({ id, stage: from }: RollOut, stage: RollOut["stage"], trial?: TrialName[]): Promise<boolean> {
      const sql = `update roll_out set stage = $3, stage_at = clock_timestamp(), progress = '{}', lease_until = null,
          trial = coalesce($4::jsonb, trial)
        where id = $1 and stage = $2 and state = 'running'`;
      const { rowCount } = await db.pool.query(sql, [id, from, stage, trial ? JSON.stringify(trial) : null]);
      return (rowCount ?? 0) > 0;
    },

    async pause({ id }: RollOut, cause: string): Promise<void> {
      await table.updateMany({ where: { id, state: "running" }, data: { state: "paused", cause } });
    },

    /** A paused one goes on where it stopped: findings from before count no more. */
    async goOn({ id }: RollOut, existingIds: ExistingIds | null): Promise<void> {
      const sql = `update roll_out set state = 'running', cause = null, lease_until = null, stage_at = clock_timestamp(),
        asked = case when stage = 'first' then 0 else asked end, existing_ids = coalesce($2, existing_ids)
        where id = $1 and state = 'paused'`;
      await db.pool.query(sql, [id, existingIds]);
    },

    /** The former revision that a roll-out of this one took the place of; undefined when none brought it into force. */
    async formerOf(tenantId: string, revision: number): Promise<number | null | undefined> {
      const where = { tenantId, revision };
      return (await table.findFirst({ where, orderBy: { id: "desc" } }))?.former;
    },

    /** Its trial records have been asked to return to the revision in force. */
    async forgetTrial({ id }: RollOut): Promise<void> {
      await table.updateMany({ where: { id, state: "rolled back" }, data: { trial: [] } });
    },

    async end({ id }: RollOut, state: "done" | "rolled back"): Promise<void> {
      const where = { id, state: { in: ["running", "paused"] } };
      await table.updateMany({ where, data: { state, endedAt: new Date(), cause: null } });
    },
  };
}

export type RollOuts = ReturnType<typeof createRollOuts>;

function json(value: unknown): Prisma.InputJsonObject {
  return value as Prisma.InputJsonObject;
}

function toRollOut(row: RollOutModel): RollOut {
  const { leaseUntil: _, ...rest } = row;
  return {
    ...rest,
    id: Number(row.id),
    plan: mappingPlan.parse(row.plan),
    stage: z.enum(ROLL_OUT_STAGES).parse(row.stage),
    state: z.enum(ROLL_OUT_STATES).parse(row.state),
    existingIds: z.enum(["adopt", "clear"]).nullable().parse(row.existingIds),
    trial: trialList.parse(row.trial),
    progress: progressShape.parse(row.progress),
  };
}
