import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { createVault, MasterKeyError, VaultError } from "../../src/store/vault.ts";

const first = randomBytes(32);
const vault = createVault(new Map([[1, first]]));
const wrapped = vault.newTenantKey("acme");
const key = vault.tenantKey("acme", wrapped);

describe("a tenant's key", () => {
  test("opens what it sealed, text and JSON alike", () => {
    expect(key.unseal("inbox.payload", key.seal("inbox.payload", "Zürich 株式会社"))).toBe("Zürich 株式会社");
    expect(key.unsealJson("link.bases", key.sealJson("link.bases", { a: [1, null] }))).toEqual({ a: [1, null] });
    expect(key.unseal("x", key.seal("x", ""))).toBe("");
  });

  test("opens a value that comes back as a view into a larger buffer", () => {
    const sealed = key.seal("x", "value");
    const row = new Uint8Array([9, 9, ...sealed, 9]);
    expect(key.unseal("x", row.subarray(2, 2 + sealed.length))).toBe("value");
  });

  test("seals the same text differently each time, and never readably", () => {
    const a = key.seal("x", "secret-value");
    expect(a.equals(key.seal("x", "secret-value"))).toBe(false);
    expect(a.includes("secret-value")).toBe(false);
  });

  test("does not open a value moved to another column or tenant, changed, or cut", () => {
    const sealed = key.seal("x", "value");
    const other = vault.tenantKey("other", vault.newTenantKey("other"));
    const changed = Buffer.from(sealed);
    changed[15] = (changed[15] ?? 0) ^ 1;
    expect(() => key.unseal("y", sealed)).toThrow(VaultError);
    expect(() => other.unseal("x", sealed)).toThrow(VaultError);
    expect(() => key.unseal("x", changed)).toThrow(VaultError);
    for (const length of [0, 1, 20, sealed.length - 1]) {
      expect(() => key.unseal("x", sealed.subarray(0, length))).toThrow(VaultError);
    }
  });

  test("says which column of which tenant does not open, and nothing of its content", () => {
    expect(() => key.unseal("y", key.seal("x", "value"))).toThrow("y of tenant acme does not open under its key");
  });

  test("hashes an identity the same every time for one tenant and differently for another", () => {
    const other = vault.tenantKey("other", vault.newTenantKey("other"));
    const again = vault.tenantKey("acme", wrapped);
    expect(again.identityHash("acme.com")).toBe(key.identityHash("acme.com"));
    expect(other.identityHash("acme.com")).not.toBe(key.identityHash("acme.com"));
  });
});

describe("a wrapped key", () => {
  test("opens for its own tenant only", () => {
    expect(() => vault.tenantKey("other", wrapped)).toThrow(VaultError);
  });

  test("does not open under another master key, and names tenant and version", () => {
    const other = createVault(new Map([[1, randomBytes(32)]]));
    expect(() => other.tenantKey("acme", wrapped)).toThrow(MasterKeyError);
    expect(() => other.tenantKey("acme", wrapped)).toThrow("the key of tenant acme does not open under MASTER_KEY_V1");
  });

  test("re-wrapped under a newer master key still opens what was sealed before, without the old one", () => {
    const second = randomBytes(32);
    const sealed = key.seal("x", "value");
    const rotating = createVault(
      new Map([
        [1, first],
        [2, second],
      ]),
    );
    const rewrapped = rotating.rewrap("acme", wrapped);
    const after = createVault(new Map([[2, second]]));
    expect(after.tenantKey("acme", rewrapped).unseal("x", sealed)).toBe("value");
    expect(() => after.tenantKey("acme", wrapped)).toThrow("master key version 1 is not configured (MASTER_KEY_V1)");
  });
});
