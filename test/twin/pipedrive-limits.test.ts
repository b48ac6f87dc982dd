import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { call, type Rig, startRig } from "./pipedrive-rig.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({}, { limits: { off: false }, plan: "lite" });
});
afterEach(() => rig.twin.close());

const limit = (limits: Record<string, unknown>) => rig.control("POST", "/companies", { domain: "acme", limits });
const me = () => rig.api("GET", "/api/v1/users/me");

test.each([
  ["lite", 20, 60_000],
  ["growth", 40, 120_000],
  ["premium", 100, 300_000],
  ["ultimate", 120, 420_000],
])(
  "%s: %i calls in two seconds, four times that with OAuth, %i tokens a day for two people",
  async (plan, burst, daily) => {
    await rig.control("POST", "/companies", { domain: "acme", plan });
    const limits = ({ headers }: { headers: Headers }) =>
      ["x-ratelimit-limit", "x-daily-ratelimit-token-limit"].map((name) => Number(headers.get(name)));
    expect(limits(await me())).toEqual([burst, daily]);
    const bearer = { authorization: `Bearer ${rig.account.users[0]?.access_token}` };
    expect(limits(await call(rig.twin, "GET", "/api/v1/users/me", undefined, bearer))).toEqual([4 * burst, daily]);
  },
);

describe("the two-second window", () => {
  test("refuses the 21st call of a Lite token with the gateway's body and headers, and rolls on", async () => {
    const first = await me();
    expect(first.headers.get("x-ratelimit-limit")).toBe("20");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("19");
    for (let i = 1; i < 20; i++) await me();
    const refused = await me();
    expect([refused.status, refused.body]).toEqual([
      429,
      {
        success: false,
        error: "Request over limit",
        errorCode: 429,
        error_info: "Please check developers.pipedrive.com",
      },
    ]);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("x-ratelimit-reset")).toBe("2");
    expect(refused.headers.get("retry-after")).toBeNull();
    const other = await rig.api("GET", "/api/v1/users/me", undefined, rig.account.users[1]?.api_token);
    expect(other.status).toBe(200);
    rig.twin.clock.advance(2000);
    expect((await me()).status).toBe(200);
  });

  test.each([
    ["short", { success: false, error: "Request over limit", errorCode: 429 }],
    [
      "v1",
      {
        success: false,
        error: "Request over limit",
        error_info: expect.any(String),
        data: null,
        additional_data: null,
      },
    ],
  ])("can be worded otherwise: %s", async (burstBody, body) => {
    await rig.control("POST", "/companies", { domain: "acme", limits: { burstPer2s: 1 }, switches: { burstBody } });
    await me();
    const refused = await me();
    expect([refused.status, refused.body]).toEqual([429, body]);
  });

  test("holds ten searches whatever the plan", async () => {
    await limit({ burstPer2s: 100 });
    const search = () => rig.api("GET", "/api/v2/persons/search?term=nobody");
    for (let i = 0; i < 10; i++) expect((await search()).status).toBe(200);
    expect((await search()).status).toBe(429);
    expect((await me()).status).toBe(200);
  });

  test("turns into an HTML 403 for tokens that do not stop", async () => {
    await limit({ burstPer2s: 1, abuseAfter: 3 });
    await me();
    for (let i = 0; i < 3; i++) expect((await me()).status).toBe(429);
    const blocked = await me();
    expect([blocked.status, blocked.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
    expect(blocked.text).toContain("<html");
    rig.twin.clock.advance(3000);
    expect((await me()).status).toBe(403);
    rig.twin.clock.advance(60_000);
    expect((await me()).status).toBe(200);
  });
});

describe("the daily budget", () => {
  test("is 30,000 tokens per seat on Lite, and its end says when the next day begins", async () => {
    const first = await rig.api("GET", "/api/v2/deals");
    expect(first.headers.get("x-daily-ratelimit-token-limit")).toBe("60000");
    expect(first.headers.get("x-daily-ratelimit-token-remaining")).toBe("59990");
    await rig.control("POST", "/companies/acme/budget", { remaining: 9 });
    const refused = await rig.api("GET", "/api/v2/deals");
    expect([refused.status, refused.body]).toEqual([
      429,
      { success: false, error: "daily request budget exceeded", errorCode: 429 },
    ]);
    expect(refused.headers.get("x-daily-ratelimit-token-remaining")).toBe("0");
    expect(refused.headers.get("retry-after")).toBe(String(14 * 3600));
    expect((await me()).status).toBe(200); // still affordable
    rig.twin.clock.advance(14 * 3600 * 1000);
    expect((await rig.api("GET", "/api/v2/deals")).status).toBe(200);
  });

  test("can begin at another hour, charge for refused calls and say more", async () => {
    const switches = { refusedCallsCost: true, burstRetryAfter: true, dailyErrorInfo: true, dailyResetHour: 12 };
    await rig.control("POST", "/companies", { domain: "acme", switches, limits: { burstPer2s: 1, dailyTokens: 5 } });
    await me();
    const burst = await me();
    expect([burst.status, burst.headers.get("retry-after")]).toEqual([429, "2"]);
    rig.twin.clock.advance(2_000);
    const daily = await me(); // 2 + 2 of 5 are gone
    const noon = 2 * 3600 - 2;
    expect([daily.status, daily.body.error_info, daily.headers.get("retry-after")]).toEqual([
      429,
      "Please check developers.pipedrive.com",
      String(noon),
    ]);
    rig.twin.clock.advance(noon * 1000);
    expect((await me()).status).toBe(200);
  });

  test("people's edits cost nothing, and refused calls neither", async () => {
    await rig.edit({ object: "organization", set: { name: "Typed" } });
    await limit({ burstPer2s: 1 });
    await me();
    await me();
    const { body } = await rig.control("GET", "/companies/acme/spend");
    expect([body.tokens, body.calls, body.refused]).toEqual([2, 1, 1]);
    expect(body.byEndpoint).toEqual({ "GET /api/v1/users/me": { calls: 1, tokens: 2 } });
    expect(body.byOperation).toEqual({ "users.me": { calls: 1, tokens: 2 } });
  });
});
