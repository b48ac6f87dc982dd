import { RecordError } from "../errors.ts";
import { record } from "./identity.ts";
import { type Round, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";
import { sendCommand } from "./write-program.ts";

type OpenEffect = Round["openEffects"][number];

/** As many as the program takes. */
const MOST_CANDIDATES = 50;

/** An effect that happens in the partner program: everything else of that kind happens in Pipedrive. */
export function isFlag({ effect }: Pick<OpenEffect, "effect">): boolean {
  return effect === "flag_registrations" || effect === "flag_deals";
}

export function wantsFlag(round: Round): boolean {
  return round.openEffects.some((effect) => isFlag(effect) && !isDone(round, effect));
}

/**
 * Tells the program which others a registration may duplicate, beside those it knows of. What a person there has judged
 * already stays judged. A program that will not hear of it does not hold the registration up.
 */
export async function flagConflicts(round: Round, steps: Steps): Promise<void> {
  for (const effect of round.openEffects.filter((one) => isFlag(one) && !isDone(round, one))) {
    const told = await tell(round, steps, candidatesOf(round, effect)).catch((error) => {
      if (!(error instanceof RecordError)) throw error;
      const message = `${round.claim.tenantId}: the partner program was not told what ${subjectOf(round)} may duplicate: ${error.message} Tell the channel desk by hand.`;
      raise(round, { code: "CONFLICT_NOT_FLAGGED", message });
      return false;
    });
    round.effectsDone.push({ id: effect.id, state: told ? "done" : "skipped" });
  }
}

async function tell(round: Round, steps: Steps, found: string[]): Promise<boolean> {
  if (round.program?.kind !== "deal_registration") return false;
  const { state, candidates } = record(round.program.data.conflict);
  if (state === "confirmed" || state === "overridden") return false;
  const known = Array.isArray(candidates) ? candidates.filter((one) => typeof one === "string") : [];
  const all = [...new Set([...known, ...found])].slice(0, MOST_CANDIDATES);
  if (state === "suspected" && all.length === known.length) return true; // an answer that was lost on its way
  const body = { registration_id: round.program.id, candidates: all };
  await sendCommand(round, steps, { command: "registration.flag_conflict", ...body }, []);
  round.did.push("flagged a suspected duplicate");
  return true;
}

function candidatesOf({ tenant }: Round, { detail }: OpenEffect): string[] {
  const told = detail ? (tenant.key.unsealJson("effect.detail", detail) as { candidates?: string[] }) : {};
  return told.candidates ?? [];
}

function isDone({ effectsDone }: Round, { id }: OpenEffect): boolean {
  return effectsDone.some((done) => done.id === id);
}
