import type { CrmObject, FieldType } from "../model.ts";

/** A standard field of Pipedrive, addressed by name instead of a key. */
export interface SystemField {
  /** As Pipedrive's pages call it, until the account's own name is known. */
  label: string;
  /** What it holds in our words; null where no program value belongs, such as the customer a Deal is linked to. */
  type: FieldType | null;
  /** Pipedrive sets it itself. */
  readonly?: true;
  /** Pipedrive takes it only in a Deal that is, or becomes, won or lost. */
  withOutcome?: true;
}

const own = (label: string): SystemField => ({ label, type: null, readonly: true });

const COMMON: Record<string, SystemField> = {
  id: own("ID"),
  add_time: own("Added on"),
  update_time: own("Updated on"),
  activities_count: own("Activities"),
  done_activities_count: own("Done activities"),
  undone_activities_count: own("Open activities"),
  email_messages_count: own("E-mail messages"),
  files_count: own("Files"),
  notes_count: own("Notes"),
  followers_count: own("Followers"),
  owner_id: { label: "Owner", type: "staff" },
  label_ids: { label: "Labels", type: null },
  visible_to: { label: "Visible to", type: null },
};

/** Standard fields by object, as REST v2 names them. Those left out cannot carry a program value either. */
export const SYSTEM_FIELDS: Record<CrmObject, Record<string, SystemField>> = {
  organization: {
    ...COMMON,
    name: { label: "Name", type: "text" },
    website: { label: "Website", type: "text" },
    linkedin: { label: "LinkedIn profile", type: "text" },
    address: { label: "Address", type: null },
    people_count: own("People"),
    open_deals_count: own("Open deals"),
    won_deals_count: own("Won deals"),
    lost_deals_count: own("Lost deals"),
    closed_deals_count: own("Closed deals"),
  },
  person: {
    ...COMMON,
    name: { label: "Name", type: null }, // the program has it in two parts
    first_name: { label: "First name", type: "text" },
    last_name: { label: "Last name", type: "text" },
    emails: { label: "Email", type: "email" },
    phones: { label: "Phone", type: "phone" },
    job_title: { label: "Job title", type: "text" },
    org_id: { label: "Organization", type: null },
    birthday: { label: "Birthday", type: "date" },
    open_deals_count: own("Open deals"),
    won_deals_count: own("Won deals"),
    lost_deals_count: own("Lost deals"),
    closed_deals_count: own("Closed deals"),
  },
  deal: {
    ...COMMON,
    title: { label: "Title", type: "text" },
    value: { label: "Value", type: "money" },
    currency: { label: "Currency", type: null },
    expected_close_date: { label: "Expected close date", type: "date" },
    stage_id: { label: "Stage", type: "stage" },
    pipeline_id: { label: "Pipeline", type: null },
    status: { label: "Status", type: "outcome" },
    lost_reason: { label: "Lost reason", type: "text", withOutcome: true },
    won_time: { label: "Won time", type: "instant", withOutcome: true },
    lost_time: { label: "Lost time", type: "instant", withOutcome: true },
    close_time: { label: "Deal closed on", type: "instant", withOutcome: true },
    probability: { label: "Probability", type: null },
    org_id: { label: "Organization", type: null },
    person_id: { label: "Contact person", type: null },
    stage_change_time: own("Last stage change"),
    creator_user_id: own("Creator"),
    origin: own("Source origin"),
    origin_id: own("Source origin ID"),
    arr: own("Annual recurring revenue"),
    mrr: own("Monthly recurring revenue"),
    acv: own("Annual contract value"),
    products_count: own("Products"),
    participants_count: own("Participants"),
  },
};

/** The standard field of an object, or undefined for a name that is not on the list. */
export function systemField(object: CrmObject, name: string | undefined): SystemField | undefined {
  return name !== undefined && Object.hasOwn(SYSTEM_FIELDS[object], name) ? SYSTEM_FIELDS[object][name] : undefined;
}
