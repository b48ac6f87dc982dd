import { answerOf } from "../client/client.ts";
import { OBJECT_NAMES } from "../sync/mapping/words.ts";
import { table } from "../table.ts";
import type { CommandGroup } from "./cli.ts";

/** `fields verify|provision`: the six fields in a customer's Pipedrive account. */
export const fields: CommandGroup = (program, cli) => {
  const group = program.command("fields").description("the six fields in a customer's Pipedrive account");

  group
    .command("verify")
    .description("what the account has of them (30 tokens); exit code 1 when anything lacks")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const call = { params: { path: { tenant } } };
        const report = await answerOf(api.POST("/api/tenants/{tenant}/fields/verify", call));
        const sum = report.complete ? "all six are there" : "not all six are there: partnersync fields provision";
        return { data: report, text: `${describeFields(report.fields)}\n${sum}`, exitCode: report.complete ? 0 : 1 };
      }),
    );

  group
    .command("provision")
    .description("create what the account lacks of them; without --yes only the plan and its price (30 tokens)")
    .argument("<tenant>")
    .option("--yes", "do it")
    .addHelpText("after", "\nWhat is there is used and stays as it is. Done twice, it does nothing the second time.")
    .action(
      cli.withApi(async (api, tenant: string, { yes }: { yes?: boolean }) => {
        const call = { params: { path: { tenant } } };
        if (!yes) {
          const plan = await answerOf(api.POST("/api/tenants/{tenant}/fields/verify", call));
          return { data: plan, ...describePlan(plan) };
        }
        const provided = await answerOf(api.POST("/api/tenants/{tenant}/fields/provision", call));
        const done = provided.done.map(describeDone);
        const lines = done.length > 0 ? done : ["nothing was left to do"];
        return { data: provided, text: `${lines.join("\n")}\n${describeFields(provided.fields)}` };
      }),
    );
};

interface Field {
  object: keyof typeof OBJECT_NAMES;
  label: string;
  type: string;
  state: string;
  options: string[];
  notes: string[];
}

function describeFields(all: Field[]): string {
  const rows = all.map(({ object, label, type, state, options, notes }) => {
    const added = options.length > 0 ? [`options: ${options.join(", ")}`] : [];
    return [OBJECT_NAMES[object], label, type, state, [...added, ...notes].join("; ")];
  });
  return table(["object", "field", "type", "", ""], rows);
}

function describePlan({ fields: all, complete, price }: { fields: Field[]; complete: boolean; price: number }) {
  const blocked = all.filter(({ state }) => state === "blocked").length;
  if (blocked > 0) {
    const sum = `${blocked} blocked: nothing is created before that is settled in Pipedrive`;
    return { text: `${describeFields(all)}\n${sum}`, exitCode: 1 };
  }
  const sum = complete ? "nothing is left to do" : `what is missing is created for about ${price} tokens, with --yes`;
  return { text: `${describeFields(all)}\n${sum}`, exitCode: 0 };
}

function describeDone({ object, label, what, options }: Omit<Field, "type" | "state" | "notes"> & { what: string }) {
  const listed = options.length > 0 ? `: ${options.join(", ")}` : "";
  return `${OBJECT_NAMES[object]} "${label}" ${what}${listed}`;
}
