import { expect, test } from "@jest/globals";
import { type Bendable, brief, findingsAfter, someKey } from "./examples.ts";

export const KEY = someKey("a key of this test");
export const ORGANIZATION = "$.objects.organization";
export const STATUS = `${ORGANIZATION}.fields.allbound_status`;
export const WEBSITE = `${ORGANIZATION}.extra[1]`;
export const DEAL_ID = "$.objects.deal.fields.allbound_id";

export const fieldsOf = (d: Bendable, object: string) => d.objects[object].fields;
export const status = (d: Bendable) => fieldsOf(d, "organization").allbound_status;
export const website = (d: Bendable) => d.objects.organization.extra[1];
export const dealId = (d: Bendable) => fieldsOf(d, "deal").allbound_id;

/** A code, the mistake in words, how to make it in harbourline, and exactly what is reported then. */
export type Case = [code: string, mistake: string, bend: (document: Bendable) => void, expected: string[]];

/** One test per case: exactly these findings, each with a place and something to do. */
export function reportsEach(cases: readonly Case[]): void {
  test.each(cases)("%s: %s", (code, _, bend, expected) => {
    const findings = findingsAfter(bend);
    expect(brief(findings).sort()).toEqual([...expected].sort());
    for (const finding of findings) {
      expect(finding.line).toBeGreaterThan(0);
      expect(finding.hint).not.toBe("");
    }
    expect(findings.map((finding) => finding.code)).toContain(code);
  });
}
