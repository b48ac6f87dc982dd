import type { ProgramKind } from "../../model.ts";
import { about, type Draft, isRecord, type Line } from "../draft.ts";
import { type Found, type Path, shown } from "../finding.ts";
import { isProgramKind } from "../intake.ts";
import { type IntakeField, intakeField, pathShowing } from "../intake-fields.ts";
import { nearest } from "../nearest.ts";

/** One entry of `intake.events`, as far as it could be read. */
interface Entry {
  at: Path;
  kind: ProgramKind;
  fields: Record<string, unknown>;
}

/** Everything about a program that can only post, beyond the shape of the part that describes it. */
export function* intakeSound(draft: Draft): Iterable<Found> {
  if (draft.get("intake") === undefined) return;
  yield* oneWayOnly(draft);
  yield* idsAsPosted(draft);
  const entries = entriesOf(draft);
  for (const entry of entries) yield* valuesFit(entry);
  if (entries.length > 0) {
    yield* enoughToBegin(draft, entries);
    yield* neverFilled(draft, entries);
  }
}

function entriesOf({ get }: Draft): Entry[] {
  const events = get("intake", "events");
  if (!Array.isArray(events)) return [];
  return events.flatMap((entry: unknown, index) => {
    if (!isRecord(entry) || !isProgramKind(entry.kind) || !isRecord(entry.fields)) return [];
    return [{ at: ["intake", "events", index], kind: entry.kind, fields: entry.fields }];
  });
}

/** A program that can only post takes nothing in: whatever would have to be written to it is refused. */
function* oneWayOnly({ lines, stages, get }: Draft): Iterable<Found> {
  const why = "a program that only posts cannot be told anything";
  for (const line of lines) {
    if (line.direction === undefined || line.direction === "program_to_crm") continue;
    const message = `${line.program ?? "This line"} cannot be ${line.direction}: ${why}.`;
    const hint = 'Set "direction" to "program_to_crm", or remove the line.';
    yield about(line, "direction", "DIRECTION_UNSUPPORTED", message, hint);
  }
  const stagesTold = (name: string, hint: string): Found => {
    const message = `Stages of Deals are told to the program, and ${why}.`;
    return { code: "DIRECTION_UNSUPPORTED", at: ["stages", name], message, hint };
  };
  if (stages.map.length > 0) yield stagesTold("map", "Leave the list empty: [].");
  if (get("stages", "unmapped") === "finding") yield stagesTold("unmapped", 'Remove "unmapped".');
}

/** Such a program's ids are whatever it happens to have. */
function* idsAsPosted({ get }: Draft): Iterable<Found> {
  if (get("sync", "id_format") === "opaque") return;
  const message = "A program that only posts has ids of its own form, and this document expects ours.";
  yield { code: "VALUE_INVALID", at: ["sync", "id_format"], message, hint: 'Set sync.id_format to "opaque".' };
}

/** Words of a closed list, and pairs that lead out of it. */
function* valuesFit({ at, kind, fields }: Entry): Iterable<Found> {
  for (const [name, spec] of Object.entries(fields)) {
    const field = intakeField(kind, name);
    if (!field || !isRecord(spec)) continue;
    const path = [...at, "fields", name];
    if (typeof spec.constant === "string") yield* amongWords(field, spec.constant, [...path, "constant"]);
    if (isRecord(spec.values)) {
      for (const [posted, word] of Object.entries(spec.values)) {
        if (typeof word === "string") yield* amongWords(field, word, [...path, "values", posted]);
      }
    }
    if (spec.date !== undefined && field.type !== "date" && field.type !== "instant") {
      yield invalid([...path, "date"], `${name} is no date.`, 'Remove "date".');
    }
  }
}

function* amongWords({ values }: IntakeField, word: string, at: Path): Iterable<Found> {
  if (!values || values.includes(word)) return;
  const close = nearest(word, values);
  const hint = close ? `Did you mean "${close}"?` : `Use one of ${values.join(", ")}.`;
  yield invalid(at, `"${shown(word)}" is none of the words that the sync knows here.`, hint);
}

function invalid(at: Path, message: string, hint: string): Found {
  return { code: "VALUE_INVALID", at, message, hint };
}

/** Without these nothing ever begins in Pipedrive: no Deal without a review, no Person without e-mail and partner. */
const NEEDED = {
  partner: ["name"],
  contact: ["partner_id", "email", "status"],
  deal_registration: ["review.status"],
} as const satisfies Record<ProgramKind, readonly string[]>;

function* enoughToBegin({ get }: Draft, entries: Entry[]): Iterable<Found> {
  for (const kind of Object.keys(NEEDED) as ProgramKind[]) {
    const of = entries.filter((entry) => entry.kind === kind);
    const [first] = of;
    if (!first) continue;
    for (const name of NEEDED[kind]) {
      if (of.some(({ fields }) => fields[name] !== undefined)) continue;
      const message = `No entry of kind ${kind} fills ${name}: nothing of that kind would ever appear in Pipedrive.`;
      const hint = 'Name the posted field, or give a "constant".';
      yield { code: "INTAKE_INCOMPLETE", at: [...first.at, "fields", name], message, hint };
    }
  }
  const creates = get("rules", "partners_create_in_crm") === true;
  const waiting = entries.find(({ kind }) => kind !== "deal_registration");
  if (waiting && !creates) {
    const message = "Partners are posted, but never looked for or created in Pipedrive: they and their people wait.";
    const hint = 'Set "partners_create_in_crm" to true, or leave partners and contacts out of the intake.';
    yield { code: "INTAKE_INCOMPLETE", severity: "warning", at: ["rules", "partners_create_in_crm"], message, hint };
  }
}

/** A line of the mapping whose value no post ever brings. */
function* neverFilled(draft: Draft, entries: Entry[]): Iterable<Found> {
  const filled = new Set(entries.flatMap(({ kind, fields }) => Object.keys(fields).map((f) => pathShowing(kind, f))));
  for (const line of draft.lines) {
    if (!isMissing(line, filled)) continue;
    const message = `${line.program} goes to Pipedrive, but no entry of the intake fills it.`;
    yield about(line, null, "INTAKE_NEVER_FILLED", message, "Add it there, or remove this line.");
  }
}

function isMissing({ program, spec, type, constant, direction }: Line, filled: Set<string>): boolean {
  if (program === undefined || !spec || type === "id" || direction === "crm_to_program") return false;
  return !filled.has(program) && (constant === undefined || type === "money");
}
