import { about, type Draft, type Line } from "../draft.ts";
import type { Found } from "../finding.ts";
import { FITTING_TYPES } from "../paths.ts";
import { systemField } from "../system-fields.ts";
import { OBJECT_NAMES, type TypeWord } from "../words.ts";

/** Where in Pipedrive a line's value lives: a key with label and type, or a standard field; and whether it fits. */
export function* placeGiven({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.at[2] !== "extra") continue;
    const missing = (name: string, why: string) => about(line, name, "MISSING_MEMBER", `"${name}" is missing.`, why);
    if (line.has("key") && line.has("system")) {
      const message = 'The line has both "key" and "system".';
      yield about(
        line,
        null,
        "VALUE_INVALID",
        message,
        "A custom field has a key, a standard field has a system name.",
      );
    } else if (line.has("key")) {
      if (!line.has("label")) yield missing("label", "Write the field's name as Pipedrive shows it.");
      if (!line.has("type")) yield missing("type", "Write the field's type as Pipedrive's settings page shows it.");
    } else if (!line.has("system")) {
      yield missing("key", 'Give the "key" of a custom field, or "system" with the name of a standard one.');
    }
  }
}

export function* typeFits({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.type === undefined || line.typeWord === undefined || line.key === undefined) continue;
    const allowed = FITTING_TYPES[line.type];
    if (!allowed.includes(line.typeWord)) yield typeNotAllowed(line, allowed);
    else if (line.type === "id" && line.typeWord !== "Text") {
      const message = `An id in a field of type ${line.typeWord} works, but is harder to audit.`;
      yield about(line, "type", "TYPE_RISKY", message, "Prefer a field of type Text.");
    }
  }
}

function typeNotAllowed(line: Line, allowed: readonly TypeWord[]): Found {
  const what = line.program ?? "An id";
  const message = `${what} cannot be kept in a field of type ${line.typeWord}.`;
  const instead = `Use a field of type ${allowed.join(" or ")}.`;
  return about(line, "type", "TYPE_NOT_ALLOWED", message, allowed.length > 0 ? instead : "Use its standard field.");
}

export function* systemFits({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    const field = systemField(line.object, line.system);
    if (!field || !line.spec || line.system === undefined) continue;
    const name = `${OBJECT_NAMES[line.object]} ${field.label} (${line.system})`;
    if (field.readonly && line.direction !== undefined && line.direction !== "crm_to_program") {
      const message = `${name} is set by Pipedrive itself and cannot be written.`;
      yield about(line, "system", "SYSTEM_READONLY", message, "Map it to a custom field, or make it crm_to_program.");
    } else if (field.type !== line.spec.type) {
      const message = `${name} cannot hold ${line.program}.`;
      yield about(
        line,
        "system",
        "TYPE_NOT_ALLOWED",
        message,
        "Use the standard field of that meaning, or a custom field.",
      );
    } else if (field.withOutcome && line.direction !== "crm_to_program" && !line.program?.includes(".sales.")) {
      const message = `Pipedrive takes ${name} only together with the matching status.`;
      const hint = "It stays unwritten while the Deal has another status. A custom field has no such condition.";
      yield about(line, "system", "SYSTEM_CONDITIONAL", message, hint);
    }
  }
}
