import { setTimeout as sleep } from "node:timers/promises";
import type { CrmObject, ProgramKind } from "../../src/sync/model.ts";
import type { TwinClient } from "../support/twin-client.ts";
import type { Rig } from "./rig.ts";
import type { Story } from "./story.ts";

/** Where people act and faults happen: one tenant on a rig. */
export interface Scene {
  rig: Rig;
  tenant: string;
  twin: TwinClient;
  story: Story;
  /** Records whose notifications were lost, as far as the twins would not remember it. */
  lost: Lost[];
  /** What an administrator does in the account itself. */
  administrate<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export type Lost = { object: CrmObject; crmId: number } | { kind: ProgramKind; programId: string };

/** What the person on call does. */
export async function resumePaused({ rig, tenant }: Scene): Promise<void> {
  const paused = await rig.pool
    .query<{ id: string }>("select id from connection where tenant_id = $1 and state = 'paused'", [tenant])
    .catch(() => ({ rows: [] }));
  if (paused.rows.length === 0) return;
  await rig.withApp(async (app) => {
    for (const { id } of paused.rows) await app.connections.resume(id);
    await app.ringer.ringDue(tenant);
  });
}

/** Longer than anything takes effect after its answer was given up. */
const RETRY_MS = 2_500;

/** Somebody who does their work although what fails meanwhile may hit them as well. @throws what the last try met */
export async function insist<T>(scene: Scene, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) throw error;
      await resumePaused(scene);
      await sleep(RETRY_MS);
    }
  }
}
