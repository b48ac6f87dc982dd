import { describe, expect, test } from "@jest/globals";
import { importRoster, type RosterImport } from "../../../src/access/roster/import-roster.ts";
import { LARGEST_BYTES, MOST_ROWS } from "../../../src/access/roster/read-rows.ts";
import { errorOf } from "../../pipedrive/client-under-test.ts";

const OPTIONS = { timeZone: "Europe/Berlin", asOf: "2026-03-19T06:00:00Z" };
const imported = (content: string | Uint8Array): RosterImport => importRoster(content, OPTIONS);
const HEAD = "employee_id,full_name,work_email,other_emails,status,start_date,last_working_day";

/** `ROSTER_DATE_INVALID 3 start_date` of each fault. */
function faults(content: string | Uint8Array): string[] {
  const outcome = imported(content);
  if (outcome.ok) throw new Error("it was taken in");
  return outcome.faults.map(({ code, line, column }) => `${code} ${line}${column ? ` ${column}` : ""}`);
}

function staff(content: string | Uint8Array) {
  const outcome = imported(content);
  if (!outcome.ok) throw new Error(outcome.faults.map(({ message }) => message).join("\n"));
  return outcome.roster.staff;
}

describe("a roster is read", () => {
  test("with every column", () => {
    const header =
      "employee_id,full_name,work_email,other_emails,employment_type,status,start_date,last_working_day,staff_role,department,manager_email,in_scope";
    const row =
      'E1,"Alder, Ana",ANA@acme.example,a@old.example; ANA@old.example,contractor,offboarded,2024-02-29,2026-03-31,Sales,North,Bo@acme.example,no';
    expect(staff(`${header}\n${row}\n`)).toEqual([
      {
        employeeId: "E1",
        fullName: "Alder, Ana",
        workEmail: "ana@acme.example",
        otherEmails: ["a@old.example", "ana@old.example"],
        employmentType: "contractor",
        status: "offboarded",
        startDate: "2024-02-29",
        lastWorkingDay: "2026-03-31",
        staffRole: "Sales",
        department: "North",
        managerEmail: "bo@acme.example",
        inScope: false,
        line: 2,
      },
    ]);
  });

  test("under the names that HR systems give the columns, in any order, beside others", () => {
    const text = [
      "Job Title,Primary Email,Employee Name,Employment Status,Employee Number,Hire Date,Team,Employment Type,Shoe size",
      "Sales,ana@acme.example,Ana Alder,On leave,7,2020-01-01,North,Full-time,39",
    ].join("\r\n");
    expect(staff(text)[0]).toMatchObject({
      employeeId: "7",
      staffRole: "Sales",
      status: "leave",
      employmentType: "employee",
      department: "North",
      inScope: true,
    });
    expect(imported(text)).toMatchObject({ ignoredColumns: ["Shoe size"] });
  });

  test("a column's own name beats an alias beside it", () => {
    const [member] = staff("id,employee_id,full_name,name,work_email,status\nx,E1,Ana Alder,nick,a@x.example,active");
    expect([member?.employeeId, member?.fullName]).toEqual(["E1", "Ana Alder"]);
  });

  test("with a byte order mark, lone carriage returns, and cells that hold quotes, commas and line breaks", () => {
    const [member] = staff(`\ufeff${HEAD}\rE1,"Ana ""A"", \r\nAlder",a@x.example,,active,,\r`);
    expect(member?.fullName).toBe('Ana "A", \r\nAlder');
  });

  test("its digest is of the bytes as given", () => {
    const text = `\ufeff${HEAD}\r\nE1,Ana,a@x.example,,active,,\r\n`;
    const outcome = imported(text);
    const bytes = imported(new TextEncoder().encode(text));
    expect(outcome.ok && outcome.roster.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome).toEqual(bytes);
  });

  test("spreadsheets add empty cells and empty lines at the end", () => {
    expect(staff(`${HEAD}\nE1,Ana,a@x.example,,active,,,,,\n,,,,,,\n\n\n`)).toHaveLength(1);
  });

  test("an address may pass on from somebody who left, and somebody may have none", () => {
    const rows = [
      "E1,Ana,a@x.example,,offboarded,,2024-01-31",
      "E2,Ada,a@x.example,,active,,",
      "E3,Al,a@x.example,,active,,2026-03-18", // over by the moment the roster speaks of
      "E4,Ida,,,active,,",
    ];
    expect(staff([HEAD, ...rows].join("\n"))).toHaveLength(4);
  });
});

