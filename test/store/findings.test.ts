import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createFindings, type Findings } from "../../src/store/findings.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
let findings: Findings;

beforeAll(async () => {
  store = await openTestStore();
  findings = createFindings(store.db, store.tenants);
  await store.tenants.create({ id: "harbourline", name: "" });
  await store.tenants.create({ id: "kestrel-obs", name: "" });
});
afterAll(() => store.stop());

const finding = { tenantId: "harbourline", code: "OPTION_UNKNOWN", severity: "warning" } as const;

describe("findings", () => {
  test("are open once per subject, and count how often they were met", async () => {
    await findings.raise({ ...finding, subject: "organization 1", message: "first", detail: { option: 12 } });
    await findings.raise({ ...finding, subject: "organization 1", message: "again" });
    await findings.raise({ ...finding, subject: "organization 2", message: "other" });
    const [latest, first] = await findings.list("harbourline");
    expect(latest).toMatchObject({ subject: "organization 2", count: 1, detail: null });
    expect(first).toMatchObject({ subject: "organization 1", count: 2, message: "again", detail: { option: 12 } });
  });

  test("are closed by a person of their tenant only, and may be opened anew", async () => {
    const one = { ...finding, code: "CLOSED_ONCE", subject: "deal 1", message: "" };
    await findings.raise(one);
    const id = (await findings.list("harbourline")).find((known) => known.code === "CLOSED_ONCE")?.id as number;
    expect(await findings.close("kestrel-obs", id)).toBe(false);
    expect(await findings.close("harbourline", id)).toBe(true);
    expect(await findings.close("harbourline", id)).toBe(false);
    await findings.raise(one);
    const all = (await findings.list("harbourline", { all: true })).filter((known) => known.code === "CLOSED_ONCE");
    expect(all.map((known) => [known.closedAt === null, known.count])).toEqual([
      [true, 1],
      [false, 1],
    ]);
  });

  test("are closed when they were not met again since", async () => {
    const hour = 3_600_000;
    const codes = async () => (await findings.list("harbourline")).map((known) => known.code);
    for (const code of ["GONE", "OTHER"]) await findings.raise({ ...finding, code, subject: "deal 2", message: "" });
    await findings.closeOlder("harbourline", ["GONE"], new Date(Date.now() - hour));
    expect(await codes()).toEqual(expect.arrayContaining(["GONE", "OTHER"]));
    await findings.closeOlder("harbourline", ["GONE"], new Date(Date.now() + hour));
    expect(await codes()).not.toContain("GONE");
    expect(await codes()).toContain("OTHER");
  });

  test("of another tenant are not shown", async () => {
    expect(await findings.list("kestrel-obs", { all: true })).toEqual([]);
  });
});
