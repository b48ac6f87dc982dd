import { wholeSeconds } from "../clock.ts";
import { type AccessSetup, setUpPermissions, toAccess } from "./access-setup.ts";
import type { Companies, Company } from "./company.ts";
import { OPTION_TYPES } from "./field-types.ts";
import { addField, addOptions } from "./fields.ts";
import { identityOf } from "./identity.ts";
import type { App, Field, Limits, ObjectName, PermissionSet, Pipeline, Plan, User } from "./model.ts";
import { OBJECTS } from "./model.ts";
import { allPermissionSets, allRoles, permissionSetsOf } from "./permissions.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

/** How a company is described to the twin. Names identify: what already bears a name is kept. */
export interface CompanySetup {
  domain: string;
  name?: string;
  plan?: Plan;
  /** Default EUR. */
  currency?: string;
  limits?: Partial<Limits>;
  switches?: Partial<Switches>;
  users: ({ name: string; email: string; admin?: boolean; active?: boolean } & AccessSetup)[];
  /** Besides those that every account has. */
  permission_sets?: { app: App; name: string; type?: PermissionSet["type"]; contents?: string[] }[];
  roles?: { name: string; parent?: string }[];
  fields?: Partial<Record<ObjectName, { label: string; field_type: string; options?: string[] }[]>>;
  pipelines?: { name: string; stages: string[] }[];
}

const NO_LIMITS_SET: Limits = { dailyTokens: null, burstPer2s: null, off: false, abuseAfter: 100 };

/** What a new account of the real Pipedrive begins with. */
const FIRST_PIPELINE = {
  name: "Pipeline",
  stages: ["Qualified", "Contact Made", "Demo Scheduled", "Proposal Made", "Negotiations Started"],
};

/** Makes a company, or adds to it what it lacks. @param now ms on the twin's clock */
export function setUpCompany(companies: Companies, seed: string, setup: CompanySetup, now: number): Company {
  const known = companies.get(setup.domain);
  const before = known?.info;
  const info = {
    id: before?.id ?? identityOf(seed, setup.domain).companyId(),
    domain: setup.domain,
    name: setup.name ?? before?.name ?? setup.domain,
    plan: setup.plan ?? before?.plan ?? "premium",
    currency: setup.currency ?? before?.currency ?? "EUR",
    limits: { ...NO_LIMITS_SET, ...before?.limits, ...setup.limits },
    switches: { ...DEFAULT_SWITCHES, ...before?.switches, ...setup.switches },
    denied: before?.denied ?? {},
  };
  const company = known ?? companies.add(info);
  if (known) company.remember({ info });
  setUpPermissions(company, setup);
  for (const user of setup.users) setUpUser(company, user, now);
  for (const object of OBJECTS)
    for (const field of setup.fields?.[object] ?? []) setUpField(company, object, field, now);
  const pipelines = setup.pipelines ?? (company.pipelines.size === 0 ? [FIRST_PIPELINE] : []);
  for (const pipeline of pipelines) setUpPipeline(company, pipeline, now);
  return company;
}

function setUpUser(company: Company, given: CompanySetup["users"][number], now: number): void {
  const known = company.userByEmail(given.email);
  const time = wholeSeconds(now);
  const email = given.email.trim();
  const { identity } = company;
  const user: User = known ?? {
    id: identity.userId(email, (id) => company.users.has(id)),
    name: given.name,
    email,
    admin: given.admin ?? company.users.size === 0, // who opens an account administers it
    active_flag: given.active ?? true,
    api_token: identity.apiToken(email),
    access_token: identity.accessToken(email),
    created: time,
    modified: time,
    revision: 1,
    ...toAccess(company, given),
  };
  company.remember({ user: { ...user, name: given.name } });
}

