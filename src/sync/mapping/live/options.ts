import type { AccountField } from "../../account.ts";
import type { KeyedLine } from "../document-lines.ts";
import { type Found, type MappingCode, shown } from "../finding.ts";
import { nearest } from "../nearest.ts";
import { fold, OBJECT_NAMES } from "../words.ts";

type Option = { id: number | string; label: string };

/** Pairs of the program's key with the account's option: what a plan needs. */
export interface ResolvedOption {
  program: string;
  id: number;
  label: string;
}

/** The pairing of a line by option ids. Labels that the account has not, or twice, are left out. */
export function resolveOptions(line: KeyedLine, field: AccountField): ResolvedOption[] {
  return Object.entries(line.options ?? {}).flatMap(([program, label]) => {
    const [option, ...more] = matching(label, field);
    return option && more.length === 0 ? [{ program, id: Number(option.id), label: option.label }] : [];
  });
}

export function checkOptions(line: KeyedLine, field: AccountField): Found[] {
  const labels = Object.values(line.options ?? {});
  return [...new Set(labels)].flatMap((label) => checkOption(line, field, label)).concat(extras(line, field, labels));
}

function matching(label: string, field: AccountField): Option[] {
  return (field.options ?? []).filter((option) => fold(option.label) === fold(label));
}

function checkOption(line: KeyedLine, field: AccountField, label: string): Found[] {
  const [option, ...more] = matching(label, field);
  const name = `${OBJECT_NAMES[line.object]} "${shown(line.label)}"`;
  if (!option) {
    const near = nearest(label, unpaired(line, field));
    const hint = near === undefined ? "Add the option in Pipedrive" : `Rename the option "${shown(near)}" in Pipedrive`;
    const message = `${name} has no option "${shown(label)}".`;
    return [found(line, "OPTION_MISSING", message, `${hint}, or write the label it has there.`)];
  }
  if (more.length > 0) {
    const message = `${name} has the option "${shown(label)}" ${more.length + 1} times.`;
    return [
      found(line, "OPTION_DUPLICATE_LABEL", message, "Merge or rename them in Pipedrive: labels have to be unique."),
    ];
  }
  if (option.label === label) return [];
  const message = `${name} spells the option "${shown(label)}" as "${shown(option.label)}".`;
  return [found(line, "OPTION_SPELLING", message, "It is taken for the same. Write it as Pipedrive does.")];
}

/** Options nobody paired only matter where people's choices travel to the program. */
function extras(line: KeyedLine, field: AccountField, labels: readonly string[]): Found[] {
  const left = unpaired(line, field).filter((label) => !labels.some((known) => fold(known) === fold(label)));
  if (left.length === 0 || labels.length === 0 || (line.direction ?? "program_to_crm") === "program_to_crm") return [];
  const listed = left.slice(0, 10).map((label) => `"${shown(label)}"`);
  const message = `${OBJECT_NAMES[line.object]} "${shown(line.label)}" also has ${listed.join(", ")}.`;
  return [
    found(
      line,
      "OPTION_EXTRA",
      message,
      "A record with such a choice is left as it is, with a finding. Pair or remove it.",
    ),
  ];
}

function unpaired(line: KeyedLine, field: AccountField): string[] {
  const paired = Object.values(line.options ?? {}).map(fold);
  return (field.options ?? []).map(({ label }) => label).filter((label) => !paired.includes(fold(label)));
}

function found(line: KeyedLine, code: MappingCode, message: string, hint: string): Found {
  return { code, at: [...line.at, "options"], message, hint, object: line.object, label: line.label, key: line.key };
}
