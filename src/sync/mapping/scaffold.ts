import type { AccountSnapshot } from "../account.ts";
import { CRM_OBJECTS, type CrmObject } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { documentLines, isCustom } from "./document-lines.ts";
import { fieldByLabel } from "./fill.ts";
import { shown } from "./finding.ts";
import { type Gap, gap, gapsIn } from "./gaps.ts";
import { isActive } from "./live/people.ts";
import { proposeExtras } from "./propose-extras.ts";
import type { LiveSide } from "./resolve.ts";
import { sixFieldStates } from "./six-fields.ts";
import { fold, STATUS_LABELS, toTypeWord } from "./words.ts";

export interface ScaffoldWish extends LiveSide {
  tenant: string;
  revision: number;
  /** Another account's document: what was decided there is carried over, keys are found by label. */
  from?: MappingDocument | undefined;
  /** Test records that the account has, for `verify`. */
  verify: Partial<Record<CrmObject, number>>;
  /** ISO date, UTC. */
  today: string;
}

/** A complete document as far as the account tells, with a gap wherever a person has to decide. */
export interface Scaffold {
  /** JSON text. It cannot come into force while it has gaps, and it is a draft. */
  document: string;
  gaps: Gap[];
  /** Where something sensible stands that a person has to confirm, and why it stands there. */
  assumed: Gap[];
}

export function scaffoldMapping(wish: ScaffoldWish): Scaffold {
  const { decided, assumed } = wish.from ? { decided: carriedOver(wish.from, wish.account), assumed: [] } : fresh(wish);
  const { account, environment } = wish;
  const document = {
    $schema: "./mapping.schema.json",
    format: "partner-mapping/1",
    tenant: wish.tenant,
    revision: wish.revision,
    state: "draft",
    pipedrive: {
      company_domain: account.companyDomain,
      environment: environment === "production" ? "production" : "sandbox",
      service_user_email: account.me.email || gap("the e-mail of the Pipedrive user whose token is used"),
    },
    ...decided,
    verify: verifyOf(wish.verify, wish.tenant),
  };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  return { document: text, gaps: [...gapsIn(document)], assumed: [...assumed, ...assumedRecords(wish.verify)] };
}

function verifyOf(known: ScaffoldWish["verify"], tenant: string) {
  const records = CRM_OBJECTS.map((object) => {
    const how = `the id of a test ${object} (partnersync credentials validate ${tenant} --with-test-records makes one), or remove the line`;
    return [`${object}_id`, known[object] ?? gap(how)];
  });
  return Object.fromEntries(records);
}

function assumedRecords(known: ScaffoldWish["verify"]): Gap[] {
  return CRM_OBJECTS.filter((object) => known[object] !== undefined).map((object) => ({
    at: ["verify", `${object}_id`],
    what: "a record marked as a test record; checks write to it and put back what was there",
  }));
}

/** A document in which nothing is decided yet, for fields that come from elsewhere. */
export function undecidedDocument() {
  const { sync, rules } = settings({});
  return {
    $schema: "./mapping.schema.json",
    format: "partner-mapping/1",
    tenant: gap("the tenant's id"),
    revision: 1,
    state: "draft",
    pipedrive: {
      company_domain: gap("the part of the account's address before .pipedrive.com"),
      environment: gap("production or sandbox"),
      service_user_email: gap("the e-mail of the Pipedrive user whose token is used"),
    },
    sync,
    objects: {},
    stages: stagesOf({ pipelines: [], stages: [] }),
    rules,
  };
}

function fresh({ account, tenant, today }: ScaffoldWish) {
  const currency = account.me.default_currency ?? undefined;
  const { sync, rules } = settings({ startAt: `${today}T00:00:00Z`, currency });
  const objects = CRM_OBJECTS.map((object) => {
    return [object, { fields: sixOf(object, account, tenant), extra: proposeExtras(object, account) }];
  });
  const start = "from today on; what carries a status before that enters at the go-live, unless --no-enrol is said";
  const assumed: Gap[] = [{ at: ["sync", "start_at"], what: start }];
  if (currency) {
    const what = "what Pipedrive proposes to the service user; of amounts that name no currency";
    assumed.push({ at: ["rules", "default_currency"], what });
  }
  return { decided: { sync, objects: Object.fromEntries(objects), stages: stagesOf(account), rules }, assumed };
}

function settings({ startAt, currency }: { startAt?: string; currency?: string | undefined }) {
  return {
    sync: {
      start_at:
        startAt ?? gap("since when an organization must have changed to enter the program, e.g. 2025-01-31T00:00:00Z"),
      poll_minutes: 5,
      id_format: "prefixed",
      paused: false,
    },
    rules: {
      create_on: "approved",
      match_customer: "link_exact",
      match_name: "with_country",
      partners_create_in_crm: false,
      on_rejected: "note",
      on_expired: "none",
      owner: {
        from: "partner.manager_email",
        fallback_email: gap("the e-mail of the Pipedrive user who owns what has no manager"),
      },
      default_currency: currency ?? gap("the account's currency, e.g. EUR"),
      program_owns_outcome: false,
    },
  };
}

