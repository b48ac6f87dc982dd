import { type Command, Option } from "commander";
import { answerOf } from "../client/client.ts";
import { table, time } from "../table.ts";
import { TENANT } from "./access-inputs.ts";
import { type Cli, toId } from "./cli.ts";

interface OfTenant {
  tenant: string;
}

interface State {
  id: string;
  state: string;
  accounts: number;
  undecided: number;
  openFollowUps: number;
}

/** `access review start|show|decide|complete|remove`: people's decisions on the accounts of a run. */
export function accessReview(parent: Command, cli: Cli): void {
  const group = parent
    .command("review")
    .description("people's decisions on accounts; takes somebody who has signed in (PARTNERSYNC_URL)");
  start(group, cli);
  show(group, cli);
  decide(group, cli);
  complete(group, cli);
  remove(group, cli);
}

function textOf(tenant: string, { id, state, accounts, undecided, openFollowUps }: State): string {
  const left = state === "completed" ? `decisions not seen done yet: ${openFollowUps}` : `undecided: ${undecided}`;
  return `${tenant}: review ${id} is ${state}: ${accounts} accounts, ${left}`;
}

function start(group: Command, cli: Cli): void {
  group
    .command("start")
    .description("begin the review of a run")
    .argument("[run]", "default: the latest", "latest")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, run: string, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant } }, body: { run } };
        const begun = await answerOf(api.POST("/api/tenants/{tenant}/access/reviews", call));
        return { data: begun, text: `${textOf(tenant, begun)}; to be completed until ${time(begun.completeBy)}` };
      }),
    );
}

function show(group: Command, cli: Cli): void {
  group
    .command("show")
    .description("a review's accounts and decisions; without one, the reviews there are")
    .argument("[review]")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, review: string | undefined, { tenant }: OfTenant) => {
        if (review === undefined) {
          const call = { params: { path: { tenant } } };
          const { items } = await answerOf(api.GET("/api/tenants/{tenant}/access/reviews", call));
          const rows = items.map((one) => [one.id, one.runId, one.state, one.openFollowUps, time(one.startedAt)]);
          const text = table(["review", "run", "state", "not seen done", "started"], rows);
          return { data: items, text: items.length > 0 ? text : `${tenant}: no review was started yet` };
        }
        const call = { params: { path: { tenant, review } } };
        const found = await answerOf(api.GET("/api/tenants/{tenant}/access/reviews/{review}", call));
        const decided = new Map(found.decisions.map((one) => [one.userId, one]));
        const seen = new Map(found.followUps.map((one) => [one.userId, one.closed?.seen ?? "not seen done yet"]));
        const rows = found.items.map((item) => {
          const { choice = "undecided", reviewer, comment } = decided.get(item.userId) ?? {};
          return [item.userId, item.email || item.name, choice, reviewer?.name, comment, seen.get(item.userId)];
        });
        const head = ["account", "address", "decision", "by", "comment", "done"];
        return { data: found, text: `${textOf(tenant, found)}\n${table(head, rows)}` };
      }),
    );
}

interface Wish extends OfTenant {
  choice: "keep" | "remove" | "change";
  comment?: string;
}

function decide(group: Command, cli: Cli): void {
  group
    .command("decide")
    .description("decide on accounts: all of them or none, and never on your own")
    .argument("<review>")
    .argument("<users...>", "users' ids in Pipedrive", (text: string, earlier: number[] = []) => [
      ...earlier,
      toId(text),
    ])
    .requiredOption(...TENANT)
    .addOption(
      new Option("--choice <choice>", "nothing is done in Pipedrive by it; a later snapshot shows what was")
        .choices(["keep", "remove", "change"])
        .makeOptionMandatory(),
    )
    .option("--comment <text>", "needed for keeping several at once, and for a change")
    .action(
      cli.withApi(async (api, review: string, userIds: number[], { tenant, ...wish }: Wish) => {
        const call = { params: { path: { tenant, review } }, body: { userIds, ...wish } };
        const next = await answerOf(api.POST("/api/tenants/{tenant}/access/reviews/{review}/decisions", call));
        return { data: next, text: textOf(tenant, next) };
      }),
    );
}

function complete(group: Command, cli: Cli): void {
  group
    .command("complete")
    .description("end a review in which every account is decided on")
    .argument("<review>")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, review: string, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant, review } } };
        const next = await answerOf(api.POST("/api/tenants/{tenant}/access/reviews/{review}/complete", call));
        return { data: next, text: textOf(tenant, next) };
      }),
    );
}

function remove(group: Command, cli: Cli): void {
  group
    .command("remove")
    .description(
      "deactivate a user in Pipedrive whom a completed review wants removed, where the policy lets it be asked",
    )
    .argument("<review>")
    .argument("<user>", "the user's id in Pipedrive", toId)
    .requiredOption(...TENANT)
    .option("--yes", "do it")
    .action(
      cli.withApi(async (api, review: string, userId: number, { tenant, yes }: OfTenant & { yes?: true }) => {
        const call = { params: { path: { tenant, review } }, body: { userId, confirm: yes === true } };
        const done = await answerOf(api.POST("/api/tenants/{tenant}/access/reviews/{review}/removals", call));
        const what = done.wasActive ? "is deactivated in Pipedrive" : "was inactive in Pipedrive already";
        return { data: done, text: `${tenant}: account ${userId} ${what}; a later snapshot shows the decision done` };
      }),
    );
}
