import type { Draft } from "../draft.ts";
import type { Found } from "../finding.ts";
import { gapsIn } from "../gaps.ts";

/** What a drafted document leaves to a person. While one is left it cannot come into force. */
export function* gapsLeft({ value }: Draft): Iterable<Found> {
  for (const { at, what } of gapsIn(value)) {
    const isNote = at.at(-1) === "notes";
    const hint = isNote ? "Then remove the note, or the whole entry." : "Put the value in the place of the whole text.";
    yield { code: "GAP_LEFT", at, message: `Still open: ${what}`, hint };
  }
}
