import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type System, startSystem } from "../support/system.ts";
import type { ReadableRecord, TwinClient } from "../support/twin-client.ts";

describe("an emptied drop-down", () => {
  let system: System;
  let twin: TwinClient;
  const enrol = async (name: string): Promise<ReadableRecord> => {
    const organization = await twin.edit("organization", {
      name,
      "label:Website": `${name}.example`,
      "label:Allbound Status": "Active",
    });
    await system.quiet();
    return organization;
  };
  const statusOf = async (name: string) =>
    (await twin.aggregates("partner")).find((partner) => partner.name === name)?.status;
  const codes = async () => (await system.app.findings.list("harbourline")).map(({ code }) => code);

  beforeAll(async () => {
    system = await startSystem();
    twin = system.of("harbourline");
  }, 60_000);
  afterAll(() => system.close());

  test("by a person makes the partner inactive, with a finding", async () => {
    const organization = await enrol("nordlicht");
    await twin.edit("organization", { "label:Allbound Status": null }, organization.id);
    await system.quiet();
    expect(await statusOf("nordlicht")).toBe("inactive");
    expect(await codes()).toEqual(["STATUS_CLEARED"]);
  });

  test("because its option is gone pauses the field and changes nothing in the program", async () => {
    const organization = await enrol("suedstern");
    // As if somebody had deleted the option "Active" in the account.
    const context = await system.app.contexts("harbourline");
    const status = context.plan.roles.partner.find(({ field }) => field === "partner.status");
    if (!status || !("custom" in status.crm)) throw new Error("the mapping has no status field");
    const { custom } = status.crm;
    const definition: typeof context.definition = async (object, key, options) => {
      const field = await context.pipedrive.field(object, key, options);
      const left = field.options?.filter(({ label }) => label !== "Active") ?? null;
      return key === custom ? { ...field, options: left } : field;
    };
    const contexts = system.app.contexts;
    system.app.contexts = async () => ({ ...context, definition });
    await twin.edit("organization", { "label:Allbound Status": null }, organization.id);
    await system.quiet();
    expect(await statusOf("suedstern")).toBe("active");
    expect(await codes()).toContain("DRIFT_OPTION");

    // Made again, and chosen again on the record: the field goes on.
    system.app.contexts = contexts;
    await twin.call("POST", "/clock", { advanceMs: 3_000 });
    await twin.edit("organization", { "label:Allbound Status": "Pending" }, organization.id);
    await system.quiet();
    expect(await statusOf("suedstern")).toBe("pending");
  });
});
