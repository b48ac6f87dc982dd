import { inForce, type Review, undecided } from "../review/review.ts";
import type { CheckResult, Run } from "../run.ts";

/** `report.html`: the run and its review for people, one file without anything from elsewhere, made to be printed. */
export function toReportHtml(run: Run, review: Review | null): string {
  const title = `Access review of ${run.company.name} (Pipedrive)`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${reportBody(run, review)}
</body>
</html>
`;
}

/** What a report says, without the page around it. */
export function reportBody(run: Run, review: Review | null): string {
  return `${basics(run)}
${checks(run.checks)}
${gaps(run)}
${findings(run)}
${review ? decisions(review) : "<h2>Review</h2>\n<p>No review was held on this run.</p>"}
${accounts(run)}`;
}

/** How a report looks, on a screen and on paper. */
export const REPORT_STYLE = `
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1b1f24}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #c9d1d9;padding:.3rem .5rem;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;min-width:8ch}
th{background:#f0f3f6}dt{font-weight:600}dd{margin:0 0 .4rem}code{font-size:.85em;overflow-wrap:anywhere}
.pass{color:#116329}.fail,.critical{color:#a40e26;font-weight:600}.not_assessed{color:#7a4a00;font-weight:600}
@media print{@page{margin:14mm}body{margin:0;max-width:none;font-size:9pt}thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}}
`;

const OUTCOMES = { pass: "Pass", fail: "Fail", not_assessed: "Not assessed" } as const;

function basics(run: Run): string {
  const entries: [string, string][] = [
    ["Run", run.runId],
    ["Assessed at", `${run.at} (UTC); working days end in ${run.timeZone}`],
    ["Snapshot", `taken at ${run.snapshot.takenAt}, SHA-256 ${run.snapshot.sha256}`],
    [
      "Roster",
      run.roster ? `${run.roster.rows} people as of ${run.roster.asOf}, SHA-256 ${run.roster.sha256}` : "none",
    ],
    ["Policy", run.policy ? `SHA-256 ${run.policy.sha256}` : "none"],
    ["Accounts", `${run.accounts.length}, active ${run.accounts.filter(({ active }) => active).length}`],
    ["Tool", `partnersync ${run.toolVersion}`],
  ];
  return `<dl>${entries.map(([term, what]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(what)}</dd>`).join("\n")}</dl>`;
}

function checks(results: readonly CheckResult[]): string {
  const rows = results.map((one) => [
    escapeHtml(one.title),
    `<span class="${one.outcome}">${OUTCOMES[one.outcome]}</span>`,
    ...[one.passed, one.failed, one.excepted, one.notAssessed].map(String),
    one.reasons.map(({ reason, count }) => escapeHtml(`${reason} (${count})`)).join("<br>"),
  ]);
  const header = ["Check", "Outcome", "Passed", "Failed", "Excepted", "Not assessed", "Not assessed because"];
  return `<h2>Checks</h2>\n${table(header, rows)}`;
}

function gaps({ snapshot }: Run): string {
  if (snapshot.notAssessed.length === 0) return "";
  const items = snapshot.notAssessed.map(({ part, message }) => `<li>${escapeHtml(`${part}: ${message}`)}</li>`);
  return `<h2>What could not be read</h2>\n<ul>${items.join("\n")}</ul>`;
}

function findings(run: Run): string {
  if (run.findings.length === 0) return "<h2>Findings</h2>\n<p>None.</p>";
  const rows = run.findings.map((one) => [
    `<span class="${one.severity}">${one.severity}</span>${one.overdue ? "<br>overdue" : ""}`,
    escapeHtml(one.code),
    escapeHtml(one.account ?? "the system"),
    escapeHtml(
      one.exception ? `${one.detail}. Excepted until ${one.exception.until}: ${one.exception.reason}` : one.detail,
    ),
    escapeHtml(one.advice),
    escapeHtml(one.dueAt ?? ""),
    escapeHtml(one.owner ?? ""),
    one.controls.map(escapeHtml).join("<br>"),
  ]);
  const header = ["Severity", "Code", "Account", "What", "What to do", "Due", "Owner", "Controls"];
  return `<h2>Findings</h2>\n${table(header, rows)}`;
}

function decisions(review: Review): string {
  const followUps = new Map(review.followUps.map((one) => [one.userId, one]));
  const valid = inForce(review);
  const rows = review.items.map((item) => {
    const decision = valid.get(item.userId);
    const followUp = followUps.get(item.userId);
    const seen = followUp?.closed ? `${followUp.closed.seen}, seen ${followUp.closed.at}` : "not seen yet";
    return [
      escapeHtml(item.email || item.name),
      escapeHtml(decision?.choice ?? "undecided"),
      escapeHtml(decision ? `${decision.reviewer.name} <${decision.reviewer.email}>` : ""),
      escapeHtml(decision?.at ?? ""),
      escapeHtml(decision?.comment ?? ""),
      escapeHtml(followUp ? seen : ""),
    ];
  });
  const end = review.completed
    ? `completed by ${review.completed.by.name} at ${review.completed.at}`
    : `open, ${undecided(review).length} accounts undecided`;
  const intro = `Review ${review.reviewId}, started by ${review.started.by.name} at ${review.started.at}; ${end}.`;
  const header = ["Account", "Decision", "Reviewer", "At", "Comment", "Carried out"];
  return `<h2>Review</h2>\n<p>${escapeHtml(intro)}</p>\n${table(header, rows)}`;
}

function accounts(run: Run): string {
  const rows = run.accounts.map((row) => [
    String(row.userId),
    escapeHtml(row.name),
    escapeHtml(row.email),
    escapeHtml(row.staff ? `${row.staff.fullName} (${row.staff.employeeId}, ${row.staff.status})` : (row.class ?? "")),
    escapeHtml(row.matchKind),
    row.access.map(escapeHtml).join("<br>"),
    escapeHtml(row.lastLoginAt ?? "never"),
    `<span class="${row.verdict}">${escapeHtml(row.verdict.replaceAll("_", " "))}</span>`,
  ]);
  const header = ["Id", "Name", "E-mail", "Person", "Matched by", "Access", "Last sign-in", "Verdict"];
  return `<h2>Accounts</h2>\n${table(header, rows)}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
