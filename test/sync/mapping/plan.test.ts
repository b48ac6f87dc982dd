import { describe, expect, test } from "@jest/globals";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import type { FieldPlan, MappingPlan, Role } from "../../../src/sync/model.ts";
import { type Example, example, someKey, soundAccount } from "./examples.ts";

function planOf(name: Example): MappingPlan {
  const document = example(name);
  const { environment } = document.pipedrive;
  return resolveMapping(document, soundAccount(document), { environment }).plan!;
}

/** `field type direction write on_conflict place` of every field of a role. */
function table(plan: MappingPlan, role: Role): string[] {
  const place = ({ crm }: FieldPlan) => ("system" in crm ? crm.system : crm.crmType);
  return plan.roles[role].map((f) => [f.field, f.type, f.direction, f.write, f.onConflict, place(f)].join(" "));
}

describe("the plan of harbourline", () => {
  const plan = planOf("harbourline");

  test("lists the fields of every role, those in force without being listed too", () => {
    expect(table(plan, "partner")).toEqual([
      "allbound_id text program_to_crm if_empty program varchar",
      "partner.status option crm_to_program always crm enum",
      "partner.name text crm_to_program always crm name",
      "partner.website text crm_to_program always crm varchar",
    ]);
    expect(table(plan, "partner_user")).toEqual(["allbound_id text program_to_crm if_empty program varchar"]);
    expect(table(plan, "deal")).toEqual([
      "allbound_id text program_to_crm restore_once program varchar",
      "registration.amount money both always crm value",
      "registration.expected_close_date date both always crm expected_close_date",
      "registration.title text program_to_crm on_create program title",
      "sales.stage_key stage crm_to_program always crm stage_id",
      "sales.status outcome crm_to_program always crm status",
      "sales.lost_reason text crm_to_program always crm lost_reason",
      "sales.closed_at instant crm_to_program always crm close_time",
    ]);
    expect(table(plan, "customer_org")).toEqual(["allbound_deal_id text program_to_crm if_empty program varchar"]);
    expect(table(plan, "customer_person")).toEqual(["allbound_deal_id text program_to_crm if_empty program varchar"]);
  });

  test("addresses fields by key and options by the account's ids", () => {
    const document = example("harbourline");
    const account = soundAccount(document);
    const status = plan.roles.partner[1]!;
    expect(status.crm).toEqual({
      custom: document.objects.organization.fields.allbound_status.key,
      crmType: "enum",
    });
    const listed = account.fields.organization.find(({ field_name }) => field_name === "Allbound Status")!.options!;
    expect(status.options).toEqual([
      { program: "active", id: listed[0]!.id, label: "Active" },
      { program: "inactive", id: listed[1]!.id, label: "Inactive" },
      { program: "pending", id: listed[2]!.id, label: "Pending" },
    ]);
  });

  test("knows stages, owner and users by id", () => {
    const account = soundAccount(example("harbourline"));
    const [registered, demo, quote, contract] = account.stages.map(({ id }) => id);
    const pipelineId = account.pipelines[0]!.id;
    expect(plan.stages).toEqual({
      entry: { pipelineId, stageId: registered },
      onApproved: null,
      map: [
        { program: "working", pipelineId, stageId: registered },
        { program: "working", pipelineId, stageId: demo },
        { program: "proposal", pipelineId, stageId: quote },
        { program: "negotiation", pipelineId, stageId: contract },
      ],
      unmapped: "ignore",
    });
    expect(plan.rules).toMatchObject({ fallbackOwnerId: account.users[1]!.id, ownerFrom: "partner.manager_email" });
    expect(plan.users).toContainEqual({
      id: account.users[0]!.id,
      email: "partner-sync@harbourline.example",
      active: true,
    });
  });

  test("matches customers by the mapped website, and calls standard fields what the account calls them", () => {
    expect(plan.websiteKey).toEqual(plan.roles.partner[3]!.crm);
    expect(plan.roles.partner[3]!.required).toBe(true);
    expect(plan.roles.deal.find(({ field }) => field === "registration.title")!.label).toBe("Deal title");
    expect(plan.roles.partner[2]!.label).toBe("Name");
  });
});

