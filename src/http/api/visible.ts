import { type Actor, maySee } from "../../store/actor.ts";
import { type Tenants, unknownTenant } from "../../store/tenants.ts";

/**
 * The tenants that a list is narrowed to; null: all.
 *
 * @param asked the only one that was asked for
 * @throws InputError UNKNOWN_TENANT, also for one that the actor does not see
 */
export async function visible(
  tenants: Pick<Tenants, "known">,
  actor: Pick<Actor, "tenants">,
  asked: string | undefined,
): Promise<readonly string[] | null> {
  if (asked === undefined) return actor.tenants;
  if (!maySee(actor, asked)) throw unknownTenant(asked);
  await tenants.known(asked);
  return [asked];
}
