import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/*
 * Envelope encryption. A master key (from the environment, versioned) wraps one data key per tenant; the data key
 * seals that tenant's columns. Changing the master key means re-wrapping data keys, not re-sealing columns; forgetting
 * a tenant means destroying its wrapped key.
 *
 *   wrapped data key: master key version (1 byte) | nonce (12) | ciphertext (32) | tag (16)
 *   sealed column:    data key version   (1 byte) | nonce (12) | ciphertext      | tag (16)
 *
 * Both are AES-256-GCM, bound to tenant, column and key version: a value copied into another row does not open.
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const DATA_KEY_VERSION = 1;
const DATA_KEY_COLUMN = "tenant.data_key";

/** Something does not open: wrong tenant or column, a key that is gone, or bytes that were changed. */
export class VaultError extends Error {
  override name = "VaultError";
}

/** A tenant's data key does not open: this process was given another master key than the one that wrapped it. */
export class MasterKeyError extends VaultError {
  override name = "MasterKeyError";
}

/** Opens and closes the tenants' data keys. */
export interface Vault {
  /** A new data key, wrapped under the newest master key: what the tenant's row keeps. */
  newTenantKey(tenantId: string): Buffer<ArrayBuffer>;
  /** @throws MasterKeyError */
  tenantKey(tenantId: string, wrapped: Uint8Array): TenantKey;
  /** The same data key under the newest master key, after that was changed. @throws MasterKeyError */
  rewrap(tenantId: string, wrapped: Uint8Array): Buffer<ArrayBuffer>;
}

/** Seals one tenant's secrets and personal data. `column` says where a value belongs, e.g. "inbox.payload". */
export interface TenantKey {
  seal(column: string, plain: string | Uint8Array): Buffer<ArrayBuffer>;
  /** @throws VaultError */
  unseal(column: string, sealed: Uint8Array): string;
  sealJson(column: string, value: unknown): Buffer<ArrayBuffer>;
  /** What was sealed, as parsed JSON; `T` is the caller's word for it. @throws VaultError */
  unsealJson<T>(column: string, sealed: Uint8Array): T;
  /** Keyed hash (base64url, 43 characters) to compare identities without keeping them readable. Differs per tenant. */
  identityHash(text: string): string;
}

/**
 * @param masterKeys version (1..255) → 32 bytes; the highest wraps new keys, the others still open old ones
 */
export function createVault(masterKeys: ReadonlyMap<number, Buffer>): Vault {
  const newest = Math.max(...masterKeys.keys());

  function wrap(tenantId: string, dataKey: Buffer): Buffer<ArrayBuffer> {
    return close(masterKey(newest), newest, [tenantId, DATA_KEY_COLUMN], dataKey);
  }
  function unwrap(tenantId: string, wrapped: Uint8Array): Buffer {
    const version = wrapped[0] ?? 0;
    try {
      return open(masterKey(version), [tenantId, DATA_KEY_COLUMN], wrapped);
    } catch (cause) {
      if (cause instanceof MasterKeyError || !(cause instanceof VaultError)) throw cause;
      throw new MasterKeyError(`the key of tenant ${tenantId} does not open under MASTER_KEY_V${version}`, { cause });
    }
  }
  function masterKey(version: number): Buffer {
    const key = masterKeys.get(version);
    if (!key) throw new MasterKeyError(`master key version ${version} is not configured (MASTER_KEY_V${version})`);
    return key;
  }

  return {
    newTenantKey: (tenantId) => wrap(tenantId, randomBytes(KEY_BYTES)),
    tenantKey: (tenantId, wrapped) => createTenantKey(tenantId, unwrap(tenantId, wrapped)),
    rewrap: (tenantId, wrapped) => wrap(tenantId, unwrap(tenantId, wrapped)),
  };
}

function createTenantKey(tenantId: string, dataKey: Buffer): TenantKey {
  const sealing = subkey(dataKey, "seal");
  const hashing = subkey(dataKey, "identity");

  const key: TenantKey = {
    seal: (column, plain) => close(sealing, DATA_KEY_VERSION, [tenantId, column], plain),
    unseal: (column, sealed) => open(sealing, [tenantId, column], sealed).toString("utf8"),
    sealJson: (column, value) => key.seal(column, JSON.stringify(value)),
    unsealJson: (column, sealed) => JSON.parse(key.unseal(column, sealed)),
    identityHash: (text) => createHmac("sha256", hashing).update(text).digest("base64url"),
  };
  return key;
}

/** One key, one purpose: what hashes identities must not be what seals columns. */
function subkey(dataKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", dataKey, "", `partnersync ${purpose}`, KEY_BYTES));
}

type Place = [tenantId: string, column: string];

function close(key: Buffer, version: number, place: Place, plain: string | Uint8Array): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundTo(place, version));
  const text = cipher.update(typeof plain === "string" ? Buffer.from(plain, "utf8") : plain);
  return Buffer.concat([Buffer.of(version), nonce, text, cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, place: Place, bytes: Uint8Array): Buffer {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = sealed[0] ?? 0;
  try {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(place, version)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new VaultError(`${place[1]} of tenant ${place[0]} does not open under its key`, { cause });
  }
}

/** Unambiguous whatever the names hold. */
function boundTo(place: Place, version: number): Buffer {
  return Buffer.from(JSON.stringify([...place, version]));
}