function setUpField(
  company: Company,
  object: ObjectName,
  given: { label: string; field_type: string; options?: string[] },
  now: number,
): void {
  const { label: name, field_type: type, options = [] } = given;
  const known = [...company.fields[object].values()].find((field) => field.field_name === name);
  if (!known) {
    addField(company, { object, name, type, options }, now, false);
    return;
  }
  const missing = options.filter((label) => !known.options?.some((option) => option.label === label));
  if (OPTION_TYPES.has(known.field_type) && missing.length > 0) addOptions(company, known, missing, now);
}

/** What keeps a field from being set up as described: it exists with another type. */
export function clashingField(
  company: Company | undefined,
  setup: CompanySetup,
): { field: Field; as: string } | undefined {
  for (const object of OBJECTS) {
    for (const given of setup.fields?.[object] ?? []) {
      const known = [...(company?.fields[object].values() ?? [])].find((field) => field.field_name === given.label);
      if (known && known.field_type !== given.field_type) return { field: known, as: given.field_type };
    }
  }
  return undefined;
}

function setUpPipeline(company: Company, given: { name: string; stages: string[] }, now: number): void {
  const time = wholeSeconds(now);
  const dated = { is_deleted: false, add_time: time, update_time: time };
  let pipeline: Pipeline | undefined = company.openPipelines().find((one) => one.name === given.name);
  if (!pipeline) {
    const id = company.identity.pipelineId(given.name, (drawn) => company.pipelines.has(drawn));
    const order_nr = company.pipelines.size + 1;
    pipeline = { id, name: given.name, order_nr, is_deal_probability_enabled: true, ...dated };
    company.remember({ pipeline });
  }
  for (const name of given.stages) {
    const stages = company.openStages(pipeline.id);
    if (stages.some((stage) => stage.name === name)) continue;
    const id = company.identity.stageId(given.name, name, (drawn) => company.stages.has(drawn));
    const rest = { deal_probability: 100, pipeline_id: pipeline.id, is_deal_rot_enabled: false, days_to_rotten: null };
    company.remember({ stage: { id, order_nr: stages.length + 1, name, ...rest, ...dated } });
  }
}

/** Stages that are archived, or whose pipeline is. */
function archivedStages(company: Company): { pipeline: string; stage: string }[] {
  return [...company.stages.values()].flatMap((stage) => {
    const pipeline = company.pipelines.get(stage.pipeline_id);
    if (!pipeline || !(stage.is_deleted || pipeline.is_deleted)) return [];
    return [{ pipeline: pipeline.name, stage: stage.name }];
  });
}

/** A company as the control API shows it: ids, tokens and keys by name, so that nobody has to guess them. */
export function companyOverview(company: Company): Record<string, unknown> {
  const users = [...company.users.values()];
  const fields: Record<string, Record<string, unknown>> = {};
  for (const object of OBJECTS) {
    fields[object] = {};
    for (const field of company.fields[object].values()) {
      const options = field.options && Object.fromEntries(field.options.map(({ label, id }) => [label, id]));
      const { field_code: key, field_type: type, restricted } = field;
      fields[object][field.field_name] = { key, type, options, ...(restricted && { restricted }) };
    }
  }
  return {
    company_id: company.info.id,
    domain: company.domain,
    name: company.info.name,
    api_token: users[0]?.api_token,
    users: users.map((user) => {
      const { id, name, email, admin, active_flag, api_token, access_token } = user;
      const permission_sets = permissionSetsOf(company, user).map((set) => `${set.app}:${set.name}`);
      return { id, name, email, admin, active_flag, api_token, access_token, permission_sets };
    }),
    fields,
    pipelines: company.openPipelines().map(({ id, name }) => ({
      id,
      name,
      stages: company.openStages(id).map((stage) => ({ id: stage.id, name: stage.name })),
    })),
    archived: archivedStages(company),
    permission_sets: allPermissionSets(company).map(({ id, app, name, type }) => ({ id, app, name, type })),
    roles: allRoles(company).map(({ id, name }) => ({ id, name })),
    denied: company.info.denied ?? {},
    limits: company.info.limits,
    switches: company.info.switches,
  };
}
