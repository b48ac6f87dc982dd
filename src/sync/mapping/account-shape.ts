import { CRM_OBJECTS, type CrmObject } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { documentLines, isCustom } from "./document-lines.ts";
import { fold, type TypeWord } from "./words.ts";

/** What an account must have for a document to fit it. Keys and ids are the account's own business. */
export interface AccountShape {
  companyDomain: string;
  fields: Record<CrmObject, { label: string; type: TypeWord; options: string[] }[]>;
  pipelines: { name: string; stages: string[] }[];
  /** The service user first, then the fallback owner, then a partner manager. */
  users: { email: string; name: string; admin: boolean; purpose: "service" | "fallback owner" | "manager" }[];
}

/** The account that a document describes: for setting one up to rehearse the document. */
export function accountShape(document: MappingDocument): AccountShape {
  const fields: AccountShape["fields"] = { organization: [], person: [], deal: [] };
  const lines = documentLines(document).filter(isCustom);
  for (const object of CRM_OBJECTS) {
    fields[object] = lines
      .filter((line) => line.object === object)
      .map(({ label, type, options }) => ({ label, type, options: Object.values(options ?? {}) }));
  }
  return {
    companyDomain: document.pipedrive.company_domain,
    fields,
    pipelines: pipelinesOf(document),
    users: usersOf(document),
  };
}

/** Stages in the order in which the document names them: entry, approval, map. */
function pipelinesOf({ stages }: MappingDocument): AccountShape["pipelines"] {
  const pipelines: AccountShape["pipelines"] = [];
  for (const { pipeline, stage } of [
    stages.entry,
    ...(stages.on_approved ? [stages.on_approved] : []),
    ...stages.map,
  ]) {
    let known = pipelines.find(({ name }) => fold(name) === fold(pipeline));
    if (!known) {
      known = { name: pipeline, stages: [] };
      pipelines.push(known);
    }
    if (!known.stages.some((name) => fold(name) === fold(stage))) known.stages.push(stage);
  }
  return pipelines;
}

function usersOf({ pipedrive, rules }: MappingDocument): AccountShape["users"] {
  const service = pipedrive.service_user_email;
  const fallback = rules.owner.fallback_email;
  const manager = `partner-manager@${service.slice(service.indexOf("@") + 1)}`;
  const users: AccountShape["users"] = [
    { email: service, name: "Partner sync", admin: true, purpose: "service" },
    { email: fallback, name: "Partner desk", admin: false, purpose: "fallback owner" },
    { email: manager, name: "Partner manager", admin: false, purpose: "manager" },
  ];
  return users.filter(({ email }, i) => users.findIndex((other) => fold(other.email) === fold(email)) === i);
}
