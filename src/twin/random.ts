import { createHash } from "node:crypto";

/** A stream of values that depends on nothing but the seed and labels it was made from. */
export interface Random {
  /** `n` lower-case hex digits. */
  hex(n: number): string;
  /** A whole number, both ends included. */
  int(min: number, max: number): number;
  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** A UUID in the form of version 4. */
  uuid(): string;
  /** A fraction, 0 included, 1 not. */
  fraction(): number;
}

/**
 * A seeded stream. The labels name what the values are for, so that an id follows from seed and name and not from the
 * order in which things were asked for: `random("s1", "acme", "field", "deal", "Allbound ID").hex(40)`.
 */
export function random(seed: string, ...labels: (string | number)[]): Random {
  const origin = JSON.stringify([seed, ...labels]);
  let block = 0;
  let digits = "";

  function hex(n: number): string {
    while (digits.length < n) {
      digits += createHash("sha256").update(`${block}:${origin}`).digest("hex");
      block += 1;
    }
    const taken = digits.slice(0, n);
    digits = digits.slice(n);
    return taken;
  }
  function fraction(): number {
    return Number.parseInt(hex(13), 16) / 2 ** 52;
  }
  function int(min: number, max: number): number {
    return min + Math.floor(fraction() * (max - min + 1));
  }
  return {
    hex,
    fraction,
    int,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError("nothing to pick from");
      return list[int(0, list.length - 1)] as T;
    },
    uuid() {
      const h = hex(32);
      const variant = "89ab"[Number.parseInt(h.charAt(16), 16) % 4];
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
    },
  };
}
