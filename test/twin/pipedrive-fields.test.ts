import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startTwin } from "../../src/twin/index.ts";
import { type Json, type Rig, rigOf, startRig } from "./pipedrive-rig.ts";

const path = "/api/v2/organizationFields";
const tier = { field_name: "Tier", field_type: "enum", options: [{ label: "Gold" }, { label: "Silver" }] };

let dataDir: string;
let rig: Rig;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "twin-"));
  rig = await startRig({ dataDir });
});
afterEach(async () => {
  await rig.twin.close();
  await rm(dataDir, { recursive: true, force: true });
});

const make = async (): Promise<Json> => (await rig.api("POST", path, tier)).body.data;
const addOption = async (code: string, label: string): Promise<Json> =>
  (await rig.api("POST", `${path}/${code}/options`, [{ label }])).body.data[0];
const restart = async (): Promise<void> => {
  await rig.twin.close();
  rig = rigOf(await startTwin({ seed: "rig", dataDir }), rig.account);
};

describe("what is made again", () => {
  test("a field has a key and option ids of its own, after a restart too", async () => {
    const made: Json[] = [];
    for (let round = 0; round < 3; round++) {
      const field = await make();
      made.push(field);
      await rig.api("DELETE", `${path}/${field.field_code}`);
      await restart();
    }
    expect(new Set(made.map((field) => field.field_code)).size).toBe(3);
    expect(new Set(made.flatMap((field) => field.options.map((option: Json) => option.id))).size).toBe(6);
  });

  test("an option has an id of its own, after a restart too", async () => {
    const { field_code, options } = await make();
    const ids = [options[0].id];
    for (let round = 0; round < 3; round++) {
      await rig.api("DELETE", `${path}/${field_code}/options`, [{ id: ids.at(-1) }]);
      if (round === 1) await restart();
      ids.push((await addOption(field_code, "Gold")).id);
    }
    expect(new Set(ids).size).toBe(4);
  });
});

describe("what belongs together is one line of the journal", () => {
  const lines = () => readFileSync(join(dataDir, "twin.jsonl"), "utf8").split("\n").length;

  async function linesOf(change: () => Promise<unknown>): Promise<number> {
    const before = lines();
    await change();
    return lines() - before;
  }

  test("a field with its options, and both with their values", async () => {
    expect(await linesOf(make)).toBe(1);
    const { field_code, options } = await make();
    for (const { id } of options) await rig.organization({ custom_fields: { [field_code]: id } });
    const deletion = [{ id: options[0].id }];
    expect(await linesOf(() => rig.api("DELETE", `${path}/${field_code}/options`, deletion))).toBe(1);
    expect(await linesOf(() => rig.api("DELETE", `${path}/${field_code}`))).toBe(1);
  });
});
