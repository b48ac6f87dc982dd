import type { ObjectName } from "./model.ts";

/** `[code, name as people see it, type]` of the fields every account has. */
type Builtin = readonly [code: string, name: string, type: string];

const COMMON: Builtin[] = [
  ["id", "ID", "int"],
  ["owner_id", "Owner", "user"],
  ["add_time", "Created", "date"],
  ["update_time", "Updated", "date"],
  ["visible_to", "Visible to", "visible_to"],
  ["label_ids", "Labels", "set"],
];

export const BUILTIN_FIELDS: Record<ObjectName, readonly Builtin[]> = {
  person: [
    ["name", "Name", "varchar"],
    ["first_name", "First name", "varchar"],
    ["last_name", "Last name", "varchar"],
    ["org_id", "Organization", "org"],
    ["emails", "Email", "varchar"],
    ["phones", "Phone", "phone"],
    ["job_title", "Job title", "varchar"],
    ["birthday", "Birthday", "date"],
    ["notes", "Notes", "text"],
    ["im", "Instant messenger", "varchar"],
    ["postal_address", "Postal address", "address"],
    ...COMMON,
  ],
  organization: [
    ["name", "Name", "varchar"],
    ["address", "Address", "address"],
    ["website", "Website", "varchar"],
    ["linkedin", "LinkedIn profile", "varchar"],
    ["industry", "Industry", "enum"],
    ["annual_revenue", "Annual revenue", "double"],
    ["employee_count", "Number of employees", "double"],
    ...COMMON,
  ],
  deal: [
    ["title", "Title", "varchar"],
    ["value", "Value", "monetary"],
    ["currency", "Currency", "varchar"],
    ["creator_user_id", "Creator", "user"],
    ["person_id", "Contact person", "people"],
    ["org_id", "Organization", "org"],
    ["pipeline_id", "Pipeline", "double"],
    ["stage_id", "Stage", "stage"],
    ["status", "Status", "status"],
    ["probability", "Probability", "int"],
    ["lost_reason", "Lost reason", "varchar_options"],
    ["expected_close_date", "Expected close date", "date"],
    ["stage_change_time", "Last stage change", "date"],
    ["won_time", "Won time", "date"],
    ["lost_time", "Lost time", "date"],
    ["close_time", "Deal closed on", "date"],
    ...COMMON,
  ],
};
