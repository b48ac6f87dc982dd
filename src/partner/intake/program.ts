import { NotFoundError, RecordError } from "../../errors.ts";
import type { Aggregate, ProgramKind } from "../../sync/model.ts";
import type { PartnerProgram } from "../adapter.ts";

/**
 * A program that can only post. Its mapping asks for nothing to be sent to it (`postsOnly`); should something be, it is
 * refused and told, never dropped. What it has posted can be asked for; what it has not cannot be known.
 *
 * @param posted an aggregate as its posts left it
 */
export function createIntakeProgram(
  tenantId: string,
  posted: (kind: ProgramKind, id: string) => Promise<Aggregate | null>,
): PartnerProgram {
  return {
    async apply({ command }) {
      const message = `${tenantId}: ${command} cannot be sent: this partner program only posts. Load its mapping again.`;
      throw new RecordError("DIRECTION_UNSUPPORTED", message);
    },
    async get(kind, id) {
      const aggregate = await posted(kind, id);
      if (!aggregate) throw new NotFoundError(`partner program: nothing was posted about ${kind} ${id}`);
      return aggregate;
    },
    async fetchChanges(cursor) {
      return { events: [], cursor };
    },
  };
}
