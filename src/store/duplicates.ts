import { z } from "zod";
import type { RegistrationFacts } from "../sync/matching/duplicates.ts";
import type { Database } from "./database.ts";
import { type Claim, id } from "./lane-rows.ts";
import type { TenantKey } from "./vault.ts";

/** The two looks for duplicates: at other registrations, which costs nothing, and at the customer's Deals. */
export type DuplicateCheck = "registrations" | "deals";

/** Another registration of the same end customer. */
export interface OtherRegistration extends RegistrationFacts {
  registrationId: string;
  /** What was last seen of it, sealed; null when no run of it has ended yet. */
  seenProgram: Buffer | null;
}

/** More duplicates than a person would look through. */
const MOST_OTHERS = 20;
const FACTS = "registration_customer.facts";

const checksRow = z.object({ registrations: z.boolean(), deals: z.boolean() });
const otherRow = z.object({
  program_id: z.string(),
  facts: z.instanceof(Buffer),
  seen_program: z.instanceof(Buffer).nullable(),
});
const effectRow = z.object({ id });

/** Whom registrations are about, and which looks for duplicates were made. */
export function createDuplicates(db: Database) {
  return {
    /** Which looks were made already. */
    async made(tenantId: string, registrationId: string): Promise<Record<DuplicateCheck, boolean>> {
      const sql = `select registrations_at is not null as registrations, deals_at is not null as deals
        from registration_customer where tenant_id = $1 and program_id = $2`;
      const [row] = await db.rows(checksRow, sql, [tenantId, registrationId]);
      return row ?? { registrations: false, deals: false };
    },

    /** Lets others find this one. Of two at once, at least the later one finds the other. */
    async enter(
      tenantId: string,
      registrationId: string,
      { identities, facts, key }: { identities: Buffer[]; facts: RegistrationFacts; key: TenantKey },
    ): Promise<void> {
      const sql = `insert into registration_customer (tenant_id, program_id, identities, facts) values ($1, $2, $3, $4)
        on conflict (tenant_id, program_id) do update set identities = excluded.identities, facts = excluded.facts`;
      await db.pool.query(sql, [tenantId, registrationId, identities, key.sealJson(FACTS, facts)]);
    },

    /** Others with one of these identities. */
    async others(
      tenantId: string,
      registrationId: string,
      { identities, key }: { identities: Buffer[]; key: TenantKey },
    ): Promise<OtherRegistration[]> {
      const rows = await db.rows(
        otherRow,
        `select r.program_id, r.facts, l.seen_program from registration_customer r
           left join lane l on l.tenant_id = r.tenant_id and l.kind = 'deal_registration' and l.program_id = r.program_id
         where r.tenant_id = $1 and r.program_id <> $2 and r.identities && $3::bytea[]
         order by r.program_id desc limit ${MOST_OTHERS}`,
        [tenantId, registrationId, identities],
      );
      return rows.map(({ program_id, facts, seen_program }) => ({
        ...(key.unsealJson(FACTS, facts) as RegistrationFacts),
        registrationId: program_id,
        seenProgram: seen_program,
      }));
    },

    /**
     * A look was made; with something to tell the program, that is written down in the same transaction, as an effect
     * of the registration's lane.
     *
     * @param flag what to tell, sealed as an effect's detail; null: nothing was found
     * @returns the effect's id; null when there is none, or the claim is lost
     */
    async record(
      claim: Claim,
      registrationId: string,
      { check, version, flag }: { check: DuplicateCheck; version: number; flag: Buffer | null },
    ): Promise<number | null> {
      const column = check === "registrations" ? "registrations_at" : "deals_at";
      const [effect] = await db.rows(
        effectRow,
        `with mine as (
           select id, tenant_id from lane where id = $1 and epoch = $2 and lease_until > clock_timestamp()),
         marked as (
           insert into registration_customer as r (tenant_id, program_id, identities, facts, ${column})
             select tenant_id, $3, '{}', '', now() from mine
             on conflict (tenant_id, program_id) do update set ${column} = now())
         insert into effect (tenant_id, lane_id, kind, program_id, effect, program_version, detail)
           select tenant_id, id, 'deal_registration', $3, $4, $5, $6 from mine where $6::bytea is not null
           on conflict do nothing returning id`,
        [claim.laneId, claim.epoch, registrationId, `flag_${check}`, version, flag],
      );
      return effect?.id ?? null;
    },
  };
}

export type Duplicates = ReturnType<typeof createDuplicates>;
