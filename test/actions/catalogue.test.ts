import { expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { ACTIONS, actionOf, actionsNamed } from "../../src/actions/catalogue.ts";
import { guide } from "../../src/actions/guide.ts";
import { makeCatalogue } from "../../src/actions/make-catalogue.ts";

const FOLDER = process.env.PIPEDRIVE_OPENAPI_DIR;

if (FOLDER) {
  test("the catalogue is what Pipedrive's documents say today", () => {
    const today = JSON.parse(makeCatalogue(FOLDER)) as typeof ACTIONS;
    const stale = today.filter((action, i) => JSON.stringify(action) !== JSON.stringify(ACTIONS[i]));
    expect(stale.map(({ id }) => id)).toEqual([]); // else: write-catalogue.ts
  });
} else {
  process.stderr.write("SKIPPED: whether the catalogue of actions is stale (set PIPEDRIVE_OPENAPI_DIR)\n");
  test.skip("the catalogue is what Pipedrive's documents say today (PIPEDRIVE_OPENAPI_DIR is not set)", () => {});
}

test("it holds the guide's 121 actions, in its order", () => {
  expect(ACTIONS).toHaveLength(121);
  expect(ACTIONS.map(({ id, label, guideScopes }) => ({ id, label, scopes: guideScopes }))).toEqual(
    guide.actions.map(({ id, label, scopes }) => ({ id, label, scopes })),
  );
});

test("none is deprecated, each has a price, and 69 are of version 2", () => {
  expect(ACTIONS.filter(({ deprecated }) => deprecated)).toEqual([]);
  expect(ACTIONS.filter(({ tokens }) => !Number.isInteger(tokens) || tokens < 1)).toEqual([]);
  expect(ACTIONS.filter(({ version }) => version === "v2")).toHaveLength(69);
});

test("every parameter of a path is described", () => {
  for (const { path, pathParameters } of ACTIONS) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(pathParameters.map(({ name }) => name)).toEqual(inPath);
  }
});

test.each(ACTIONS.map((action) => [action.id, action] as const))("%s: its schemas are JSON Schema", (_, action) => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const schemas = [...action.pathParameters, ...action.query].map(({ schema }) => schema);
  for (const schema of [...schemas, ...(action.body ? [action.body.schema] : [])]) {
    expect(() => ajv.compile(schema)).not.toThrow();
    expect(JSON.stringify(schema)).not.toMatch(/"(?:nullable|\$ref|example)":/);
  }
});

test("what may not be done twice is told apart", () => {
  expect(actionOf("pipedrive_add_deal")).toMatchObject({ writes: true, idempotent: false });
  expect(actionOf("merge_deals")).toMatchObject({ writes: true, idempotent: false });
  expect(actionOf("update_deal")).toMatchObject({ writes: true, idempotent: true });
  expect(actionOf("list_deals")).toMatchObject({ writes: false, idempotent: true, paging: "cursor" });
});

test("a misspelt action is told, with the one that was meant", () => {
  expect(() => actionOf("add_dael")).toThrow(expect.objectContaining({ code: "UNKNOWN_ACTION" }));
  expect(() => actionsNamed("list_deals, add_dael")).toThrow(/add_dael/);
  expect(actionsNamed("list_deals,pipedrive_list_deals, add_deal ").map(({ id }) => id)).toEqual([
    "pipedrive_list_deals",
    "pipedrive_add_deal",
  ]);
});