describe("the plan of kestrel-obs", () => {
  const plan = planOf("kestrel-obs");

  test("lets the status travel both ways", () => {
    expect(table(plan, "partner")).toContain("partner.status option both always crm enum");
    expect(plan.idFormat).toBe("opaque");
  });

  test("has every kind of field", () => {
    expect(table(plan, "partner_user").slice(1)).toEqual([
      "contact.job_title text program_to_crm if_empty program varchar",
      "contact.role option program_to_crm always program enum",
    ]);
    expect(table(plan, "deal").slice(1, 10)).toEqual([
      "registration.amount money both always crm value",
      "registration.expected_close_date date both always newest expected_close_date",
      "registration.partner_id partner program_to_crm on_create program org",
      "registration.owner_user_id partner_user program_to_crm always program people",
      "registration.review_display option program_to_crm always program enum",
      "registration.protection_expires_on date program_to_crm always program date",
      "registration.products options program_to_crm on_create program set",
      "registration.description text program_to_crm on_create program text",
      "registration.source option program_to_crm on_create program enum",
    ]);
  });

  test("keeps a constant with the option it stands for", () => {
    const source = plan.roles.deal.find(({ field }) => field === "registration.source")!;
    expect(source.constant).toBe("partner");
    expect(source.options).toMatchObject([{ program: "partner", label: "Partner" }]);
  });

  test("knows where an approved Deal goes and why a rejected one is lost", () => {
    expect(plan.stages.onApproved).toEqual({
      pipelineId: plan.stages.entry.pipelineId,
      stageId: plan.stages.map.find(({ program }) => program === "working")!.stageId,
    });
    expect(plan.rules).toMatchObject({ onRejected: "lose", rejectedLostReason: "Registration declined" });
  });
});

describe("a document that lists what is always in force", () => {
  test("replaces the default", () => {
    const document = example("harbourline");
    document.objects.deal.extra.push(
      { program: "registration.title", system: "title", direction: "program_to_crm", write: "always" },
      { program: "registration.sales.closed_at", system: "won_time", direction: "crm_to_program" },
    );
    const { plan } = resolveMapping(document, soundAccount(document), { environment: "production" });
    const deal = table(plan!, "deal");
    expect(deal).toContain("registration.title text program_to_crm always program title");
    expect(deal).toContain("sales.closed_at instant crm_to_program always crm won_time");
    expect(deal.filter((line) => /title|closed_at/.test(line))).toHaveLength(2);
  });
});

describe("a document in which the program says how a sale ends", () => {
  const document = example("harbourline");
  document.rules.program_owns_outcome = true;
  const { plan } = resolveMapping(document, soundAccount(document), { environment: "production" });

  test("writes status and lost reason, and leaves Pipedrive its times", () => {
    expect(table(plan!, "deal").slice(-4)).toEqual([
      "registration.title text program_to_crm on_create program title",
      "sales.stage_key stage crm_to_program always crm stage_id",
      "sales.status outcome program_to_crm always program status",
      "sales.lost_reason text program_to_crm always program lost_reason",
    ]);
  });
});

describe("a value with several places", () => {
  test("has an id for each, and what is always there gives way to what is listed", () => {
    const document = example("harbourline");
    const place = (label: string) => ({ key: someKey(label), label, type: "Text" as const });
    const oneWay = { direction: "program_to_crm" as const };
    document.objects.deal.extra.push(
      { program: "registration.number", system: "title", ...oneWay },
      { program: "registration.number", ...place("Number"), ...oneWay },
      { program: "registration.number", ...place("Number again"), ...oneWay },
    );
    const { plan } = resolveMapping(document, soundAccount(document), { environment: "production" });
    const ids = plan!.roles.deal.map(({ field }) => field);
    expect(ids).toContain("registration.number");
    expect(ids).toContain(`registration.number#${someKey("Number").slice(0, 8)}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain("registration.title");
  });

  test("in a number field has the tenant's currency unless the line names one", () => {
    const amounts = (constant?: string) => {
      const document = example("harbourline");
      const [amount] = document.objects.deal.extra;
      const { system: _, ...line } = { ...amount!, key: someKey("Sum"), label: "Sum", type: "Numerical" as const };
      document.objects.deal.extra[0] = { ...line, ...(constant ? { constant } : {}) };
      const { plan } = resolveMapping(document, soundAccount(document), { environment: "production" });
      return plan!.roles.deal.find(({ field }) => field === "registration.amount");
    };
    expect(amounts()).toMatchObject({ type: "money", constant: "EUR", crm: { crmType: "double" } });
    expect(amounts("CHF")).toMatchObject({ constant: "CHF" });
  });
});
