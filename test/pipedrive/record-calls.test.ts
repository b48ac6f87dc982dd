import { describe, expect, test } from "@jest/globals";
import { NoEffectError, RecordError } from "../../src/errors.ts";
import { success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf, fixture, TOKEN } from "./client-under-test.ts";

const answering = useScriptedPipedrive();
const organization = fixture<{ id: number }>("rest-organization");
const deal = fixture<{ id: number }>("rest-deal");

describe("records", () => {
  test("a record is read from v2 with the token in its header, never in the address", async () => {
    const seen = answering(success(organization));
    const { pipedrive } = clientUnderTest();
    expect(await pipedrive.get("organization", 17)).toEqual(organization);
    expect(seen).toMatchObject([{ method: "GET", path: "/api/v2/organizations/17", query: {}, body: undefined }]);
    expect(seen[0]!.headers.get("x-api-token")).toBe(TOKEN);
  });

  test("what real accounts leave out or answer in another form is accepted", async () => {
    answering(success(deal));
    expect(await clientUnderTest().pipedrive.get("deal", 93)).toEqual(deal);
  });

  test("only what it is given is written, custom fields inside custom_fields", async () => {
    const seen = answering(success(organization));
    const { pipedrive } = clientUnderTest();
    const body = { name: "Zürich 株式会社", custom_fields: { ["1".repeat(40)]: null } };
    await pipedrive.patch("organization", 17, body);
    await pipedrive.create("organization", body);
    expect(seen).toMatchObject([
      { method: "PATCH", path: "/api/v2/organizations/17", body },
      { method: "POST", path: "/api/v2/organizations", body },
    ]);
    expect(seen[0]!.headers.get("content-type")).toBe("application/json");
  });

  test("many ids are asked for once each, a hundred at a time; missing ones are left out", async () => {
    const seen = answering(success([organization]), success([]));
    const ids = Array.from({ length: 101 }, (_, index) => index + 1);
    expect(await clientUnderTest().pipedrive.getMany("organization", [...ids, 1])).toEqual([organization]);
    expect(seen.map(({ query }) => query.ids!.split(",").length)).toEqual([100, 1]);
  });

  test("no ids cost no call", async () => {
    const { pipedrive, spent } = clientUnderTest();
    expect(await pipedrive.getMany("deal", [])).toEqual([]);
    expect(spent).toEqual([]);
  });

  test("recently updated records come page by page, asked for in whole seconds rounded down", async () => {
    const seen = answering(
      success([deal], { next_cursor: "abc" }),
      success([deal], { next_cursor: null }),
      success([deal]),
    );
    const { pipedrive } = clientUnderTest();
    const since = new Date("2026-08-12T09:30:01.999Z");
    expect(await pipedrive.listUpdated("deal", since)).toEqual({ records: [deal], cursor: "abc" });
    expect((await pipedrive.listUpdated("deal", since, { cursor: "abc", limit: 50 })).cursor).toBeNull();
    expect((await pipedrive.listUpdated("deal", since)).cursor).toBeNull();
    const query = { updated_since: "2026-08-12T09:30:01Z", sort_by: "update_time", sort_direction: "asc" };
    expect(seen[0]!.query).toEqual({ ...query, limit: "500" });
    expect(seen[1]!.query).toEqual({ ...query, limit: "50", cursor: "abc" });
  });
});

describe("search", () => {
  const hits = (...ids: number[]) => ({
    items: ids.map((id) => ({ result_score: 0.5, item: { id, type: "person" } })),
  });

  test("answers the ids of every page, each once", async () => {
    const seen = answering(success(hits(1, 2), { next_cursor: "abc" }), success(hits(2, 3), { next_cursor: null }));
    const { pipedrive, spent } = clientUnderTest();
    const query = { term: " ada@example.com ", field: "email", organizationId: 17 } as const;
    expect(await pipedrive.search("person", query)).toEqual([1, 2, 3]);
    const asked = {
      term: "ada@example.com",
      fields: "email",
      exact_match: "true",
      limit: "100",
      organization_id: "17",
    };
    expect(seen.map((one) => one.query)).toEqual([asked, { ...asked, cursor: "abc" }]);
    expect(spent.map(({ tokens }) => tokens)).toEqual([20, 20]);
  });

  test("in one field answers every page too, wherever in the value the term stands", async () => {
    const page = (next_cursor: string | null, ...ids: number[]) =>
      success(
        ids.map((id) => ({ id, name: "Acme" })),
        { next_cursor },
      );
    const seen = answering(page("abc", 7), page(null, 7, 9));
    const { pipedrive, spent } = clientUnderTest();
    expect(await pipedrive.searchField("organization", { term: "acme.example", key: "a".repeat(40) })).toEqual([7, 9]);
    const asked = { term: "acme.example", entity_type: "organization", field: "a".repeat(40), match: "middle" };
    expect(seen.map((one) => one.query)).toEqual([
      { ...asked, limit: "100" },
      { ...asked, limit: "100", cursor: "abc" },
    ]);
    expect(spent.map(({ tokens }) => tokens)).toEqual([20, 20]);
  });

  test("one without an end is an error, not a cut list", async () => {
    answering(success(hits(1), { next_cursor: "again" }));
    const { pipedrive } = clientUnderTest();
    const error = await errorOf(pipedrive.search("person", { term: "ada", field: "name" }));
    expect(error).toMatchObject({ name: "RecordError", code: "SEARCH_TOO_BROAD" });
  });

  test("one that failed is an error, never an empty answer, and does not name its term", async () => {
    answering({ status: 500, body: { success: false, error: "Internal Server Error", code: "ERR_UNKNOWN" } });
    const { pipedrive } = clientUnderTest();
    const error = await errorOf(pipedrive.search("person", { term: "ada@secret.example", field: "email" }));
    expect(error).toBeInstanceOf(NoEffectError);
    expect(error.message).not.toContain("secret");
  });

  test("one for nothing is refused before it is sent", async () => {
    const { pipedrive, spent } = clientUnderTest();
    const error = await errorOf(pipedrive.search("organization", { term: "  ", field: "name" }));
    expect(error).toBeInstanceOf(RecordError);
    expect(spent).toEqual([]);
  });
});
