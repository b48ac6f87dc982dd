import { z } from "zod";
import type { Actor, OperatorRole } from "./actor.ts";
import type { Database } from "./database.ts";
import { hashOf, newSecret } from "./secret.ts";

/** Somebody who is signed in with a browser. */
export interface SignedIn {
  actor: Actor;
  /** What the cookie has to be from now on; null: as it is. */
  renewed: string | null;
}

/** Durations in milliseconds; lowered in tests. */
export interface SessionTimes {
  /** Without a request for this long, it ends. */
  idleMs: number;
  /** Whatever is done with it, it ends after this. */
  mostMs: number;
  /** The cookie is changed this often. */
  rotateMs: number;
  /** After which the cookie before is refused: requests that were under way carry that one. */
  formerMs: number;
}

const TIMES: SessionTimes = {
  idleMs: 60 * 60_000,
  mostMs: 12 * 60 * 60_000,
  rotateMs: 15 * 60_000,
  formerMs: 60_000,
};
const COOKIE = /^psse_[A-Za-z0-9_-]{43}$/;
/** When somebody was last seen decides about an hour: it need not be written at each request. */
const SEEN_EVERY_MS = 60_000;

/** When somebody was last seen is shown for so long. */
const KEPT_DAYS = 90;

const row = z.object({
  id: z.string(),
  is_current: z.boolean(),
  is_due: z.boolean(),
  is_stale: z.boolean(),
  operator_id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.string(),
  limited: z.boolean(),
  tenants: z.array(z.string()),
});

const FIND_SQL = `
  select s.id, s.secret_hash = $1 as is_current, s.rotated_at < now() - make_interval(secs => $3) as is_due,
         s.last_seen_at < now() - make_interval(secs => $5) as is_stale,
         o.id as operator_id, o.name, o.email, o.role, o.limited, o.tenants
    from session s join operator o on o.id = s.operator_id
   where (s.secret_hash = $1 or (s.former_hash = $1 and s.rotated_at > now() - make_interval(secs => $4)))
     and s.ended_at is null and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => $2)
     and o.disabled_at is null`;

/** Sessions on database time; of their cookies only hashes are kept. */
export function createSessions(db: Database, times: Partial<SessionTimes> = {}) {
  const { session: table } = db.prisma;
  const { idleMs, mostMs, rotateMs, formerMs } = { ...TIMES, ...times };
  const seenMs = Math.min(SEEN_EVERY_MS, idleMs / 4);

  /** Of two requests at once only one changes the cookie. */
  async function rotate(id: string, cookie: string): Promise<string | null> {
    const next = newSecret("psse_");
    const { rowCount } = await db.pool.query(
      `update session set secret_hash = $3, former_hash = secret_hash, rotated_at = now(), last_seen_at = now()
        where id = $1 and secret_hash = $2`,
      [id, hashOf(cookie), hashOf(next)],
    );
    return rowCount === 0 ? null : next;
  }

  return {
    /** Begins a session of an operator. @returns its cookie, this once */
    async begin(operatorId: string, address: string | null): Promise<string> {
      const cookie = newSecret("psse_");
      await db.pool.query("delete from session where expires_at < now() - make_interval(days => $1)", [KEPT_DAYS]);
      await db.pool.query(
        `insert into session (id, operator_id, secret_hash, address, expires_at)
         values (gen_random_uuid(), $1, $2, $3, now() + make_interval(secs => $4))`,
        [operatorId, hashOf(cookie), address, mostMs / 1000],
      );
      return cookie;
    },

    /** Who this cookie is of. Null for one that is unknown, idle for too long, too old or ended, or of a disabled operator. */
    async verify(cookie: string): Promise<SignedIn | null> {
      if (!COOKIE.test(cookie)) return null;
      const seconds = [idleMs, rotateMs, formerMs, seenMs].map((ms) => ms / 1000);
      const [found] = await db.rows(row, FIND_SQL, [hashOf(cookie), ...seconds]);
      if (!found) return null;
      const renewed = found.is_current && found.is_due ? await rotate(found.id, cookie) : null;
      if (found.is_stale && renewed === null) {
        await db.pool.query("update session set last_seen_at = now() where id = $1", [found.id]);
      }
      const { operator_id: operatorId, name, email, role, limited, tenants } = found;
      const actor: Actor = {
        operatorId,
        name,
        email,
        role: role as OperatorRole,
        tenants: limited ? tenants : null,
        via: "session",
        credentialId: found.id,
      };
      return { actor, renewed };
    },

    /** Ends the session of this cookie; one that has ended stays so. */
    async end(cookie: string): Promise<void> {
      if (!COOKIE.test(cookie)) return;
      const where = { OR: [{ secretHash: hashOf(cookie) }, { formerHash: hashOf(cookie) }], endedAt: null };
      await table.updateMany({ where, data: { endedAt: new Date() } });
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;
