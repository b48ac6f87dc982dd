import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { REPORT_STYLE, reportBody } from "../access/evidence/report-html.ts";
import { accessRun } from "../operations/access/assess-access.ts";
import type { RunHead } from "../store/access-runs.ts";
import type { Actor } from "../store/actor.ts";
import type { HttpDeps } from "./deps.ts";
import { escaped, page } from "./page.ts";

const MOST_RUNS = 20;
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

const STYLE = `${REPORT_STYLE}
nav{margin-bottom:1rem}nav a{margin-right:1rem}
@media print{nav,.runs{display:none}}
`;

interface OfTenant {
  Params: { tenant: string };
  Querystring: { run?: unknown };
}

/** `GET /access` and `/access/:tenant`: access reviews for people, without scripts, made to be printed. */
export function accessPages(server: FastifyInstance, deps: HttpDeps): void {
  const visible = { config: { access: { role: "viewer", reach: "visible" } as const } };
  server.get("/access", visible, async ({ actor }, reply) => {
    const tenants = await deps.tenants.list({ only: (actor as Actor).tenants });
    const rows = await Promise.all(
      tenants.map(async ({ id, name }) => tenantRow(id, name, (await deps.access.runs.list(id, 1))[0])),
    );
    return send(reply, page("Access reviews", tenantTable(rows), STYLE));
  });

  const ofTenant = { config: { access: { role: "viewer", reach: "tenant" } as const } };
  server.get<OfTenant>("/access/:tenant", ofTenant, async (request, reply) => {
    const { tenant } = request.params;
    const asked = typeof request.query.run === "string" ? request.query.run : "latest";
    const { name } = await deps.tenants.known(tenant);
    const runs = await deps.access.runs.list(tenant, MOST_RUNS);
    if (runs.length === 0) return send(reply, page(`Access review: ${name}`, notYet(tenant), STYLE));
    const { run } = await accessRun(deps, tenant, asked);
    const review = (await deps.access.reviews.ofRun(tenant, run.runId))?.review ?? null;
    await note(deps, request, tenant, run.runId);
    const body = `${links(tenant, run.runId)}\n${reportBody(run, review)}\n${otherRuns(tenant, runs)}`;
    return send(reply, page(`Access review: ${name}`, body, STYLE));
  });
}

/** It shows people's names and addresses: who looked at them is on record. */
function note({ audit }: HttpDeps, request: FastifyRequest, tenantId: string, runId: string): Promise<void> {
  const { ip: address, id: correlationId } = request;
  const actor = request.actor as Actor;
  const target = `access run ${runId}`;
  return audit.note({ actor, address, correlationId, action: "access.run.read", tenantId, target }, { phase: "done" });
}

function send(reply: FastifyReply, html: string): FastifyReply {
  return reply.header("cache-control", "no-store").type("text/html; charset=utf-8").send(html);
}

function tenantRow(id: string, name: string, last: RunHead | undefined): string {
  const state = last ? `${TIME.format(last.at)} UTC: ${countOf(last)}` : "not assessed yet";
  return `<tr><td><a href="/access/${encodeURIComponent(id)}">${escaped(name)}</a></td><td>${escaped(state)}</td></tr>`;
}

function tenantTable(rows: string[]): string {
  if (rows.length === 0) return "<p>There is no customer yet.</p>";
  const head = '<thead><tr><th scope="col">Customer</th><th scope="col">Last assessed</th></tr></thead>';
  return `<nav><a href="/">partnersync</a></nav>\n<table>${head}\n<tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function links(tenant: string, runId: string): string {
  const zip = `/api/tenants/${encodeURIComponent(tenant)}/access/runs/${encodeURIComponent(runId)}/evidence.zip`;
  return `<nav><a href="/access">All customers</a><a href="${zip}">Evidence of this run (zip)</a></nav>`;
}

function otherRuns(tenant: string, runs: RunHead[]): string {
  const items = runs.map((one) => {
    const to = `/access/${encodeURIComponent(tenant)}?run=${encodeURIComponent(one.id)}`;
    return `<li><a href="${to}">${escaped(one.id)}</a>, ${TIME.format(one.at)} UTC: ${countOf(one)}</li>`;
  });
  return `<section class="runs"><h2>Runs</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}

function countOf({ summary }: RunHead): string {
  const failed = summary.checks.filter(({ outcome }) => outcome === "fail").length;
  const unknown = summary.checks.filter(({ outcome }) => outcome === "not_assessed").length;
  return `${summary.openFindings} open findings, ${failed} checks failed, ${unknown} not assessed`;
}

function notYet(tenant: string): string {
  const option = `--tenant ${escaped(tenant)}`;
  return `<p>Nothing was assessed yet. To begin:</p>
<pre>partnersync access snapshot ${option}
partnersync access assess ${option}</pre>`;
}
