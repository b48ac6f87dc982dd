import type { AccountSnapshot } from "../../account.ts";
import type { Draft } from "../draft.ts";
import { type Found, type MappingCode, type Path, shown } from "../finding.ts";
import { suggestion } from "../nearest.ts";
import { fold } from "../words.ts";

export interface StageIds {
  pipelineId: number;
  stageId: number;
}
interface StageNames {
  pipeline: string;
  stage: string;
}

/** The ids behind a document's stage names; undefined when one of them cannot be told. */
export interface ResolvedStages {
  entry?: StageIds;
  onApproved?: StageIds;
  map: (StageIds & { program: string })[];
  findings: Found[];
}

export function resolveStages(draft: Draft, account: AccountSnapshot): ResolvedStages {
  const findings: Found[] = [];
  const look = (at: Path): StageIds | undefined => {
    const [pipeline, stage] = [draft.get(...at, "pipeline"), draft.get(...at, "stage")];
    if (typeof pipeline !== "string" || typeof stage !== "string") return undefined; // the shape has said so
    return lookUp({ pipeline, stage }, at, account, findings);
  };
  const entry = look(["stages", "entry"]);
  const onApproved = look(["stages", "on_approved"]);
  const map = draft.stages.map.flatMap(({ at, program }) => {
    const ids = look(at);
    return ids && program !== undefined ? [{ program, ...ids }] : [];
  });
  return { ...(entry ? { entry } : {}), ...(onApproved ? { onApproved } : {}), map, findings };
}

function lookUp(names: StageNames, at: Path, account: AccountSnapshot, findings: Found[]): StageIds | undefined {
  const pipelines = account.pipelines.filter(({ is_deleted }) => !is_deleted);
  const named = byName(names.pipeline, pipelines);
  const say = (member: string, code: MappingCode, message: string, hint: string) => {
    findings.push({ code, at: [...at, member], message, hint, object: "deal" });
    return undefined;
  };
  const pipeline = shown(names.pipeline);
  if (named.length === 0) {
    const hint = suggestion(
      names.pipeline,
      pipelines.map(({ name }) => shown(name)),
    );
    return say("pipeline", "PIPELINE_UNKNOWN", `The account has no pipeline "${pipeline}".`, hint);
  }
  const stages = account.stages.filter((s) => !s.is_deleted && named.some(({ id }) => id === s.pipeline_id));
  const [stage, ...more] = byName(names.stage, stages);
  const what = `stage "${shown(names.stage)}" of pipeline "${pipeline}"`;
  if (!stage) {
    const hint = suggestion(
      names.stage,
      stages.map(({ name }) => shown(name)),
    );
    return say("stage", "STAGE_UNKNOWN", `The account has no ${what}.`, hint);
  }
  if (more.length > 0) {
    const message = `The account has ${more.length + 1} times the ${what}.`;
    return say("stage", "STAGE_AMBIGUOUS", message, "Rename one of them in Pipedrive.");
  }
  return { pipelineId: stage.pipeline_id, stageId: stage.id };
}

/** Those of exactly this name, else those that differ in case or outer spaces only. */
function byName<T extends { name: string }>(name: string, among: readonly T[]): T[] {
  const exact = among.filter((one) => one.name === name);
  return exact.length > 0 ? exact : among.filter((one) => fold(one.name) === fold(name));
}
