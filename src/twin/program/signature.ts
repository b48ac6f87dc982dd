import { createHmac, timingSafeEqual } from "node:crypto";

/*
 * The sync has its own copy of this scheme. A twin that borrowed it would agree with any mistake in it.
 */

export const SIGNATURE_HEADER = "x-program-signature";
const WINDOW_SECONDS = 300;

export function sign(secret: string, rawBody: string | Buffer, atMs: number): string {
  const t = Math.floor(atMs / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.`).update(rawBody).digest("hex")}`;
}

/** What is wrong with a request's signature; null when nothing is. */
export function signatureFault(
  header: unknown,
  rawBody: string | Buffer,
  secrets: readonly string[],
  nowMs: number,
): string | null {
  if (typeof header !== "string" || header === "") return "signature_missing";
  const entries = header.split(",").map((entry) => entry.trim().split("="));
  const t = Number(entries.find(([name]) => name === "t")?.[1]);
  const given = entries.filter(([name]) => name === "v1").map(([, value]) => Buffer.from(value ?? "", "hex"));
  if (!Number.isInteger(t) || given.length === 0) return "signature_malformed";
  if (Math.abs(nowMs / 1000 - t) > WINDOW_SECONDS) return "signature_expired";
  const fits = secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(`${t}.`).update(rawBody).digest();
    return given.some((candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected));
  });
  return fits ? null : "signature_mismatch";
}
