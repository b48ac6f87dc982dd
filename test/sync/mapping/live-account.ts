import { expect, test } from "@jest/globals";
import type { AccountField, AccountSnapshot } from "../../../src/sync/account.ts";
import type { MappingDocument } from "../../../src/sync/mapping/parse.ts";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import type { CrmObject } from "../../../src/sync/model.ts";
import { brief, type Example, example, keysOf, soundAccount } from "./examples.ts";

export type Bend = (account: AccountSnapshot, document: MappingDocument) => void;

export function resolveAfter(bend: Bend, name: Example = "harbourline") {
  const document = example(name);
  const account = soundAccount(document);
  bend(account, document);
  return resolveMapping(document, account, { environment: document.pipedrive.environment });
}

export function fieldOf(account: AccountSnapshot, object: CrmObject, label: string): AccountField {
  const field = account.fields[object].find(({ field_name }) => field_name === label);
  if (!field) throw new Error(`no ${label}`);
  return field;
}
export const status = (account: AccountSnapshot) => fieldOf(account, "organization", "Allbound Status");

export const STATUS = "$.objects.organization.fields.allbound_status";
export const DEAL_ID = "$.objects.deal.fields.allbound_id";

/** A code, the oddity in words, how to make it in harbourline's account, and exactly what is reported then. */
export type Case = [code: string, mistake: string, bend: Bend, expected: string[]];

/** One test per case: exactly these findings, no whole key, and a plan unless one of them is an error. */
export function reportsEach(cases: readonly Case[]): void {
  test.each(cases)("%s: %s", (code, _, bend, expected) => {
    const { plan, findings } = resolveAfter(bend);
    expect(brief(findings)).toEqual(expected);
    expect(findings[0]!.code).toBe(code);
    expect(plan === undefined).toBe(findings.some(({ severity }) => severity === "error"));
    for (const key of keysOf(example("harbourline"))) expect(JSON.stringify(findings)).not.toContain(key);
  });
}
