import type { Company } from "./company.ts";
import type { ObjectName, RecordData } from "./model.ts";
import type { ContactItem } from "./normalise.ts";

/** A hit as search answers it: thin, and unlike the record itself. */
export function searchItem(
  company: Company,
  object: ObjectName,
  data: RecordData,
  texts: Record<string, string[] | undefined>,
): Record<string, unknown> {
  const common = { visible_to: data.visible_to, owner: { id: data.owner_id } };
  const found = { custom_fields: texts.custom_fields ?? [], notes: texts.notes ?? [] };
  if (object === "organization") {
    const address = (data.address as { value?: string } | null)?.value ?? null;
    return { id: data.id, type: object, name: data.name, address, ...common, ...found };
  }
  const organization = organizationOf(company, data.org_id);
  if (object === "person") {
    const phones = (data.phones as ContactItem[]).map((item) => item.value);
    const emails = (data.emails as ContactItem[]).map((item) => item.value);
    return { id: data.id, type: object, name: data.name, phones, emails, ...common, organization, ...found };
  }
  return {
    id: data.id,
    type: object,
    title: data.title,
    value: data.value,
    currency: data.currency,
    status: data.status,
    ...common,
    stage: { id: data.stage_id, name: company.stages.get(Number(data.stage_id))?.name ?? null },
    person: nameOf(company, "person", data.person_id),
    organization,
    ...found,
    is_archived: data.is_archived,
  };
}

function nameOf(company: Company, object: ObjectName, id: unknown) {
  const data = typeof id === "number" ? company.tables[object].get(id)?.data : undefined;
  return data ? { id: data.id, name: data.name } : null;
}

function organizationOf(company: Company, id: unknown) {
  const data = typeof id === "number" ? company.tables.organization.get(id)?.data : undefined;
  if (!data) return null;
  return { id: data.id, name: data.name, address: (data.address as { value?: string } | null)?.value ?? null };
}
