import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AccountField, AccountSnapshot } from "../../../src/sync/account.ts";
import { accountShape } from "../../../src/sync/mapping/account-shape.ts";
import { documentLines, isCustom } from "../../../src/sync/mapping/document-lines.ts";
import { type MappingDocument, type MappingFinding, parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { TYPE_WORDS } from "../../../src/sync/mapping/words.ts";
import { CRM_OBJECTS } from "../../../src/sync/model.ts";

/** A document that tests may bend: any member may be set, removed or replaced. */
// biome-ignore lint/suspicious/noExplicitAny: tests break documents in ways that no type would allow
export type Bendable = any;

export type Example = "harbourline" | "kestrel-obs" | "lumenfield";
export const EXAMPLES: readonly Example[] = ["harbourline", "kestrel-obs", "lumenfield"];

export function exampleText(name: Example): string {
  return readFileSync(new URL(`../../../mappings/${name}.json`, import.meta.url), "utf8");
}

export function example(name: Example): MappingDocument {
  const { document } = parseMappingDocument(exampleText(name));
  if (!document) throw new Error(`${name} has errors`);
  return document;
}

/** What the parser says about an example after `bend` changed it. */
export function findingsAfter(bend: (document: Bendable) => void, name: Example = "harbourline"): MappingFinding[] {
  const document: Bendable = JSON.parse(exampleText(name));
  bend(document);
  return parseMappingDocument(JSON.stringify(document, null, 2)).findings;
}

/** Codes with the paths they are reported at, errors first. */
export function brief(findings: readonly MappingFinding[]): string[] {
  return findings.map(({ code, path }) => `${code} ${path}`);
}

/** Forty hex digits that are nobody's key. */
export function someKey(seed: string): string {
  return createHash("sha1").update(seed).digest("hex");
}

/** Every key that stands in an example. */
export function keysOf(document: MappingDocument): string[] {
  return documentLines(document)
    .filter(isCustom)
    .map(({ key }) => key);
}

const standard = (field_code: string, field_name: string, field_type: string): AccountField => ({
  field_code,
  field_name,
  field_type,
  is_custom_field: false,
  options: null,
});

/** An account in which everything a document names exists, with its own ids; keys by `keyOf`, else the document's. */
export function soundAccount(
  document: MappingDocument,
  keyOf: (key: string) => string = (key) => key,
): AccountSnapshot {
  const shape = accountShape(document);
  let id = 100;
  const fields: AccountSnapshot["fields"] = { organization: [], person: [], deal: [] };
  for (const object of CRM_OBJECTS) fields[object].push(standard("owner_id", "Owner", "user"));
  fields.deal.push(standard("title", "Deal title", "varchar"));
  for (const line of documentLines(document).filter(isCustom)) {
    const options = line.options && Object.values(line.options).map((label) => ({ id: id++, label }));
    fields[line.object].push({
      field_code: keyOf(line.key),
      field_name: line.label,
      field_type: TYPE_WORDS[line.type],
      is_custom_field: true,
      options: options ?? null,
    });
  }
  const pipelines = shape.pipelines.map(({ name }) => ({ id: id++, name, is_deleted: false }));
  const stages = shape.pipelines.flatMap(({ stages }, i) =>
    stages.map((name) => ({ id: id++, name, pipeline_id: pipelines[i]!.id, is_deleted: false })),
  );
  const users = shape.users.map(({ email, name, admin }) => {
    const access = [{ app: "sales", admin }];
    return { id: id++, name, email, active_flag: true, is_deleted: false, access };
  });
  const company = { company_id: 1, company_domain: shape.companyDomain, company_name: "Company" };
  return { companyDomain: shape.companyDomain, fields, pipelines, stages, users, me: { ...users[0]!, ...company } };
}
