import { NotFoundError } from "../errors.ts";
import type { CrmRecord } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { CrmObject } from "../sync/model.ts";
import type { Round } from "./round.ts";
import type { Steps } from "./steps.ts";

/** Up to here one by one is cheaper (1 token each, and the first may do) than together (10 tokens for 100). */
const FEW = 10;
const AT_ONCE = 100;

/** Reads what a search found, as far as the caller wants to know. The index may still show what is gone: that is left out. */
export async function* readHits(
  round: Round,
  steps: Steps,
  hits: { object: CrmObject; ids: number[]; purpose: string; spent?: (tokens: number) => void },
): AsyncGenerator<CrmRecord> {
  const { object, ids, purpose, spent = () => {} } = hits;
  const { pipedrive } = round.tenant;
  const call = { ...steps.call, purpose };
  if (ids.length > FEW) {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      spent(PRICES.getMany);
      yield* await steps.remote(() => pipedrive.getMany(object, some, call));
    }
    return;
  }
  for (const id of ids) {
    spent(PRICES.get);
    const record = await steps
      .remote(() => pipedrive.get(object, id, call))
      .catch((error) => {
        if (!(error instanceof NotFoundError)) throw error;
        return null;
      });
    if (record) yield record;
  }
}
