import { describe, expect, test } from "@jest/globals";
import { type Case, reportsEach, resolveAfter } from "../live-account.ts";

const places: Case[] = [
  [
    "PIPELINE_UNKNOWN",
    "a renamed pipeline",
    (account) => {
      account.pipelines[0]!.name = "Channels";
    },
    [
      "PIPELINE_UNKNOWN $.stages.entry.pipeline",
      ...[0, 1, 2, 3].map((i) => `PIPELINE_UNKNOWN $.stages.map[${i}].pipeline`),
    ],
  ],
  [
    "STAGE_UNKNOWN",
    "a renamed stage",
    (account) => {
      account.stages.find(({ name }) => name === "Contract")!.name = "Contracts";
    },
    ["STAGE_UNKNOWN $.stages.map[3].stage"],
  ],
  [
    "STAGE_UNKNOWN",
    "a deleted stage",
    (account) => {
      account.stages.find(({ name }) => name === "Contract")!.is_deleted = true;
    },
    ["STAGE_UNKNOWN $.stages.map[3].stage"],
  ],
  [
    "STAGE_AMBIGUOUS",
    "two stages of one name",
    (account) => {
      account.stages.push({ ...account.stages.find(({ name }) => name === "Contract")!, id: 999 });
    },
    ["STAGE_AMBIGUOUS $.stages.map[3].stage"],
  ],
];

describe("stages that are not as the document says", () => {
  reportsEach(places);

  test("says which stage was probably meant", () => {
    const { findings } = resolveAfter((account) => {
      account.stages.find(({ name }) => name === "Contract")!.name = "Contracts";
    });
    expect(findings[0]!.hint).toContain('"Contracts"');
  });
});
