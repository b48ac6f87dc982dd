import { random } from "../random.ts";
import type { Kind } from "./model.ts";

const BASE32 = [..."0123456789abcdefghjkmnpqrstvwxyz"];
const ID_LENGTH = 26;

const PREFIX = { partner: "prt", contact: "usr", deal_registration: "reg" } as const satisfies Record<Kind, string>;

/** `evt_…`, `cor_…`: follows from the seed and the labels alone. */
export function drawId(seed: string, prefix: string, ...labels: (string | number)[]): string {
  const source = random(seed, "program", prefix, ...labels);
  return `${prefix}_${Array.from({ length: ID_LENGTH }, () => source.pick(BASE32)).join("")}`;
}

/**
 * The id of a new aggregate, from seed, tenant and name, so that the same rehearsal has the same ids in whatever order
 * its records appear. A second record of one name gets the next draw.
 *
 * @param format "opaque" gives bare digits, as programs older than the neutral form have
 */
export function aggregateId(
  seed: string,
  tenant: string,
  kind: Kind,
  name: string,
  format: "prefixed" | "opaque",
  taken: (id: string) => boolean,
): string {
  for (let draw = 0; ; draw += 1) {
    const id =
      format === "prefixed"
        ? drawId(seed, PREFIX[kind], tenant, name, draw)
        : String(random(seed, "program", PREFIX[kind], tenant, name, draw).int(100_000, 99_999_999));
    if (!taken(id)) return id;
  }
}
