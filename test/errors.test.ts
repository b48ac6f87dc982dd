import { describe, expect, test } from "@jest/globals";
import {
  BlockedError,
  ClaimLostError,
  ConnectionError,
  InputError,
  nextStep,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
} from "../src/errors.ts";

describe("nextStep", () => {
  test("a budget without room parks the lane until it has some", () => {
    const until = new Date("2026-11-22T12:00:00Z");
    expect(nextStep(new ParkedError("pipedrive", until, "daily budget spent"))).toEqual({
      step: "park",
      side: "pipedrive",
      until,
    });
  });

  test("a missing link blocks on the record it waits for, which its message names", () => {
    const error = new BlockedError({ kind: "partner", id: "prt_1" });
    expect(error.message).toBe("waits for partner prt_1");
    expect(nextStep(error)).toEqual({ step: "block", on: { kind: "partner", id: "prt_1" } });
  });

  test("a broken connection pauses the connection, with its cause kept", () => {
    const error = new ConnectionError("program", "UNAUTHORIZED", "t1: token refused", { cause: "401" });
    expect(error.cause).toBe("401");
    expect(nextStep(error)).toEqual({ step: "pause connection", side: "program", problem: "UNAUTHORIZED" });
  });

  test("a refused record stops, a lost claim leaves, anything else is tried again", () => {
    expect(nextStep(new RecordError("REFUSED_BY_PIPEDRIVE", "deal 7"))).toEqual({
      step: "stop",
      code: "REFUSED_BY_PIPEDRIVE",
    });
    expect(nextStep(new ClaimLostError("lease gone"))).toEqual({ step: "leave" });
    expect(nextStep(new OutcomeUnknownError("timeout"))).toEqual({ step: "retry" });
    expect(nextStep(new Error("bug"))).toEqual({ step: "retry" });
  });
});

test("an input error says what, where and what to do", () => {
  expect(new InputError("BAD", "no such field", "$.fields[0]", "pick another")).toMatchObject({
    name: "InputError",
    code: "BAD",
    where: "$.fields[0]",
    hint: "pick another",
  });
});
