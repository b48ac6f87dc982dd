import { gunzipSync, gzipSync } from "node:zlib";
import type { TenantKey } from "./vault.ts";

/**
 * Seals what may be megabytes: snapshots, rosters and runs repeat themselves, and what is sealed cannot be made smaller
 * afterwards.
 */
export function sealContent(key: TenantKey, column: string, content: string | Uint8Array): Buffer<ArrayBuffer> {
  return key.seal(column, gzipSync(content).toString("base64"));
}

/** Byte for byte what was sealed. @throws VaultError */
export function unsealContent(key: TenantKey, column: string, sealed: Uint8Array): Buffer {
  return gunzipSync(Buffer.from(key.unseal(column, sealed), "base64"));
}