describe("nothing is taken in", () => {
  test("and everything that is wrong is said at once, with its line", () => {
    const rows = [
      "E1,Ana,a@x.example,,active,,", // good
      ",,not an address,also not;b@x.example,gone,2026-02-30,01.03.2026",
      '"E2","Bea\nBerg",b@x.example,,offboarded,,', // two lines
      "E1,Cem,c@x.example,,active,2026-03-02,2026-03-01",
      "E4,Dan,A@X.example,,active,,",
      "E5,Eve,e@x.example,active,,",
      `E6,${"x".repeat(501)},f@x.example,,active,,`,
    ];
    expect(faults([HEAD, ...rows].join("\n"))).toEqual([
      "ROSTER_VALUE_MISSING 3 employee_id",
      "ROSTER_VALUE_MISSING 3 full_name",
      "ROSTER_EMAIL_INVALID 3 work_email",
      "ROSTER_EMAIL_INVALID 3 other_emails",
      "ROSTER_VALUE_INVALID 3 status",
      "ROSTER_DATE_INVALID 3 start_date",
      "ROSTER_DATE_INVALID 3 last_working_day",
      "ROSTER_VALUE_MISSING 4 last_working_day",
      "ROSTER_DAYS_REVERSED 6 last_working_day",
      "ROSTER_EMAIL_TWICE 7 work_email",
      "ROSTER_ROW_LENGTH 8",
      "ROSTER_VALUE_TOO_LONG 9 full_name",
    ]);
  });

  test("lines are those of an editor, also behind cells with line breaks of Windows", () => {
    const text = `${HEAD}\r\nE1,"Ana\r\nAlder\r\n",a@x.example,,active,,\r\n\r\nE2,Bea,b@x.example,,,,\r\n`;
    expect(faults(text)).toEqual(["ROSTER_VALUE_MISSING 6 status"]);
  });

  test.each([
    ["no rows", HEAD, ["ROSTER_EMPTY 1"]],
    ["nothing at all", "", ["ROSTER_EMPTY 1"]],
    ["an open quote", `${HEAD}\nE1,"Ana,a@x.example\n`, ["ROSTER_SYNTAX 2"]],
    ["a quote inside", `${HEAD}\nE1,A"na,a@x.example,,active,,\n`, ["ROSTER_SYNTAX 2"]],
    [
      "missing columns",
      "employee_id,name\nE1,Ana",
      ["ROSTER_COLUMN_MISSING 1 work_email", "ROSTER_COLUMN_MISSING 1 status"],
    ],
    ["semicolons", "employee_id;full_name;work_email;status\nE1;Ana;a@x.example;active", ["ROSTER_DELIMITER 1"]],
    [
      "two headers of one meaning",
      "employee_id,name,email,primary email,status\nE1,Ana,a@x.example,,active",
      ["ROSTER_COLUMN_TWICE 1 work_email"],
    ],
    [
      "one header twice",
      "employee_id,full_name,work_email,status,Status\nE1,A,,active,active",
      ["ROSTER_COLUMN_TWICE 1 status"],
    ],
    ["words of JavaScript", `${HEAD}\nE1,Ana,a@x.example,,constructor,,\n`, ["ROSTER_VALUE_INVALID 2 status"]],
    ["the same id", `${HEAD}\nE1,Ana,,,active,,\nE1,Bea,,,active,,`, ["ROSTER_ID_TWICE 3 employee_id"]],
  ])("of a file with %s", (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test("of a file in UTF-16 or Latin-1", () => {
    const text = `${HEAD}\nE1,Zoë,a@x.example,,active,,`;
    expect(faults(Buffer.from(text, "utf16le"))).toEqual(["ROSTER_ENCODING 1"]);
    expect(faults(Buffer.from(text, "latin1"))).toEqual(["ROSTER_ENCODING 1"]);
  });

  test("of a file that is too large", () => {
    expect(faults(new Uint8Array(LARGEST_BYTES + 1).fill(65))).toEqual(["ROSTER_TOO_LARGE 1"]);
    expect(faults(`${HEAD}\n${"E,A,,,active,,\n".repeat(MOST_ROWS + 1)}`)).toEqual(["ROSTER_TOO_LARGE 1"]);
  });

  test("and no more than 200 faults are told", () => {
    const found = faults(`${HEAD}\n${"E1,,,,active,,\n".repeat(1_000)}`);
    expect([found.length, found[200]]).toEqual([201, "ROSTER_MORE 202"]);
  });

  test("no fault repeats what a cell holds, and each says what to do", () => {
    const outcome = imported(`${HEAD}\nSECRET-1,Secret,secret secret,secret@,SECRET,secret,secret`);
    if (outcome.ok) throw new Error("it was taken in");
    for (const { message, hint } of outcome.faults) {
      expect(`${message} ${hint}`).not.toMatch(/secret/i);
      expect(hint).not.toBe("");
    }
  });
});

test.each(["+01:00", "Nowhere/Town", "", "berlin"])("%p is no time zone", async (timeZone) => {
  const failing = Promise.resolve().then(() => importRoster(HEAD, { ...OPTIONS, timeZone }));
  expect(await errorOf(failing)).toMatchObject({ name: "InputError", code: "TIME_ZONE_UNKNOWN" });
});

test("a moment that is none is refused", async () => {
  const failing = Promise.resolve().then(() => importRoster(HEAD, { ...OPTIONS, asOf: "yesterday" }));
  expect(await errorOf(failing)).toMatchObject({ code: "AS_OF_INVALID" });
});
