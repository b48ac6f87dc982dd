import type { CodecContext } from "../../src/sync/codec.ts";
import type { CrmPlace, FieldPlan, FieldType } from "../../src/sync/model.ts";

/** An account with two users and two pipelines. */
export const ctx: CodecContext = {
  users: [
    { id: 7, email: "Ana@Example.test", active: true },
    { id: 8, email: "gone@example.test", active: false },
  ],
  stages: {
    entry: { pipelineId: 1, stageId: 11 },
    onApproved: null,
    map: [
      { program: "working", pipelineId: 1, stageId: 11 },
      { program: "working", pipelineId: 1, stageId: 12 },
      { program: "closing", pipelineId: 2, stageId: 21 },
      { program: "working", pipelineId: 2, stageId: 22 },
    ],
    unmapped: "ignore",
  },
  rules: { defaultCurrency: "EUR" },
};

export const STATUS_OPTIONS = [
  { program: "active", id: 101, label: "Active" },
  { program: "inactive", id: 102, label: "Inactive" },
];

export function field(name: string, type: FieldType, crm: CrmPlace, more: Partial<FieldPlan> = {}): FieldPlan {
  return { field: name, label: name, type, crm, direction: "both", write: "always", onConflict: "crm", ...more };
}
export const custom = (key: string, crmType: string): CrmPlace => ({ custom: key, crmType });
export const system = (name: string): CrmPlace => ({ system: name });

export const status = field("partner.status", "option", custom("k-status", "enum"), { options: STATUS_OPTIONS });
export const products = field("registration.products", "options", custom("k-set", "set"), {
  options: [
    { program: "logs", id: 2, label: "Logs" },
    { program: "apm", id: 1, label: "APM" },
  ],
});
export const website = field("partner.website", "text", custom("k-web", "varchar"));
export const amount = field("registration.amount", "money", system("value"));
export const closeDate = field("registration.expected_close_date", "date", system("expected_close_date"));
export const stage = field("sales.stage_key", "stage", system("stage_id"));
export const owner = field("partner.manager_email", "staff", system("owner_id"));
export const email = field("contact.email", "email", system("emails"), { direction: "program_to_crm" });
export const phone = field("contact.phone", "phone", system("phones"), { direction: "program_to_crm" });
