import { createHash, timingSafeEqual } from "node:crypto";

/** User and password of an HTTP Basic header; null when there is none, or it is not one. */
export function basicCredentials(header: string | undefined): { user: string; password: string } | null {
  const [, encoded] = /^basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Compares in a time that tells nothing about where, or whether in length, two texts differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
