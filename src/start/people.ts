import { setTimeout as after } from "node:timers/promises";
import { z } from "zod";
import { callTwin } from "./twin-http.ts";

export type Edit = Record<string, unknown>;
type ObjectName = "organization" | "person" | "deal";

const withId = z.looseObject({ id: z.int() });
const dated = z.looseObject({ update_time: z.string() });

/** The people of one customer on both sides. They act through the twin's control API, as at a screen. */
export interface People {
  /** A user of Pipedrive makes a record. @returns its id */
  create(object: ObjectName, set: Edit): Promise<number>;
  /** A user of Pipedrive changes a record. */
  edit(object: ObjectName, id: number, set: Edit): Promise<void>;
  /** Somebody acts in the partner portal. @returns the aggregate afterwards */
  act(act: { action: string } & Edit): Promise<Record<string, unknown>>;
  /** What they have done so far. */
  readonly acts: number;
  /** How long they held back so far. */
  readonly heldBackMs: number;
}

/** @param who the tenant's program, and the domain of its Pipedrive account */
export function createPeople(twinUrl: string, who: { tenant: string; domain: string }): People {
  const company = `${twinUrl}/_twin/companies/${who.domain}`;
  const pipedrive = `${company}/edit`;
  const program = `${twinUrl}/_twin/program/${who.tenant}/act`;
  let acts = 0;
  let heldBackMs = 0;

  async function post(url: string, body: unknown): Promise<unknown> {
    const answer = await callTwin(url, { method: "POST", body });
    acts += 1;
    return answer;
  }

  /** Pipedrive's times have whole seconds, and no person changes a record twice in one. */
  async function holdBack(object: ObjectName, id: number): Promise<void> {
    const { update_time: updated } = dated.parse(await callTwin(`${company}/records/${object}/${id}`));
    const waitMs = Date.parse(updated) + 1_000 - Date.now();
    if (waitMs <= 0) return;
    await after(waitMs);
    heldBackMs += waitMs;
  }

  return {
    create: async (object, set) => withId.parse(await post(pipedrive, { object, set })).id,
    async edit(object, id, set) {
      await holdBack(object, id);
      await post(pipedrive, { object, id, set });
    },
    act: async (act) => z.looseObject({}).parse(await post(program, act)),
    get acts() {
      return acts;
    },
    get heldBackMs() {
      return heldBackMs;
    },
  };
}
