import { describe, expect, test } from "@jest/globals";
import { signBody, verifySignature } from "../../src/partner/signature.ts";

const nowMs = Date.UTC(2025, 2, 4, 10, 15, 30);
const rawBody = '{"type":"partner.updated"}';
const secrets = ["old-secret", "new-secret"];
const header = signBody("new-secret", rawBody, nowMs);

function check(changes: Partial<Parameters<typeof verifySignature>[0]>) {
  return verifySignature({ header, rawBody, secrets, nowMs, ...changes });
}

describe("signature", () => {
  test("is the hmac of time and body, in the documented form", () => {
    expect(signBody("s3cret", "{}", 1_700_000_000_999)).toBe(
      "t=1700000000,v1=97926816e98fbb41ccb1673225ff29a2f35369099990e1b1561651e7bd097ebf",
    );
  });

  test("of either secret is accepted while one is being rotated", () => {
    expect(check({})).toEqual({ ok: true });
    expect(check({ header: signBody("old-secret", rawBody, nowMs) })).toEqual({ ok: true });
    expect(check({ header: signBody("older-secret", rawBody, nowMs) })).toEqual({ ok: false, reason: "mismatch" });
  });

  test("may stand beside others, of our scheme or one we do not know", () => {
    const v1 = header.split("v1=")[1];
    const t = header.split(",")[0];
    expect(check({ header: `${t},v1=${"0".repeat(64)},v1=${v1},v2=abc` })).toEqual({ ok: true });
    expect(check({ header: `${t}, v1=${v1}` })).toEqual({ ok: true });
  });

  test("does not fit other bytes or another time", () => {
    expect(check({ rawBody: `${rawBody} ` })).toEqual({ ok: false, reason: "mismatch" });
    const t = Math.floor(nowMs / 1000);
    expect(check({ header: header.replace(`t=${t}`, `t=${t + 1}`) })).toEqual({ ok: false, reason: "mismatch" });
  });

  test("covers bytes, whatever their encoding", () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3]);
    expect(check({ header: signBody("new-secret", bytes, nowMs), rawBody: bytes })).toEqual({ ok: true });
  });

  test("expires five minutes away from our clock, both ways", () => {
    expect(check({ nowMs: nowMs + 300_000 })).toEqual({ ok: true });
    expect(check({ nowMs: nowMs + 301_000 })).toEqual({ ok: false, reason: "expired" });
    expect(check({ nowMs: nowMs - 301_000 })).toEqual({ ok: false, reason: "expired" });
    expect(check({ nowMs: nowMs + 2_000, windowMs: 1_000 })).toEqual({ ok: false, reason: "expired" });
  });

  test("is missing when there is no header", () => {
    expect(check({ header: undefined })).toEqual({ ok: false, reason: "missing" });
    expect(check({ header: "" })).toEqual({ ok: false, reason: "missing" });
  });

  test.each([
    "v1=00",
    `v1=${"0".repeat(64)}`,
    "t=12",
    `t=1,t=2,v1=${"0".repeat(64)}`,
    `t=now,v1=${"0".repeat(64)}`,
    `t=1,v1=${"0".repeat(63)}`,
    `t=1,v1=${"Z".repeat(64)}`,
    "nonsense",
    `t=1${`,v1=${"0".repeat(64)}`.repeat(9)}`,
  ])("is malformed as %p", (malformed) => {
    expect(check({ header: malformed })).toEqual({ ok: false, reason: "malformed" });
  });

  test("given twice is malformed", () => {
    expect(check({ header: [header, header] })).toEqual({ ok: false, reason: "malformed" });
  });

  test("never fits when there is no secret to check with", () => {
    expect(check({ secrets: [] })).toEqual({ ok: false, reason: "mismatch" });
    expect(check({ secrets: [""], header: signBody("", rawBody, nowMs) })).toEqual({ ok: false, reason: "mismatch" });
  });
});
