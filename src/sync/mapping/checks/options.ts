import { about, type Draft, type Line } from "../draft.ts";
import { type Found, shown } from "../finding.ts";
import { suggestion } from "../nearest.ts";
import { fold, STATUS_KEYS, type TypeWord } from "../words.ts";

const TAKES_OPTIONS: readonly TypeWord[] = ["Single option", "Multiple options"];

export function* optionsBelong({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    const takes = line.typeWord !== undefined && TAKES_OPTIONS.includes(line.typeWord);
    if (line.options !== undefined && !takes && (line.typeWord !== undefined || line.system !== undefined)) {
      const message = "Only fields of type Single option or Multiple options have options.";
      yield about(line, "options", "VALUE_INVALID", message, 'Correct "type" or remove "options".');
    }
  }
}

export function* optionsComplete({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.typeWord === undefined || !TAKES_OPTIONS.includes(line.typeWord) || line.type === "id") continue;
    const given = Object.keys(line.options ?? {});
    const missing = wantedKeys(line).filter((key) => !given.includes(key));
    const lacking = `The pairing of options lacks ${missing.map(shown).join(", ")}.`;
    const message = missing.length > 0 ? lacking : "No option is paired.";
    if (missing.length > 0 || given.length === 0) {
      const hint = "Pair the program's keys with the labels of the options in Pipedrive.";
      yield about(line, "options", "OPTIONS_INCOMPLETE", message, hint);
    }
    yield* unknownKeys(line, given);
  }
}

function wantedKeys(line: Line): readonly string[] {
  if (line.constant !== undefined) return [line.constant];
  if (line.program === "partner.status") return STATUS_KEYS;
  return line.spec?.values ?? [];
}

function* unknownKeys(line: Line, given: readonly string[]): Iterable<Found> {
  const known = line.spec?.values;
  if (!known) return;
  for (const key of given.filter((key) => !known.includes(key))) {
    const at = [...line.at, "options", key];
    const message = `${line.program} has no value "${shown(key)}".`;
    yield { ...about(line, null, "UNKNOWN_MEMBER", message, suggestion(key, known)), at };
  }
}

export function* optionTargets({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    const keys = new Map<string, string>();
    for (const [key, label] of Object.entries(line.options ?? {})) {
      const first = keys.get(fold(label));
      if (first === undefined) keys.set(fold(label), key);
      else yield targetReused(line, first, key, label);
    }
  }
}

/** Two keys on one label cannot be told apart when the value comes from Pipedrive; one-way to Pipedrive it is a loss. */
function targetReused(line: Line, first: string, key: string, label: string): Found {
  const message = `${shown(first)} and ${shown(key)} both stand for the option "${shown(label)}".`;
  const hint = "Give each its own option: coming from Pipedrive nobody could tell which is meant.";
  const found = about(line, "options", "OPTION_TARGET_REUSED", message, hint);
  return { ...found, severity: line.direction === "program_to_crm" ? "warning" : "error" };
}

export function* constants({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.constant === undefined) continue;
    const isCurrency = line.type === "money";
    if (line.direction !== undefined && line.direction !== "program_to_crm" && !isCurrency) {
      const message = "A constant is written to Pipedrive; the line cannot bring values back.";
      yield about(line, "direction", "DIRECTION_ILLEGAL", message, "Make it program_to_crm or remove the constant.");
    }
    if (line.system !== undefined || line.typeWord === "Multiple options" || line.type === undefined) continue;
    if (line.type === "money" && line.typeWord === "Numerical") {
      if (/^[A-Z]{3}$/.test(line.constant)) continue;
      const message = "The constant of an amount in a number field is its currency.";
      yield about(line, "constant", "VALUE_INVALID", message, "Write an ISO 4217 code such as EUR, or leave it out.");
    } else if (line.type !== "text" && line.type !== "option") {
      const message = `A constant cannot stand for ${line.program}.`;
      yield about(line, "constant", "VALUE_INVALID", message, "Constants are texts or single options. Remove it.");
    }
  }
}
