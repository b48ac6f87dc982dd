import type { Company } from "./company.ts";
import type { ObjectName, RecordData } from "./model.ts";

/** Who makes a change and through which door: `api` is a program, `app` a person. */
export interface Actor {
  userId: number;
  source: "api" | "app";
}

/** A new record before its body is put in: every system key that v2 answers, with its default. */
export function blank(company: Company, object: ObjectName, id: number, actor: Actor, now: string): RecordData {
  const common = {
    id,
    owner_id: actor.userId,
    add_time: now,
    update_time: now,
    visible_to: 3,
    label_ids: [],
    is_deleted: false,
    custom_fields: {},
  };
  if (object === "organization") return { ...common, name: null, ...ORGANIZATION };
  if (object === "person") return { ...common, name: null, ...PERSON };
  const pipeline = company.openPipelines()[0];
  return {
    ...common,
    ...DEAL,
    creator_user_id: actor.userId,
    currency: company.info.currency,
    pipeline_id: pipeline?.id,
    stage_id: pipeline ? company.openStages(pipeline.id)[0]?.id : undefined,
    origin: actor.source === "api" ? "API" : "ManuallyCreated",
  };
}

const ORGANIZATION = {
  address: null,
  website: null,
  linkedin: null,
  industry: null,
  annual_revenue: null,
  employee_count: null,
};

const PERSON = {
  first_name: null,
  last_name: null,
  org_id: null,
  emails: [],
  phones: [],
  picture_id: null,
  im: [],
  postal_address: null,
  notes: null,
  job_title: null,
  birthday: null,
};

const DEAL = {
  title: null,
  value: 0,
  person_id: null,
  org_id: null,
  stage_change_time: null,
  status: "open",
  probability: null,
  lost_reason: null,
  close_time: null,
  won_time: null,
  lost_time: null,
  local_won_date: null,
  local_lost_date: null,
  local_close_date: null,
  expected_close_date: null,
  is_archived: false,
  archive_time: null,
  origin_id: null,
  channel: null,
  channel_id: null,
  acv: null,
  arr: null,
  mrr: null,
};
