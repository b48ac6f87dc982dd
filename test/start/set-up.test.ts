import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Place, setUpCustomer } from "../../src/start/set-up.ts";
import { documentOf, type System, startSystem } from "../support/system.ts";

let system: System;
let place: Place;

beforeAll(async () => {
  system = await startSystem({ tenants: [], workers: false });
  const folder = await mkdtemp(join(tmpdir(), "partnersync-set-up-"));
  place = { app: system.app, twinUrl: system.twin.url, serverUrl: system.serverUrl, folder };
});
afterAll(async () => {
  await system?.close();
  if (place) await rm(place.folder, { recursive: true, force: true });
});

test("a set-up that died before its connection was complete makes a whole one the next time", async () => {
  const document = documentOf(await readFile("mappings/harbourline.json", "utf8"));
  await setUpCustomer(document, place);
  await system.database.pool.query("update connection set state = 'connecting' where side = 'pipedrive'");
  await setUpCustomer(document, place);
  const connections = await system.app.connections.list(document.tenant);
  expect(connections.map(({ side, state }) => `${side} ${state}`).sort()).toEqual([
    "pipedrive active",
    "pipedrive retired",
    "program active",
  ]);
});
