import { zipSync } from "fflate";
import { InputError } from "../../errors.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import type { Review } from "../review/review.ts";
import type { Run } from "../run.ts";
import type { Snapshot } from "../snapshot.ts";
import { toReportHtml } from "./report-html.ts";
import { toSummary } from "./summary.ts";
import { accountsCsv, decisionsCsv, findingsCsv, vantaCsv } from "./tables.ts";

/** A run with all it was made of, as stored. */
export interface StoredRun {
  run: Run;
  snapshot: Snapshot;
  /** The bytes as given; null when the run had none. */
  roster: Uint8Array | null;
  /** The text as given; null when the run had none. */
  policy: string | null;
  /** As it stands; null when none was held. */
  review: Review | null;
}

export interface EvidencePack {
  /** A name for the folder, e.g. `access-review-2026-03`. */
  folder: string;
  /** In the order of their names, the manifest among them. */
  files: { name: string; bytes: Uint8Array }[];
}

export const MANIFEST = "manifest.sha256";

/**
 * The evidence of a run: what it was made of byte for byte as given, what was concluded as tables, and a manifest that
 * `sha256sum -c` checks. Nothing in it is of today: the same stored run gives the same bytes.
 *
 * @throws InputError EVIDENCE_MISMATCH when a stored input is not the one the run was made of
 */
export function evidencePack(stored: StoredRun): EvidencePack {
  const { run, snapshot, roster, policy, review } = stored;
  checkInputs(stored);
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const files = [
    { name: "snapshot_users.json", bytes: utf8(snapshot.text) },
    ...(roster ? [{ name: "roster.csv", bytes: roster }] : []),
    ...(policy === null ? [] : [{ name: "policy.json", bytes: utf8(policy) }]),
    { name: "accounts.csv", bytes: accountsCsv(run) },
    { name: "findings.csv", bytes: findingsCsv(run) },
    { name: "decisions.csv", bytes: decisionsCsv(review) },
    { name: "vanta_access_file.csv", bytes: vantaCsv(run) },
    { name: "summary.json", bytes: utf8(toReadableJson(toSummary(run, review))) },
    { name: "report.html", bytes: utf8(toReportHtml(run, review)) },
  ];
  const lines = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).sort(byName);
  files.push({ name: MANIFEST, bytes: utf8(lines.join("")) });
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { folder: `access-review-${run.runId}`, files };
}

/** A zip of the pack that is the same wherever and whenever it is made: its entries bear no time of their own. */
export function toZip(pack: EvidencePack): Uint8Array {
  const entries = pack.files.map(({ name, bytes }) => [`${pack.folder}/${name}`, bytes] as const);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1, 12), os: 3, attrs: 0o644 << 16 });
}

/** Members in the order of their names: a store may have put those of the run into another one. */
function toReadableJson(value: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`;
}

function checkInputs({ run, snapshot, roster, policy, review }: StoredRun): void {
  const same = {
    snapshot: sha256(snapshot.text) === run.snapshot.sha256,
    roster: (roster ? sha256(roster) : undefined) === run.roster?.sha256,
    policy: (policy === null ? undefined : sha256(policy)) === run.policy?.sha256,
    review: review === null || (review.runId === run.runId && review.snapshot.sha256 === run.snapshot.sha256),
  };
  const wrong = Object.entries(same).find(([, fits]) => !fits)?.[0];
  if (wrong === undefined) return;
  const hint = "restore what was stored with this run from a backup; evidence is never made of other input";
  throw new InputError("EVIDENCE_MISMATCH", `the stored ${wrong} is not the one of run ${run.runId}`, wrong, hint);
}

/** By file name, which begins behind the digest. */
function byName(a: string, b: string): number {
  return a.slice(66) < b.slice(66) ? -1 : 1;
}
