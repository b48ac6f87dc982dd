import { describe, expect, test } from "@jest/globals";
import { toFailure } from "../src/failure.ts";

/** As Node throws it. */
const ofSystem = (code: string, syscall: string, path?: string) =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, path });

describe("a failure of the system", () => {
  test.each([
    ["EADDRINUSE", "listen", "PORT_TAKEN"],
    ["EACCES", "listen", "PORT_FORBIDDEN"],
    ["EACCES", "mkdir", "DATA_DIR_UNUSABLE"],
    ["EACCES", "open", "DATA_DIR_UNUSABLE"],
    ["EROFS", "open", "DATA_DIR_UNUSABLE"],
    ["EPERM", "link", "DATA_DIR_UNUSABLE"],
    ["EEXIST", "mkdir", "DATA_DIR_UNUSABLE"],
    ["ENOTDIR", "mkdir", "DATA_DIR_UNUSABLE"],
    ["EACCES", "spawn", "DEFECT"],
    ["ENOENT", "open", "DEFECT"],
  ])("%s of %s is told as %s", (code, syscall, told) => {
    expect(toFailure(ofSystem(code, syscall, "/srv/data")).code).toBe(told);
  });

  test("names the folder and says what to do, without a stack", () => {
    expect(toFailure(ofSystem("EACCES", "mkdir", "/srv/data"))).toEqual({
      code: "DATA_DIR_UNUSABLE",
      message: "/srv/data cannot be used: this user may not read or write there",
      where: "DATA_DIR",
      hint: expect.stringContaining("set DATA_DIR to a folder that this user can write"),
    });
  });
});
