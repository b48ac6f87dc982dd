import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTenants } from "../../src/store/tenants.ts";
import { mappingDocument } from "../../src/sync/mapping/document.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

describe("tenants", () => {
  test("are found by their id, and listed by it", async () => {
    const { tenants } = store;
    await tenants.create({ id: "kestrel-obs", name: "Kestrel 株式会社" });
    await tenants.create({ id: "harbourline", name: "Harbourline" });
    expect((await tenants.list()).map((tenant) => tenant.id)).toEqual(["harbourline", "kestrel-obs"]);
    expect(await tenants.get("kestrel-obs")).toMatchObject({ name: "Kestrel 株式会社", pausedAt: null });
    expect(await tenants.get("nobody")).toBeNull();
  });

  test("cannot have an id twice, nor one that does not fit into a URL", async () => {
    await store.tenants.create({ id: "twice", name: "" });
    await expect(store.tenants.create({ id: "twice", name: "" })).rejects.toMatchObject({
      code: "TENANT_EXISTS",
      hint: expect.stringContaining("partnersync tenant list"),
    });
    for (const id of ["", "Upper", "a_b", "a/b"]) {
      await expect(store.tenants.create({ id, name: "" })).rejects.toMatchObject({ code: "TENANT_ID_INVALID" });
    }
  });

  test("have the ids that a mapping document can name", async () => {
    for (const id of ["a", "ab", "x".repeat(40), "x".repeat(41), "x".repeat(63)]) {
      const named = mappingDocument.shape.tenant.safeParse(id).success;
      const added = await store.tenants.create({ id, name: "" }).then(
        () => true,
        () => false,
      );
      expect({ id, added }).toEqual({ id, added: named });
    }
  });

  test("each seal with a key of their own, the same one in every process", async () => {
    await store.tenants.create({ id: "one", name: "" });
    await store.tenants.create({ id: "two", name: "" });
    const sealed = (await store.tenants.key("one")).seal("inbox.payload", "secret");
    const elsewhere = createTenants(store.db, store.vault);
    expect((await elsewhere.key("one")).unseal("inbox.payload", sealed)).toBe("secret");
    const other = await store.tenants.key("two");
    expect(() => other.unseal("inbox.payload", sealed)).toThrow("does not open");
    await expect(store.tenants.key("nobody")).rejects.toMatchObject({ code: "UNKNOWN_TENANT" });
  });

  test("ask the database for their key once, however many ask", async () => {
    await store.tenants.create({ id: "busy", name: "" });
    const tenants = createTenants(store.db, store.vault);
    const [first, second] = await Promise.all([tenants.key("busy"), tenants.key("busy")]);
    expect(first).toBe(second);
    expect(await tenants.key("busy")).toBe(first);
  });
});
