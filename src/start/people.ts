import { z } from "zod";
import { callTwin } from "./twin-http.ts";

export type Edit = Record<string, unknown>;
type ObjectName = "organization" | "person" | "deal";

const withId = z.looseObject({ id: z.int() });

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
}

/** @param who the tenant's program, and the domain of its Pipedrive account */
export function createPeople(twinUrl: string, who: { tenant: string; domain: string }): People {
  const pipedrive = `${twinUrl}/_twin/companies/${who.domain}/edit`;
  const program = `${twinUrl}/_twin/program/${who.tenant}/act`;
  let acts = 0;

  async function post(url: string, body: unknown): Promise<unknown> {
    const answer = await callTwin(url, { method: "POST", body });
    acts += 1;
    return answer;
  }

  return {
    create: async (object, set) => withId.parse(await post(pipedrive, { object, set })).id,
    edit: async (object, id, set) => void (await post(pipedrive, { object, id, set })),
    act: async (act) => z.looseObject({}).parse(await post(program, act)),
    get acts() {
      return acts;
    },
  };
}
