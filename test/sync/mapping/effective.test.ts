import { expect, test } from "@jest/globals";
import { effectiveMapping } from "../../../src/sync/mapping/effective.ts";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import { type Example, example, soundAccount } from "./examples.ts";

function linesOf(name: Example) {
  const document = example(name);
  const { environment } = document.pipedrive;
  return effectiveMapping(resolveMapping(document, soundAccount(document), { environment }).plan!);
}
const show = (name: Example) =>
  linesOf(name).map(({ label, direction, program, write }) => `${label} ${direction} ${program} ${write}`);

test("a listed field stands there once per direction", () => {
  expect(show("kestrel-obs")).toEqual(
    expect.arrayContaining([
      'Organization "Allbound Status" crm_to_program partner.status always',
      'Organization "Allbound Status" program_to_crm partner.status always',
      'Organization "Partner since" program_to_crm partner.enrolled_at if_empty',
    ]),
  );
  expect(show("harbourline").filter((line) => line.includes("Allbound Status"))).toEqual([
    'Organization "Allbound Status" crm_to_program partner.status always',
  ]);
});

test("what nobody listed is there too, marked as implied", () => {
  const implied = linesOf("harbourline").filter((line) => line.implied);
  expect(implied.map(({ label, program }) => `${label} = ${program}`)).toEqual([
    'Person "Name" = contact.first_name, contact.last_name',
    'Person "Email" = contact.email',
    'Person "Organization" = partner_id',
    'Deal "Deal title" = registration.title',
    'Deal "Stage" = sales.stage_key',
    'Deal "Status" = sales.status',
    'Deal "Lost reason" = sales.lost_reason',
    'Deal "Deal closed on" = sales.closed_at',
    'Deal "Organization" = prospect.account',
    'Deal "Contact person" = prospect.contact',
    'Deal "Stage" = entry stage',
    'Deal "Owner" = owner',
    'Organization "Name" = prospect.account.name',
    'Person "Name" = prospect.contact.first_name, last_name',
    'Person "Email" = prospect.contact.email',
    'Person "Organization" = prospect.account',
  ]);
});

test("an id says which id of the program it carries", () => {
  expect(show("harbourline")).toEqual(
    expect.arrayContaining([
      'Organization "Allbound ID" program_to_crm partner_id if_empty',
      'Deal "Allbound ID" program_to_crm registration_id restore_once',
      'Person "Allbound Deal ID" program_to_crm first registration_id if_empty',
    ]),
  );
});

test("options, constants and stages are told", () => {
  const details = linesOf("kestrel-obs").map(({ detail }) => detail);
  expect(details).toContain("emea = EMEA, amer = Americas, apac = APAC");
  expect(details).toContain("always partner");
  expect(details).toContain("6 stages stand for 4; others: finding");
});

test("of a program that only posts everything goes to Pipedrive, its partners' Organizations too", () => {
  const lines = linesOf("lumenfield");
  expect(new Set(lines.map(({ direction }) => direction))).toEqual(new Set(["program_to_crm"]));
  const ofPartners = lines.filter(({ role, implied }) => role === "partner" && implied);
  expect(ofPartners.map(({ label, program }) => `${label} = ${program}`)).toEqual([
    'Organization "Name" = partner.name',
    'Organization "Owner" = owner',
  ]);
});
