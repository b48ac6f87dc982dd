import { about, type Draft, type Line } from "../draft.ts";
import { type Found, jsonPath } from "../finding.ts";
import { directionsOf, OUTCOME_PATHS } from "../paths.ts";

const OWNED = " Where the program says how a sale ended, set rules.program_owns_outcome.";

export function* directionAllowed({ lines, get }: Draft): Iterable<Found> {
  const programOwnsOutcome = get("rules", "program_owns_outcome") === true;
  for (const line of lines) {
    if (line.direction === undefined) continue;
    if (line.type === "id" && line.direction !== "program_to_crm") {
      const message = "The program gives out its ids: they only ever go to Pipedrive.";
      yield about(line, "direction", "DIRECTION_ILLEGAL", message, "Remove the direction.");
    } else if (line.spec && line.program !== undefined) {
      const allowed = directionsOf(line.program, line.spec, programOwnsOutcome);
      if (allowed.includes(line.direction)) continue;
      const message = `${line.program} cannot be ${line.direction}.`;
      const hint =
        allowed.length > 0 ? `Use ${allowed.join(" or ")}.` : "Remove the line: the program owns the outcome.";
      const owner = OUTCOME_PATHS.written.some((path) => path === line.program) && !programOwnsOutcome ? OWNED : "";
      yield about(line, "direction", "DIRECTION_ILLEGAL", message, `${hint}${owner}`);
    }
  }
}

export function* writeAllowed({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.write === undefined) continue;
    const fixed = fixedWrite(line);
    if (fixed !== undefined && line.write !== fixed) {
      const message = `This id is always written ${fixed}, never ${line.write}.`;
      yield about(line, "write", "WRITE_ILLEGAL", message, 'Remove "write".');
    } else if (line.direction === "crm_to_program") {
      const message = "The line never writes to Pipedrive, so it cannot say when to write.";
      yield about(line, "write", "WRITE_ILLEGAL", message, 'Remove "write", or choose another direction.');
    }
  }
}

/** Ids fill an empty field and never replace anything; a Deal has its id from the moment it is created. */
function fixedWrite(line: Line): string | undefined {
  if (line.type !== "id") return undefined;
  return line.object === "deal" ? "on_create" : "if_empty";
}

export function* conflictRule({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.type === "id") continue; // never two-way, which is said elsewhere
    if (line.direction === "both" && !line.has("on_conflict")) {
      const message = "Both sides may change this value, but nothing says who wins when both do.";
      yield about(line, "on_conflict", "CONFLICT_RULE_MISSING", message, 'Add "on_conflict": crm, program or newest.');
    }
    const source = line.direction === "crm_to_program" ? "crm" : "program";
    if (line.direction !== undefined && line.direction !== "both" && ![undefined, source].includes(line.onConflict)) {
      const message = `On a line that goes one way the ${source} side always wins: the rule has no effect.`;
      yield about(line, "on_conflict", "CONFLICT_RULE_UNUSED", message, "Remove it, or make the direction both.");
    }
  }
}

/** One program value in two CRM fields: with two sources nobody knows which one counts. Two targets are harmless. */
export function* programFieldTwice({ lines }: Draft): Iterable<Found> {
  const firsts = new Map<string, Line>();
  for (const line of lines) {
    if (line.program === undefined || !line.spec) continue;
    const first = firsts.get(line.program);
    if (!first) {
      firsts.set(line.program, line);
      continue;
    }
    const oneWay = [first, line].every(({ direction }) => direction === "program_to_crm");
    const message = `${line.program} is mapped twice: also at ${jsonPath(first.at)}.`;
    const hint = oneWay ? "Keep one of them, unless both fields are wanted." : "Keep one of them.";
    const found = about(line, line.has("program") ? "program" : null, "PROGRAM_FIELD_TWICE", message, hint);
    yield { ...found, severity: oneWay ? "warning" : "error" };
  }
}
