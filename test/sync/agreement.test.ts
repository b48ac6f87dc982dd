import { describe, expect, test } from "@jest/globals";
import { agreePair } from "../../src/sync/decide.ts";
import { both, pair, plan } from "./deciding.ts";

describe("a base advances", () => {
  test("to what was answered directly, however that side rewrote it", () => {
    expect(agreePair(both, "abcdef", "abc", "abcdef", true)).toEqual(pair("abc", "abcdef"));
  });

  test("to what a lookup shows, if that is what was sent", () => {
    expect(agreePair(both, "a ", "a", "a ", false)).toEqual(pair("a", "a "));
    expect(agreePair(both, "abcdef", "abc", "abcdef", false)).toBeNull();
    expect(agreePair(both, "abc", "abc", "else", false)).toBeNull();
  });

  test("not without both answers", () => {
    expect(agreePair(both, "a", undefined, "a", true)).toBeNull();
    expect(agreePair(both, "a", "a", undefined, true)).toBeNull();
  });

  test("for a list that holds what was sent", () => {
    const email = plan({ type: "email", crm: { system: "emails" }, direction: "program_to_crm" });
    expect(agreePair(email, "b@x.test", ["a@x.test", "b@x.test"], "b@x.test", false)).not.toBeNull();
    expect(agreePair(email, "b@x.test", ["a@x.test"], "b@x.test", false)).toBeNull();
  });

  test("for an emptied status that was looked up", () => {
    const status = plan({ field: "partner.status", type: "option" });
    expect(agreePair(status, "inactive", null, "inactive", false)).toEqual(pair(null, "inactive"));
  });
});
