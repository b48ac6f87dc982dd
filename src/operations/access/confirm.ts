import { confirmMatch } from "../../access/confirm-match.ts";
import type { MapEntry } from "../../access/matching.ts";
import type { App } from "../../app.ts";
import type { Actor } from "../../store/actor.ts";
import { latestSnapshot, rosterInForce } from "./inputs.ts";
import { signedIn } from "./signed-in.ts";

export interface MatchWish {
  userId: number;
  belongsTo: MapEntry["belongsTo"];
  comment?: string | null;
}

/**
 * Keeps what a person says about whose an account is. The next assessment goes by it.
 *
 * @throws InputError NOBODY_SIGNED_IN, NO_ACCESS_SNAPSHOT, and what `confirmMatch` does
 */
export async function mapAccount(app: App, tenantId: string, wish: MatchWish, by: Actor): Promise<MapEntry> {
  const person = signedIn(by);
  const { snapshot } = await latestSnapshot(app, tenantId);
  const roster = (await rosterInForce(app, tenantId))?.roster ?? null;
  const entry = confirmMatch({ snapshot, roster, ...wish, by: person, at: new Date() });
  await app.access.map.add(tenantId, entry);
  await app.access.schedule.dueWithin(tenantId, app.config.timings.accessDebounceMs);
  return entry;
}
