import { expect, test } from "@jest/globals";
import { assess } from "../../src/access/assess.ts";
import { importRoster } from "../../src/access/roster/import-roster.ts";
import type { StaffMember } from "../../src/access/roster/roster.ts";
import type { Part, Snapshot } from "../../src/access/snapshot.ts";
import { policyOf, rosterText, snapshotOf, user } from "./world.ts";

/** How often a member of any of these objects is read. */
function counting<T extends object>(objects: readonly T[], count: { reads: number }): T[] {
  return objects.map(
    (object) =>
      new Proxy(object, {
        get(target, member) {
          count.reads += 1;
          return Reflect.get(target, member);
        },
      }),
  );
}

/** A company in which all kinds of matches and findings occur, also many of one name and one local part. */
function company(accounts: number): { staff: StaffMember[]; snapshot: Snapshot } {
  const rows = Array.from({ length: 2 * accounts }, (_, i) => {
    const gone = i % 10 === 0;
    const name = i % 7 === 0 ? "Same Name" : `Person Number${i}`;
    return `P${i},${name},p${i}@acme.example,${i % 5 === 0 ? `same@d${i}.example` : ""},employee,${gone ? "offboarded" : "active"},,${gone ? "2026-03-01" : ""},Sales,`;
  });
  const users = Array.from({ length: accounts }, (_, i) => {
    const email = i % 11 === 0 ? "same@elsewhere.example" : i % 13 === 0 ? `x${i}@else.example` : `p${i}@acme.example`;
    return user(i + 2, i % 13 === 0 ? "Same Name" : `Person Number${i}`, email);
  });
  const imported = importRoster(rosterText(rows), { timeZone: "Europe/Berlin", asOf: "2026-03-19T06:00:00Z" });
  if (!imported.ok) throw new Error(imported.faults[0]?.message);
  return { staff: imported.roster.staff, snapshot: snapshotOf({ assessed: true, value: users }) };
}

function contentOf<T>(part: Part<T>): T {
  if (!part.assessed) throw new Error("not assessed");
  return part.value;
}

function readsOf(accounts: number): number {
  const count = { reads: 0 };
  const { staff, snapshot } = company(accounts);
  const users = { assessed: true as const, value: counting(contentOf(snapshot.content.users), count) };
  const run = assess({
    runId: "growth",
    at: new Date("2026-03-20T12:00:00Z"),
    toolVersion: "0",
    snapshot: { ...snapshot, content: { ...snapshot.content, users } },
    roster: { staff: counting(staff, count), timeZone: "Europe/Berlin", asOf: "2026-03-19T06:00:00.000Z", sha256: "" },
    policy: policyOf(),
  });
  expect(run.accounts).toHaveLength(accounts);
  return count.reads;
}

test("twice the accounts and twice the roster are twice the work", () => {
  const [small, large] = [readsOf(1_000), readsOf(2_000)];
  expect(small).toBeGreaterThan(10_000);
  expect(large / small).toBeLessThan(2.2); // four, if each account were compared with each row
});

test("5,000 accounts and a roster of 10,000 lines are assessed whole", () => {
  expect(readsOf(5_000)).toBeLessThan(60 * 15_000);
});
