import { describe, expect, test } from "@jest/globals";
import { ownAddress, plainAddress, remoteAddress } from "../../src/operations/address.ts";

describe("an address", () => {
  test.each([
    ["https://acme.pipedrive.com/", "https://acme.pipedrive.com"],
    ["HTTPS://Portal.Example/api/v2//", "https://portal.example/api/v2"],
    ["http://127.0.0.1:4100/program/acme", "http://127.0.0.1:4100/program/acme"],
  ])("%s is kept as %s", (text, kept) => {
    expect(plainAddress(text, "--url")).toBe(kept);
  });

  test.each([
    ["a query", "https://portal.example/api?key=hidden-word"],
    ["a fragment", "https://portal.example/api#hidden-word"],
    ["a user", "https://hidden-word@portal.example"],
    ["a password", "https://:hidden-word@portal.example"],
  ])("with %s is refused, and not repeated", (_, text) => {
    const refused = expect(() => plainAddress(text, "--url"));
    refused.toThrow(expect.objectContaining({ code: "ADDRESS_NOT_PLAIN", where: "--url" }));
    refused.toThrow(expect.objectContaining({ message: expect.not.stringContaining("hidden-word") }));
  });

  test.each(["acme", "ftp://acme.example", "https://", ""])("%p is none", (text) => {
    expect(() => plainAddress(text, "--url")).toThrow(expect.objectContaining({ code: "ADDRESS_INVALID" }));
  });

  test("that credentials are sent to has to be https where they are real", () => {
    const insecure = expect.objectContaining({ code: "ADDRESS_NOT_HTTPS" });
    expect(() => remoteAddress("http://acme.pipedrive.com", "production")).toThrow(insecure);
    expect(remoteAddress("https://acme.pipedrive.com", "production")).toBe("https://acme.pipedrive.com");
    for (const environment of ["sandbox", "rehearsal"] as const) {
      expect(remoteAddress("http://127.0.0.1:4100", environment)).toBe("http://127.0.0.1:4100");
    }
  });
});

describe("our own address", () => {
  test.each([
    "https://localhost",
    "https://sync.localhost:8443",
    "https://127.0.0.1",
    "https://127.1",
    "https://10.1.2.3",
    "https://172.31.0.1",
    "https://192.168.1.9:3000",
    "https://169.254.10.20",
    "https://100.64.0.9",
    "https://0.0.0.0",
    "https://[::1]",
    "https://[::]",
    "https://[fd12::9]",
    "https://[fe80::1]",
    "https://[::ffff:192.168.1.9]",
    "https://partnersync",
    "https://partnersync.local",
    "https://partnersync.local.",
    "https://sync.acme.internal",
  ])("%s is refused for production and good enough for a rehearsal", (text) => {
    expect(() => ownAddress(text, "production")).toThrow(expect.objectContaining({ code: "PUBLIC_URL_NOT_PUBLIC" }));
    expect(ownAddress(text, "rehearsal")).toMatch(/^https:/);
  });

  test.each([
    "https://sync.example",
    "https://sync.example/partners",
    "https://203.0.113.9",
    "https://172.32.0.1",
    "https://[2001:db8::1]",
    "https://localhost.example",
  ])("%s is good for production", (text) => {
    expect(ownAddress(text, "production")).toBe(text);
  });

  test("has to be https for production", () => {
    expect(() => ownAddress("http://sync.example", "production")).toThrow(
      expect.objectContaining({ code: "PUBLIC_URL_NOT_HTTPS" }),
    );
    expect(ownAddress("http://127.0.0.1:3000", "sandbox")).toBe("http://127.0.0.1:3000");
  });
});
