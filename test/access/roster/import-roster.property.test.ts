import { expect, test } from "@jest/globals";
import { COLUMNS } from "../../../src/access/roster/columns.ts";
import { importRoster } from "../../../src/access/roster/import-roster.ts";
import { fc } from "../../support/seeded.ts";

const OPTIONS = { timeZone: "America/New_York", asOf: "2026-03-19T06:00:00Z" };

function readsCalmly(content: string | Uint8Array) {
  const outcome = importRoster(content, OPTIONS);
  if (outcome.ok) expect(outcome.roster.staff.length).toBeGreaterThan(0);
  else {
    expect(outcome.faults.length).toBeGreaterThan(0);
    for (const { line } of outcome.faults) expect(line).toBeGreaterThanOrEqual(1);
  }
  return outcome;
}

test("no text makes it fail", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void readsCalmly(text)),
    { numRuns: 300 },
  );
});

test("no bytes make it fail", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readsCalmly(bytes)),
    { numRuns: 300 },
  );
});

const cell = fc.oneof(
  fc.constantFrom(
    "",
    "active",
    "offboarded",
    "2026-02-30",
    "2026-03-01",
    "a@x.example",
    "a@x.example;b@",
    "__proto__",
    '"',
    '"x',
    'x"y',
  ),
  fc.string({ unit: fc.constantFrom(..."ab1,;\"\r\n\t '=@é\u0000\ufeff"), maxLength: 12 }),
);
const header = fc.shuffledSubarray([...COLUMNS, "id", "email", "Team", "", "toString"], { minLength: 1 });

test("no rows under a header that is nearly right make it fail", () => {
  const rows = fc.array(fc.array(cell, { maxLength: 14 }), { maxLength: 8 });
  const end = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(header, rows, end, (names, cells, ending) => {
      readsCalmly([names, ...cells].map((row) => row.join(",")).join(ending));
    }),
    { numRuns: 500 },
  );
});

test("whatever is in the cells comes out of them, when it is quoted as RFC 4180 says", () => {
  const text = fc.string({ unit: fc.constantFrom(..."aé,;\"\r\n=+@-' "), minLength: 1, maxLength: 40 });
  const names = fc.array(
    text.filter((name) => name.trim() !== ""),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(names, (all) => {
      const rows = all.map((name, index) => `E${index},"${name.replaceAll('"', '""')}",,active`);
      const outcome = readsCalmly(["employee_id,full_name,work_email,status", ...rows].join("\r\n"));
      expect(outcome.ok && outcome.roster.staff.map(({ fullName }) => fullName)).toEqual(
        all.map((name) => name.trim()),
      );
    }),
  );
});
