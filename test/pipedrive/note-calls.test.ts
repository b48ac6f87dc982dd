import { describe, expect, test } from "@jest/globals";
import { success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest } from "./client-under-test.ts";

const answering = useScriptedPipedrive();

describe("notes", () => {
  test("a note is added to its deal, by v1", async () => {
    const seen = answering(success({ id: 5, content: "rejected" }));
    expect(await clientUnderTest().pipedrive.addNote({ dealId: 93, content: "rejected" })).toEqual({ id: 5 });
    expect(seen).toMatchObject([{ method: "POST", path: "/api/v1/notes", body: { deal_id: 93, content: "rejected" } }]);
  });

  test("all notes of a deal are listed, page by page", async () => {
    const more = { pagination: { start: 0, limit: 100, more_items_in_collection: true, next_start: 100 } };
    const last = { pagination: { start: 100, limit: 100, more_items_in_collection: false } };
    const seen = answering(success([{ id: 1, content: "one" }], more), success([{ id: 2, content: null }], last));
    const notes = await clientUnderTest().pipedrive.listNotes(93);
    expect(notes).toEqual([
      { id: 1, content: "one" },
      { id: 2, content: "" },
    ]);
    expect(seen.map(({ query }) => query)).toEqual([
      { deal_id: "93", start: "0", limit: "100" },
      { deal_id: "93", start: "100", limit: "100" },
    ]);
  });

  test.each([
    ["204 without a body", { status: 204 }],
    ["null", success(null)],
  ])("none is none, also when it is answered with %s", async (_, answer) => {
    answering(answer);
    expect(await clientUnderTest().pipedrive.listNotes(93)).toEqual([]);
  });
});
