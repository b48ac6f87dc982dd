import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { unzipSync } from "fflate";
import { answerOf, fileOf } from "../client/client.ts";
import { InputError } from "../errors.ts";
import { table, time } from "../table.ts";
import { TENANT } from "./access-inputs.ts";
import type { Cli } from "./cli.ts";

interface OfTenant {
  tenant: string;
}

/** `access assess|show|findings|evidence`: what came of it. */
export function accessResults(group: Command, cli: Cli): void {
  assess(group, cli);
  show(group, cli);
  findings(group, cli);
  evidence(group, cli);
}

const OUTCOMES = { pass: "pass", fail: "FAIL", not_assessed: "not assessed" } as const;

interface CheckLine {
  title: string;
  outcome: keyof typeof OUTCOMES;
}

const checkRows = (checks: CheckLine[]) => checks.map(({ title, outcome }) => [OUTCOMES[outcome], title]);

function assess(group: Command, cli: Cli): void {
  group
    .command("assess")
    .description("assess the newest snapshot by the roster, policy and map in force")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant } } };
        const run = await answerOf(api.POST("/api/tenants/{tenant}/access/runs", call));
        const { activeAccounts, openFindings, overdue, checks } = run.summary;
        const head = `${tenant}: run ${run.id}, ${activeAccounts} active accounts, ${openFindings} open findings (${run.opened} new, ${overdue} overdue), ${run.closed} mended`;
        return { data: run, text: `${head}\n${table(["", "check"], checkRows(checks))}` };
      }),
    );
}

function show(group: Command, cli: Cli): void {
  group
    .command("show")
    .description("one assessment: checks and accounts")
    .argument("[run]", "default: the latest", "latest")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, run: string, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant, run } } };
        const found = await answerOf(api.GET("/api/tenants/{tenant}/access/runs/{run}", call));
        const rows = found.accounts.map((one) => [
          one.userId,
          one.email || one.name,
          one.staff ? `${one.staff.fullName} (${one.staff.employeeId})` : one.class,
          one.matchKind.replaceAll("_", " "),
          one.access.join(", "),
          one.verdict.replaceAll("_", " "),
          one.codes.join(", "),
        ]);
        const head = `${tenant}: run ${found.id} of ${time(found.at)}, review: ${found.reviewId ?? "none"}`;
        const accounts = table(["account", "address", "person", "matched by", "access", "verdict", "findings"], rows);
        return { data: found, text: `${head}\n${table(["", "check"], checkRows(found.checks))}\n\n${accounts}` };
      }),
    );
}

function findings(group: Command, cli: Cli): void {
  group
    .command("findings")
    .description("what was found and is not mended, with due times")
    .requiredOption(...TENANT)
    .option("--all", "mended ones too")
    .action(
      cli.withApi(async (api, { tenant, all = false }: OfTenant & { all?: boolean }) => {
        const query = { closed: String(all) as "true" | "false" };
        const call = { params: { path: { tenant }, query } };
        const { items } = await answerOf(api.GET("/api/tenants/{tenant}/access/findings", call));
        const rows = items.map((one) => [
          one.state === "open" ? one.severity : one.state,
          one.code,
          one.account ?? "the system",
          one.detail,
          one.dueAt ? `${time(one.dueAt)}${one.overdue ? ", overdue" : ""}` : "",
          one.advice,
        ]);
        const text = table(["", "code", "account", "what", "due", "what to do"], rows);
        return { data: items, text: items.length > 0 ? text : `${tenant}: nothing is open` };
      }),
    );
}

function evidence(group: Command, cli: Cli): void {
  group
    .command("evidence")
    .description("hand out the evidence of a run and its review; to check it: sha256sum -c manifest.sha256")
    .argument("[run]", "default: the latest", "latest")
    .requiredOption(...TENANT)
    .option("--folder <folder>", "where a folder of the run's name is made")
    .option("--zip <file>", "or the zip to write")
    .action(
      cli.withApi(async (api, run: string, wish: OfTenant & { folder?: string; zip?: string }) => {
        const { tenant, folder, zip } = wish;
        if ((folder === undefined) === (zip === undefined)) throw nowhere();
        const call = { params: { path: { tenant, run } }, parseAs: "arrayBuffer" } as const;
        const bytes = await fileOf(
          api.GET("/api/tenants/{tenant}/access/runs/{run}/evidence.zip", call),
          "application/zip",
        );
        const written = zip === undefined ? await unpack(bytes, folder ?? ".") : [await write(zip, bytes)];
        const where = zip ?? dirname(written[0] ?? "");
        return { data: { run, where, files: written }, text: `${tenant}: evidence is in ${where}` };
      }),
    );
}

async function unpack(bytes: Uint8Array, folder: string): Promise<string[]> {
  return Promise.all(Object.entries(unzipSync(bytes)).map(([name, content]) => write(join(folder, name), content)));
}

/** @throws InputError FILE_UNWRITABLE */
async function write(file: string, bytes: Uint8Array): Promise<string> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError("FILE_UNWRITABLE", `the file cannot be written: ${code}`, file, "choose another place");
  }
}

function nowhere(): InputError {
  const hint = "--folder <folder>, or --zip <file>";
  return new InputError("EVIDENCE_NOWHERE", "evidence is written either into a folder or as a zip", "--folder", hint);
}
