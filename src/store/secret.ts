import { createHash, randomBytes } from "node:crypto";

/** 256 random bits behind a prefix that scanners for leaked secrets can know. */
export function newSecret(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** What is kept of one: with 256 random bits nothing slower than SHA-256 is needed. */
export function hashOf(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(secret).digest());
}
