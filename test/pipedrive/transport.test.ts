import { describe, expect, jest, test } from "@jest/globals";
import { ConnectionError, NoEffectError, OutcomeUnknownError, ParkedError, RecordError } from "../../src/errors.ts";
import { createTokenWindow } from "../../src/pipedrive/token-window.ts";
import { type ScriptedAnswer, success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf, fixture } from "./client-under-test.ts";

const answering = useScriptedPipedrive();
const organization = fixture<{ id: number }>("rest-organization");
const errors = fixture<Record<string, ScriptedAnswer["body"]>>("errors");

describe("an answer that cannot be used", () => {
  test.each<[string, ScriptedAnswer]>([
    ["a page instead of JSON", { page: "<html>maintenance</html>" }],
    ["nothing", { status: 200 }],
    ["a record without an id", success({ update_time: "2026-08-12T09:30:01Z", custom_fields: {} })],
    ["a record without custom fields", success({ id: 17, update_time: "2026-08-12T09:30:01Z" })],
    ["no data", { body: { success: true } }],
    ["success: false", { body: { success: false } }],
    ["5xx", { status: 503, page: "busy" }],
  ])("%s: a read had no effect, a write's outcome is unknown", async (_, answer) => {
    answering(answer);
    const { pipedrive } = clientUnderTest();
    expect(await errorOf(pipedrive.get("organization", 17))).toBeInstanceOf(NoEffectError);
    expect(await errorOf(pipedrive.patch("organization", 17, {}))).toBeInstanceOf(OutcomeUnknownError);
    expect(await errorOf(pipedrive.create("organization", {}))).toBeInstanceOf(OutcomeUnknownError);
  });

  test("names the place that was not understood, masked, and no value", async () => {
    answering(success({ ...organization, update_time: 20260812 }));
    const error = await errorOf(clientUnderTest().pipedrive.get("organization", 17));
    expect(error.message).toBe("Pipedrive: get organization 17 was answered in an unknown shape at data.update_time");
  });
});

describe("the ledger", () => {
  const allowances = {
    "x-daily-ratelimit-token-limit": "1800000",
    "x-daily-ratelimit-token-remaining": "1799995",
    "x-ratelimit-limit": "20",
    "x-ratelimit-remaining": "15",
    "x-ratelimit-reset": "2",
  };

  test("books every call with its price and what Pipedrive said of both allowances", async () => {
    answering({ ...success(organization), headers: allowances });
    const { pipedrive, spent } = clientUnderTest({ now: () => 1_786_528_800_000 });
    await pipedrive.patch("organization", 17, {}, { purpose: "lookup" });
    expect(spent).toEqual([
      {
        operation: "patch",
        object: "organization",
        tokens: 5,
        purpose: "lookup",
        status: 200,
        headers: { dailyLimit: 1_800_000, dailyRemaining: 1_799_995, burstLimit: 20, burstRemaining: 15 },
        atMs: 1_786_528_800_000,
      },
    ]);
  });

  test("books refused calls as well", async () => {
    answering({ status: 400, body: errors["v2-validation"] });
    const { pipedrive, spent } = clientUnderTest();
    await errorOf(pipedrive.patch("organization", 17, {}));
    expect(spent).toMatchObject([{ operation: "patch", tokens: 5, status: 400, headers: {}, purpose: "live" }]);
  });

  test("one that fails does not hide the outcome of a write", async () => {
    answering(success(organization));
    const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
    const { pipedrive } = clientUnderTest({
      onSpend: () => {
        throw new Error("the database is away");
      },
    });
    expect(await pipedrive.patch("organization", 17, {})).toEqual(organization);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("could not be booked"));
  });
});

describe("the window", () => {
  test("is lowered to the limit that Pipedrive names, and parks before anything is sent or booked", async () => {
    const seen = answering({ ...success(organization), headers: { "x-ratelimit-limit": "5" } });
    const window = createTokenWindow({ capacity: 100, maxWaitMs: 0 });
    const { pipedrive, spent } = clientUnderTest({ window });
    await pipedrive.patch("organization", 17, {});
    expect(await errorOf(pipedrive.patch("organization", 17, {}))).toBeInstanceOf(ParkedError);
    expect(seen).toHaveLength(1);
    expect(spent).toHaveLength(1);
  });

  test("closes on a 429: the next call does not leave, and both say until when", async () => {
    const seen = answering({ status: 429, body: errors["gateway-daily-budget"], headers: { "retry-after": "3939" } });
    const { pipedrive } = clientUnderTest();
    const first = (await errorOf(pipedrive.patch("organization", 17, {}))) as ParkedError;
    const second = (await errorOf(pipedrive.get("organization", 17))) as ParkedError;
    expect(first).toBeInstanceOf(ParkedError);
    expect(second).toBeInstanceOf(ParkedError);
    expect(second.until).toEqual(first.until);
    expect(seen).toHaveLength(1);
  });
});

test("an HTML 403 is a ban by the network, a JSON 403 is not", async () => {
  answering({ status: 403, page: "<html>Cloudflare</html>" }, { status: 403, body: errors["v1-not-permitted"] });
  const { pipedrive } = clientUnderTest();
  expect(await errorOf(pipedrive.get("deal", 1))).toMatchObject({ name: "ConnectionError", problem: "ABUSE_BLOCKED" });
  expect(await errorOf(pipedrive.get("deal", 1))).toBeInstanceOf(RecordError);
});

test("a ConnectionError says which side it is about", async () => {
  answering({ status: 401, page: "" });
  const error = (await errorOf(clientUnderTest().pipedrive.me())) as ConnectionError;
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error.side).toBe("pipedrive");
});
