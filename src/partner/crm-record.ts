import { z } from "zod";
import type { CrmObject, ProgramKind } from "../sync/model.ts";

/** Where a snapshot names the record that its aggregate is in Pipedrive. */
const CRM_RECORD = {
  partner: { object: "organization", member: "org_id" },
  contact: { object: "person", member: "person_id" },
  deal_registration: { object: "deal", member: "deal_id" },
} as const satisfies Record<ProgramKind, { object: CrmObject; member: string }>;

const recordId = z.int().positive();

/** The Pipedrive record that a snapshot says its aggregate is; null while it names none. */
export function crmRecordOf(
  kind: ProgramKind,
  data: Record<string, unknown>,
): { object: CrmObject; crmId: number } | null {
  const { object, member } = CRM_RECORD[kind];
  const crm = data.crm as Record<string, unknown> | null | undefined;
  const crmId = recordId.safeParse(crm?.[member]);
  return crmId.success ? { object, crmId: crmId.data } : null;
}
