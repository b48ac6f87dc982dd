import { expect, test } from "@jest/globals";
import {
  BlockedError,
  ConnectionError,
  InputError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../../src/errors.ts";
import { describeError, HttpError } from "../../src/http/http-error.ts";
import { MappingRefusedError } from "../../src/operations/load-mapping.ts";

const refused = Object.assign(new Error("m"), { code: "ECONNREFUSED" });

test.each<[unknown, number, string]>([
  [new HttpError(418, "TEAPOT", "short and stout"), 418, "TEAPOT"],
  [new InputError("BAD_ID", "m"), 400, "BAD_ID"],
  [new InputError("UNKNOWN_ANYTHING", "m"), 404, "UNKNOWN_ANYTHING"],
  [new InputError("NO_PROPOSAL", "m"), 404, "NO_PROPOSAL"],
  [new InputError("FOUR_EYES", "m"), 409, "FOUR_EYES"],
  [new InputError("LOCK_MISMATCH", "m"), 409, "LOCK_MISMATCH"],
  [new MappingRefusedError([]), 422, "MAPPING_REFUSED"],
  [new ConnectionError("pipedrive", "UNAUTHORIZED", "m"), 502, "UNAUTHORIZED"],
  [new ConnectionError("program", "UNREACHABLE", "m"), 502, "UNREACHABLE"],
  [new ConnectionError("program", "UNREACHABLE", "m", { cause: refused }), 502, "UNREACHABLE"],
  [new NoEffectError("m", { cause: refused }), 502, "NO_ANSWER"],
  [new ParkedError("pipedrive", new Date(), "m"), 503, "NO_BUDGET"],
  [new NoEffectError("m"), 502, "NO_ANSWER"],
  [new OutcomeUnknownError("m"), 502, "NO_ANSWER"],
  [new RecordError("REFUSED_BY_PIPEDRIVE", "m"), 502, "REFUSED_BY_PIPEDRIVE"],
  [new RefusedError("version_conflict", "m"), 502, "version_conflict"],
  [new NotFoundError("m"), 502, "NOT_FOUND_THERE"],
  [refused, 503, "DATABASE_AWAY"],
  [new BlockedError({ kind: "partner", id: "p" }), 500, "INTERNAL"],
  [new Error("inside: /etc/secret"), 500, "INTERNAL"],
  ["thrown text", 500, "INTERNAL"],
  [null, 500, "INTERNAL"],
])("%s is answered %d %s, without a stack", (error, status, code) => {
  const told = describeError(error);
  expect(told).toMatchObject({ status, code, message: expect.any(String) });
  expect(JSON.stringify(told)).not.toMatch(/stack|inside|thrown/);
});
