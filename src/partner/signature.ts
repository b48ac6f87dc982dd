import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * How both sides of the partner program sign what they send:
 * `X-Program-Signature: t=<unix seconds>,v1=<hex hmac-sha256 of "t.rawbody">`.
 *
 * A request without a body (GET) signs its path with query, as it stands on the request line, in place of the body.
 */
export const SIGNATURE_HEADER = "x-program-signature";

/** How far the signer's clock may be from ours, either way. */
export const SIGNATURE_WINDOW_MS = 300_000;

/** More entries than any rotation needs; a bound on the work one header can cause. */
const MAX_ENTRIES = 8;
const MAX_HEADER_LENGTH = 1_024;

export type SignatureFault = "missing" | "malformed" | "expired" | "mismatch";
export type SignatureCheck = { ok: true } | { ok: false; reason: SignatureFault };

/**
 * The header value for one request.
 *
 * @param rawBody the bytes that will be sent, or path with query for a GET
 * @param atMs the sender's clock, ms since the epoch
 */
export function signBody(secret: string, rawBody: string | Buffer, atMs: number): string {
  const t = Math.floor(atMs / 1000);
  return `t=${t},v1=${digest(secret, t, rawBody).toString("hex")}`;
}

/**
 * Whether one of our secrets signed exactly these bytes, lately.
 *
 * @param rawBody the bytes as received, before any parsing; path with query for a GET
 * @param secrets every secret in force: two while one is being rotated. None means nothing can be valid.
 * @param windowMs accepted distance between the signer's clock and `nowMs`, either way
 */
export function verifySignature(input: {
  header: string | string[] | undefined;
  rawBody: string | Buffer;
  secrets: readonly string[];
  nowMs: number;
  windowMs?: number;
}): SignatureCheck {
  if (input.header === undefined || input.header.length === 0) return { ok: false, reason: "missing" };
  const signed = typeof input.header === "string" ? parseHeader(input.header) : null;
  if (!signed) return { ok: false, reason: "malformed" };
  if (Math.abs(input.nowMs - signed.t * 1000) > (input.windowMs ?? SIGNATURE_WINDOW_MS)) {
    return { ok: false, reason: "expired" };
  }

  // Every pair is compared, so that the time taken does not tell which secret or entry was right.
  let matches = false;
  for (const secret of input.secrets) {
    if (secret === "") continue;
    const expected = digest(secret, signed.t, input.rawBody);
    for (const candidate of signed.v1) matches = timingSafeEqual(expected, candidate) || matches;
  }
  return matches ? { ok: true } : { ok: false, reason: "mismatch" };
}

function digest(secret: string, t: number, rawBody: string | Buffer): Buffer {
  return createHmac("sha256", secret).update(`${t}.`).update(rawBody).digest();
}

/** Unknown schemes (`v2=`) are skipped, so that a program may add one while we still speak the first. */
function parseHeader(header: string): { t: number; v1: Buffer[] } | null {
  if (header.length > MAX_HEADER_LENGTH) return null;
  const times: number[] = [];
  const v1: Buffer[] = [];
  for (const entry of header.split(",")) {
    const [, name, value] = /^\s*([a-z0-9]+)=([^=\s]+)\s*$/.exec(entry) ?? [];
    if (name === undefined || value === undefined) return null;
    if (name === "t") {
      if (!/^\d{1,12}$/.test(value)) return null;
      times.push(Number(value));
    }
    if (name === "v1") {
      if (!/^[0-9a-f]{64}$/.test(value)) return null;
      v1.push(Buffer.from(value, "hex"));
    }
  }
  const [t] = times;
  if (t === undefined || times.length > 1 || v1.length === 0 || v1.length > MAX_ENTRIES) return null;
  return { t, v1 };
}
