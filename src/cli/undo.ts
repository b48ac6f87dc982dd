import { answerOf } from "../client/client.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { toInstant } from "./period.ts";
import { RECORD_ID, recordObject } from "./record-name.ts";

type ObjectName = CrmObject | ProgramKind;

/** `undo plan|apply|create`: puts former values of a record back, planned and priced before it is done. */
export const undo: CommandGroup = (program, cli) => {
  const group = program.command("undo").description("put former values of a record back");
  const ofRecord = (name: string) =>
    group
      .command(name)
      .addArgument(recordObject())
      .argument("<id>", RECORD_ID)
      .requiredOption("--tenant <id>", "whose record it is");

  ofRecord("plan")
    .description("what would be written where, and its price; nothing is done")
    .option("--field <name>", "of one field only: its label in Pipedrive, or its path in the program")
    .option("--before <time>", "as it was right before then; else before the last change", toInstant)
    .action(
      cli.withApi(
        async (api, object: ObjectName, id: string, wish: { tenant: string; field?: string; before?: string }) => {
          const { tenant, ...body } = wish;
          const call = { params: { path: { tenant, object, id } }, body };
          const planned = await answerOf(api.POST("/api/tenants/{tenant}/records/{object}/{id}/undo/plan", call));
          const { text, ...data } = planned;
          const next = `partnersync undo apply ${object} ${id} --tenant ${tenant} --plan ${data.plan}`;
          return { data, text: data.writes.length > 0 ? `${text}\nto do it: ${next}` : text };
        },
      ),
    );

  ofRecord("create")
    .description("take back that the sync made it: untie it and empty our ids; nothing is deleted")
    .option("--yes", "do it; else only say what would be done")
    .action(
      cli.withApi(async (api, object: ObjectName, id: string, wish: { tenant: string; yes?: true }) => {
        const call = { params: { path: { tenant: wish.tenant, object, id } }, body: { confirm: wish.yes === true } };
        const undone = await answerOf(api.POST("/api/tenants/{tenant}/records/{object}/{id}/undo/create", call));
        const { text, ...data } = undone;
        return { data, text: data.done ? text : `${text}\nto do it, add --yes` };
      }),
    );

  ofRecord("apply")
    .description("have the workers write exactly what a plan showed; again does nothing")
    .requiredOption("--plan <plan>", "as `undo plan` printed it")
    .action(
      cli.withApi(async (api, object: ObjectName, id: string, { tenant, plan }: { tenant: string; plan: string }) => {
        const call = { params: { path: { tenant, object, id } }, body: { plan } };
        const done = await answerOf(api.POST("/api/tenants/{tenant}/records/{object}/{id}/undo", call));
        const follow = `partnersync history show ${object} ${id} --tenant ${tenant}`;
        const text = done.already ? "this plan was applied before" : `the workers put back ${done.labels.join(", ")}`;
        return { data: done, text: `${tenant}: ${text}; see ${follow}` };
      }),
    );
};