function sixOf(object: CrmObject, account: AccountSnapshot, tenant: string) {
  const states = sixFieldStates(account.fields).filter((state) => state.object === object);
  return Object.fromEntries(
    states.map(({ name, label, type, key, state, notes }) => {
      const field = account.fields[object].find(({ field_code }) => field_code === key);
      const why =
        state === "blocked" ? notes.join(" ") : `make the field first: partnersync fields provision ${tenant}`;
      const entry = {
        key: field?.field_code ?? gap(why),
        label: field?.field_name ?? label,
        type: field ? toTypeWord(field.field_type) : type,
      };
      if (name !== "allbound_status") return [name, entry];
      const options = Object.entries(STATUS_LABELS).map(([value, usual]) => {
        const found = field?.options?.find((option) => fold(option.label) === fold(usual));
        return [value, found?.label ?? usual];
      });
      return [name, { ...entry, options: Object.fromEntries(options), direction: "crm_to_program" }];
    }),
  );
}

const PARTNER_LIKE = /partner|channel|allbound|reseller/i;

function stagesOf(account: Pick<AccountSnapshot, "pipelines" | "stages">) {
  const open = account.pipelines.filter(({ is_deleted }) => !is_deleted);
  const named = open.filter(({ name }) => PARTNER_LIKE.test(name));
  const [pipeline] = open.length === 1 ? open : named.length === 1 ? named : [];
  if (!pipeline) {
    const names = open.map(({ name }) => shown(name)).join(", ");
    const choice = names === "" ? "" : `: ${names}`;
    const ref = (what: string) => ({
      pipeline: gap(`the pipeline ${what}${choice}`),
      stage: gap(`the stage ${what}`),
    });
    const line = { program: gap("a stage of the program"), ...ref("that stands for it") };
    return { entry: ref("that a new Deal enters"), map: [line], unmapped: "ignore" };
  }
  const stages = account.stages.filter((stage) => stage.pipeline_id === pipeline.id && !stage.is_deleted);
  const names = stages.map(({ name }) => shown(name)).join(", ");
  const map = stages.map(({ name }) => {
    const program = gap(`the program's stage for "${shown(name)}", or remove the line`);
    return { program, pipeline: pipeline.name, stage: name };
  });
  const stage = gap(`the stage that a new Deal enters: ${names}`);
  return { entry: { pipeline: pipeline.name, stage }, map, unmapped: "ignore" };
}

/** Everything that was decided for another account, as far as it means something in this one. */
function carriedOver(from: MappingDocument, account: AccountSnapshot) {
  const copy = structuredClone(from);
  for (const line of documentLines(copy).filter(isCustom)) {
    const field = fieldByLabel(line, account);
    const entry = line.at.reduce<unknown>((here, part) => (here as Record<string, unknown>)[part], copy);
    const found = "code" in field ? { key: gap(field.message) } : { key: field.field_code, label: field.field_name };
    Object.assign(entry as object, found);
  }
  const { sync, objects, stages, rules, intake } = copy;
  const refs = [stages.entry, ...(stages.on_approved ? [stages.on_approved] : []), ...stages.map];
  for (const ref of refs) Object.assign(ref, stageHere(ref, account));
  const { fallback_email: owner } = rules.owner;
  const isHere = account.users.some((user) => isActive(user) && fold(user.email) === fold(owner));
  if (!isHere)
    rules.owner.fallback_email = gap(`who owns what has no manager: ${owner} is no active user of this account`);
  return { sync, objects, stages, rules, ...(intake && { intake }) };
}

/** Names of this account's pipelines and stages, or gaps where it has none of that name. */
function stageHere(ref: { pipeline: string; stage: string }, account: AccountSnapshot) {
  const named = account.pipelines.filter((one) => !one.is_deleted && fold(one.name) === fold(ref.pipeline));
  const [pipeline] = named;
  if (!pipeline) {
    const missing = `the account has no pipeline "${shown(ref.pipeline)}"`;
    return { pipeline: gap(`${missing}: another one`), stage: gap(`the stage for "${shown(ref.stage)}" there`) };
  }
  const stages = account.stages.filter((one) => !one.is_deleted && named.some(({ id }) => id === one.pipeline_id));
  const stage = stages.find((one) => fold(one.name) === fold(ref.stage));
  if (stage) return { pipeline: pipeline.name, stage: stage.name };
  const names = stages.map(({ name }) => shown(name)).join(", ");
  return { pipeline: pipeline.name, stage: gap(`no stage "${shown(ref.stage)}" here: ${names}`) };
}
