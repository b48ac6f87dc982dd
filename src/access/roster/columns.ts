/** The columns of a roster, by their own names. */
export const COLUMNS = [
  "employee_id",
  "full_name",
  "work_email",
  "other_emails",
  "employment_type",
  "status",
  "start_date",
  "last_working_day",
  "staff_role",
  "department",
  "manager_email",
  "in_scope",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Without these nothing can be said about anybody. */
export const REQUIRED_COLUMNS: readonly Column[] = ["employee_id", "full_name", "work_email", "status"];

/** How HR systems call them, in the form of `normalHeader`. */
const ALIASES: Record<Column, string> = {
  employee_id: "employee_number,employee_no,employee_code,staff_id,worker_id,personnel_number,person_id,id",
  full_name: "name,employee_name,employee,display_name,legal_name,preferred_name",
  work_email: "primary_email,email,email_address,work_email_address,company_email,business_email,corporate_email",
  other_emails:
    "other_email,secondary_email,secondary_emails,additional_emails,alias_emails,email_aliases,former_emails",
  employment_type: "employee_type,worker_type,contract_type,type",
  status: "employment_status,employee_status,worker_status,staff_status",
  start_date: "hire_date,date_of_joining,joining_date,join_date,employment_start_date,date_hired",
  last_working_day: "last_working_date,last_day,last_day_of_work,termination_date,end_date,exit_date,leaving_date",
  staff_role: "job_title,title,role,position,job_role,org_role",
  department: "team,division,business_unit,org_unit",
  manager_email: "manager,manager_s_email,supervisor_email,reports_to_email,line_manager_email",
  in_scope: "scope,audit_scope,in_audit_scope",
};

const COLUMN_OF = new Map<string, Column>(
  COLUMNS.flatMap((column) => [column, ...ALIASES[column].split(",")].map((name) => [name, column] as const)),
);

/** `Primary Email`, `primary-email ` and `PRIMARY_EMAIL` are one. */
export function normalHeader(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/** The column a header means; undefined for one that is not ours: such columns are left alone. */
export function columnOf(header: string): Column | undefined {
  return COLUMN_OF.get(normalHeader(header));
}

export type EmploymentType = "employee" | "contractor" | "intern" | "service";
export type StaffStatus = "active" | "leave" | "offboarded";

/** The words of cells, by the form of `normalHeader`. */
const EMPLOYMENT_TYPES = words<EmploymentType>({
  employee:
    "full_time,fulltime,part_time,parttime,permanent,regular,fixed_term,full_time_employee,part_time_employee,fte",
  contractor: "contract,freelancer,freelance,consultant,contingent,external,agency,temporary,temp",
  intern: "internship,trainee,apprentice,working_student",
  service: "service_account,system,bot,non_human",
});

const STATUSES = words<StaffStatus>({
  active: "employed,current,working,onboarded,onboarding,notice_period,offboarding",
  leave: "on_leave,leave_of_absence,parental_leave,sabbatical,absent",
  offboarded: "terminated,inactive,former,left,resigned,exited,separated,deactivated",
});

const YES_OR_NO = words({ yes: "y,true,1", no: "n,false,0" });

/** What a cell says about one of the columns with words; undefined for a word that is not known. */
export function wordOf(column: "employment_type", cell: string): EmploymentType | undefined;
export function wordOf(column: "status", cell: string): StaffStatus | undefined;
export function wordOf(column: "in_scope", cell: string): "yes" | "no" | undefined;
export function wordOf(column: "employment_type" | "status" | "in_scope", cell: string): string | undefined {
  return { employment_type: EMPLOYMENT_TYPES, status: STATUSES, in_scope: YES_OR_NO }[column].get(normalHeader(cell));
}

function words<T extends string>(lists: Record<T, string>): Map<string, T> {
  const entries = Object.entries<string>(lists).flatMap(([word, others]) =>
    [word, ...others.split(",")].map((one) => [one, word as T] as const),
  );
  return new Map(entries);
}
