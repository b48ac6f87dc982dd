import { answerOf } from "../client/client.ts";
import type { Environment } from "../store/connection-rows.ts";
import { table } from "../table.ts";
import { type CommandGroup, environmentOption, toAddress } from "./cli.ts";

interface Wish {
  url?: string;
  environment: Environment;
  withTestRecords: boolean;
}

const HELP = `
Without --url the tenant's connection is looked at. With it the API token is read from PIPEDRIVE_API_TOKEN or stdin, never
from the command line, and not kept: for credentials that are to be seen before they are connected. At most 42 tokens.
Exit code 1 when anything failed. What was not seen is "not proven".`;

/** `credentials validate`: what a Pipedrive token may do. */
export const credentials: CommandGroup = (program, cli) => {
  program
    .command("credentials")
    .description("a customer's Pipedrive credentials")
    .command("validate")
    .description("find out whose the API token is, and what that user may do")
    .argument("<tenant>")
    .option(
      "--url <url>",
      "of an account that is not connected yet, e.g. https://acme.pipedrive.com",
      toAddress("--url"),
    )
    .addOption(environmentOption().default("production"))
    .option(
      "--with-test-records",
      "make, rename and rename back an organization, a person and a deal (45 tokens more); the customer deletes them",
      false,
    )
    .addHelpText("after", HELP)
    .action(
      cli.withApi(async (api, tenant: string, { url, environment, withTestRecords }: Wish) => {
        const token = url === undefined ? "" : await cli.secret("PIPEDRIVE_API_TOKEN", "the API token");
        const body = { withTestRecords, ...(url !== undefined && { given: { url, environment, token } }) };
        const call = { params: { path: { tenant } }, body };
        const report = await answerOf(api.POST("/api/tenants/{tenant}/credentials/validate", call));
        const failed = report.checks.some(({ state }) => state === "failed");
        return { data: report, text: describeReport(report), exitCode: failed ? 1 : 0 };
      }),
    );
};

interface Report {
  baseUrl: string;
  user: { id: number; name: string; email: string } | null;
  company: { id: number; name: string; domain: string } | null;
  checks: { about: string; state: string; detail: string }[];
  limits: { dailyTokens: number | null; dailyLeft: number | null; perTwoSeconds: number | null };
  testRecords: { object: string; id: number; name: string }[];
  tokens: number;
}

function describeReport({ baseUrl, user, company, checks, limits, testRecords, tokens }: Report): string {
  const count = (state: string) => checks.filter((one) => one.state === state).length;
  const { dailyTokens, dailyLeft, perTwoSeconds } = limits;
  return [
    user && company
      ? `${baseUrl}: ${user.name} <${user.email}>, user ${user.id} of ${company.name} (${company.domain}, ${company.id})`
      : `${baseUrl}: not known whose the token is`,
    table(
      ["result", "of", ""],
      checks.map(({ state, about, detail }) => [state, about, detail]),
    ),
    `tokens a day: ${known(dailyTokens)}, left today: ${known(dailyLeft)}, calls in two seconds: ${known(perTwoSeconds)}`,
    ...testRecords.map(({ object, id, name }) => `made: ${object} ${id} "${name}"; please delete it in Pipedrive`),
    `${count("ok")} ok, ${count("warning")} warnings, ${count("failed")} failed, ${count("not proven")} not proven; ${tokens} tokens`,
  ].join("\n");
}

const known = (limit: number | null) => (limit === null ? "not proven" : String(limit));
