import { describe, expect, test } from "@jest/globals";
import { AxiosError } from "axios";
import { ConnectionError, NoEffectError, OutcomeUnknownError } from "../../src/errors.ts";
import { fromFailure } from "../../src/partner/http-errors.ts";

const command = { method: "POST", path: "/commands" } as const;

/** As Node throws it and axios wraps it. */
function failed(code: string, syscall: string): AxiosError {
  return wrapped(Object.assign(new Error(`${syscall} ${code}`), { code, syscall }), code);
}

function wrapped(cause: Error, code: string): AxiosError {
  const error = new AxiosError(cause.message, code);
  error.cause = cause;
  return error;
}

describe("a command without an answer", () => {
  test.each(["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"])("%s while connecting: it never arrived", (code) => {
    const error = fromFailure(command, failed(code, "connect"));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.cause).toBeInstanceOf(NoEffectError);
  });

  test.each([
    ["EHOSTUNREACH", "write"],
    ["ENETUNREACH", "read"],
    ["ECONNRESET", "read"],
  ])("%s on %s: it may have arrived before the route was lost", (code, syscall) => {
    expect(fromFailure(command, failed(code, syscall))).toBeInstanceOf(OutcomeUnknownError);
  });

  test("none of several addresses can be connected to: it never arrived", () => {
    const tries = ["EHOSTUNREACH", "ENETUNREACH"].map((code) => failed(code, "connect").cause);
    const all = Object.assign(new AggregateError(tries), { code: "EHOSTUNREACH" });
    expect(fromFailure(command, wrapped(all, "EHOSTUNREACH"))).toBeInstanceOf(ConnectionError);
    expect(fromFailure(command, all)).toBeInstanceOf(ConnectionError);
  });
});
