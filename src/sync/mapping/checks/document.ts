import { type Draft, sixFieldAt } from "../draft.ts";
import { type Found, jsonPath, shown } from "../finding.ts";
import { fold, OBJECT_NAMES, SIX_FIELDS } from "../words.ts";

export function* sixFields(draft: Draft): Iterable<Found> {
  for (const { object, name, label } of SIX_FIELDS) {
    const at = sixFieldAt({ object, name });
    if (draft.get(...at) !== undefined) continue;
    const message = `The required field "${label}" of ${OBJECT_NAMES[object]} is missing.`;
    yield {
      code: "MISSING_FIELD",
      at,
      message,
      hint: `Add it as ${jsonPath(at)} with key, label and type.`,
      object,
      label,
    };
  }
}

export function* entryStage({ stages }: Draft): Iterable<Found> {
  if (stages.entry) return;
  const hint = 'Add "entry" with the names of pipeline and stage in Pipedrive.';
  yield { code: "STAGE_ENTRY_MISSING", at: ["stages", "entry"], message: "Nothing says where a new Deal goes.", hint };
}

export function* stageTwice({ stages }: Draft): Iterable<Found> {
  const firsts = new Map<string, (typeof stages.map)[number]>();
  for (const line of stages.map) {
    if (line.pipeline === undefined || line.stage === undefined) continue;
    const name = JSON.stringify([fold(line.pipeline), fold(line.stage)]);
    const first = firsts.get(name);
    if (!first) {
      firsts.set(name, line);
      continue;
    }
    const message = `Stage "${shown(line.stage)}" of "${shown(line.pipeline)}" is also mapped at ${jsonPath(first.at)}.`;
    const hint = "A stage in Pipedrive stands for one program stage. Remove one of the two lines.";
    yield { code: "STAGE_TWICE", at: line.at, message, hint };
  }
}

export function* approval(draft: Draft): Iterable<Found> {
  const [prepared, approved] = [draft.get("prepared_by"), draft.get("approved_by")];
  if (typeof prepared === "string" && typeof approved === "string" && fold(prepared) === fold(approved)) {
    const message = "The document was prepared and approved by the same person.";
    yield { code: "APPROVER_SAME", at: ["approved_by"], message, hint: "Somebody else has to approve it." };
  }
  const state = draft.get("state");
  if (state === "draft" || state === "retired") {
    const message = `The document is ${state === "draft" ? "a draft" : "retired"}: it can be checked, but not put in force.`;
    yield { code: "NOT_APPROVED", at: ["state"], message, hint: "Somebody else approves it, then state is approved." };
  }
  if (state !== "approved" && state !== "live") return;
  for (const name of ["prepared_by", "prepared_on", "approved_by", "approved_on"]) {
    if (draft.get(name) !== undefined) continue;
    const message = `"${name}" is missing in a document that is ${state}.`;
    yield { code: "MISSING_MEMBER", at: [name], message, hint: "Say who prepared and who approved it, and when." };
  }
}

export function* rulesAgree(draft: Draft): Iterable<Found> {
  const createOn = draft.get("rules", "create_on") ?? "approved";
  if (draft.get("stages", "on_approved") !== undefined && createOn === "approved") {
    const message = "on_approved moves a Deal on approval, but with create_on approved the Deal begins then.";
    const hint = "Remove on_approved, or set rules.create_on to submitted.";
    yield { code: "VALUE_INVALID", at: ["stages", "on_approved"], message, hint };
  }
  const at = ["rules", "rejected_lost_reason"];
  const loses = draft.get("rules", "on_rejected") === "lose";
  if (loses && draft.get(...at) === undefined) {
    const message = "A rejected Deal becomes lost, but no lost reason is given.";
    yield { code: "MISSING_MEMBER", at, message, hint: 'Add "rejected_lost_reason".' };
  }
  if (loses && draft.get("rules", "program_owns_outcome") === true) {
    const message = "A rejected Deal becomes lost, but how a Deal ends is the program's word.";
    const hint = "Set on_rejected to note or keep, or program_owns_outcome to false.";
    yield { code: "VALUE_INVALID", at: ["rules", "on_rejected"], message, hint };
  }
  if (!loses && draft.get(...at) !== undefined) {
    const message = "rejected_lost_reason is given, but a rejected Deal does not become lost.";
    yield { code: "VALUE_INVALID", at, message, hint: "Remove it, or set on_rejected to lose.", severity: "warning" };
  }
}
