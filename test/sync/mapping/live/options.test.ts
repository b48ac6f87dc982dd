import { describe, expect, test } from "@jest/globals";
import { type Case, fieldOf, reportsEach, resolveAfter, STATUS, status } from "../live-account.ts";

const options: Case[] = [
  [
    "OPTION_MISSING",
    "no Pending",
    (account) => {
      status(account).options = status(account).options!.filter(({ label }) => label !== "Pending");
    },
    [`OPTION_MISSING ${STATUS}.options`],
  ],
  [
    "OPTION_MISSING",
    "In-active, which is another word",
    (account) => {
      status(account).options!.find(({ label }) => label === "Inactive")!.label = "In-active";
    },
    [`OPTION_MISSING ${STATUS}.options`, `OPTION_EXTRA ${STATUS}.options`],
  ],
  [
    "OPTION_SPELLING",
    "an outer space",
    (account) => {
      status(account).options!.find(({ label }) => label === "Active")!.label = "active ";
    },
    [`OPTION_SPELLING ${STATUS}.options`],
  ],
  [
    "OPTION_EXTRA",
    "one more",
    (account) => {
      status(account).options!.push({ id: 999, label: "Prospective" });
    },
    [`OPTION_EXTRA ${STATUS}.options`],
  ],
  [
    "OPTION_DUPLICATE_LABEL",
    "Active twice",
    (account) => {
      status(account).options!.push({ id: 999, label: "Active" });
    },
    [`OPTION_DUPLICATE_LABEL ${STATUS}.options`],
  ],
];

describe("options that are not as the document says", () => {
  reportsEach(options);

  test("extra options do not matter where nobody's choice comes back", () => {
    const { findings } = resolveAfter((account) => {
      fieldOf(account, "deal", "Lead source").options!.push({ id: 999, label: "Fair" });
    }, "kestrel-obs");
    expect(findings).toEqual([]);
  });
});
