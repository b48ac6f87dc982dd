import { inForce, type Review } from "../review/review.ts";
import type { AccountRow, Run } from "../run.ts";
import { type Cell, toCsv } from "./csv-text.ts";

const LIST = "; ";

/** `accounts.csv`: one row per account of the snapshot. */
export function accountsCsv({ accounts }: Run): Uint8Array {
  const header =
    "user_id,name,email,staff_id,match_kind,staff_status,access,admin,last_login,created,verdict,codes,active,role,not_assessed,confirmed_by,confirmed_at";
  return toCsv(header.split(","), accounts.map(toAccountCells));
}

function toAccountCells(row: AccountRow): Cell[] {
  return [
    row.userId,
    row.name,
    row.email,
    row.staff?.employeeId ?? null,
    row.matchKind,
    row.staff?.status ?? row.class,
    row.access.join(LIST),
    row.admin,
    row.lastLoginAt,
    row.createdAt,
    row.verdict,
    row.codes.join(LIST),
    row.active,
    row.role,
    [...(row.accessGap === null ? [] : [`access: ${row.accessGap}`]), ...row.notAssessed].join(LIST),
    row.confirmation?.by ?? null,
    row.confirmation?.at ?? null,
  ];
}

/** `findings.csv`: in the order of severity. */
export function findingsCsv({ findings }: Run): Uint8Array {
  const header =
    "code,severity,control_ids,account,detail,first_seen,due_at,state,owner,user_id,check,overdue,exception";
  const rows = findings.map((one): Cell[] => [
    one.code,
    one.severity,
    one.controls.join(LIST),
    one.account,
    one.detail,
    one.firstSeenAt,
    one.dueAt,
    one.state,
    one.owner,
    one.userId,
    one.check,
    one.overdue,
    one.exception && `${one.exception.reason} (approved by ${one.exception.approvedBy}, until ${one.exception.until})`,
  ]);
  return toCsv(header.split(","), rows);
}

/** `decisions.csv`: every decision as it was made, and what became of it. Only the header without a review. */
export function decisionsCsv(review: Review | null): Uint8Array {
  const header =
    "account,decision,reviewer,at,comment,user_id,in_force,follow_up,follow_up_at,follow_up_snapshot".split(",");
  if (review === null) return toCsv(header, []);
  const names = new Map(review.items.map((item) => [item.userId, item.email || item.name]));
  const valid = inForce(review);
  const followUps = new Map(review.followUps.map((one) => [one.userId, one]));
  const rows = review.decisions.map((one): Cell[] => {
    const counts = valid.get(one.userId) === one;
    const followUp = counts ? followUps.get(one.userId) : undefined;
    return [
      names.get(one.userId) ?? null,
      one.choice,
      one.reviewer.email,
      one.at,
      one.comment,
      one.userId,
      counts,
      followUp ? (followUp.closed?.seen ?? "open") : null,
      followUp?.closed?.at ?? null,
      followUp?.closed?.snapshotSha256 ?? null,
    ];
  });
  return toCsv(header, rows);
}

/** `vanta_access_file.csv`: the columns that Vanta takes for a system it is not connected to. */
export function vantaCsv({ accounts }: Run): Uint8Array {
  const rows = accounts.map((row): Cell[] => [
    row.email || row.name.trim(),
    vantaOwner(row),
    row.access.map((one) => one.replaceAll(",", " ").trim()).join(","),
    row.active ? "Active" : "Deactivated",
  ]);
  return toCsv(["Account name", "Account owner", "Role", "Status"], rows);
}

function vantaOwner({ staff, class: kind }: AccountRow): string {
  if (staff?.emails[0] !== undefined) return staff.emails[0];
  if (kind === "service" || kind === "not_a_person") return "Not a person";
  return kind === "external" ? "External user" : "No owner";
}
