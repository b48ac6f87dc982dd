import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { ACTIONS, actionsNamed } from "../../src/actions/catalogue.ts";
import { guide } from "../../src/actions/guide.ts";
import { actionsOfMapping } from "../../src/actions/of-mapping.ts";
import { isUnderstated, scopesFor, suffice } from "../../src/actions/scopes.ts";
import { parseMappingDocument } from "../../src/sync/mapping/parse.ts";
import { cli, json } from "../cli/cli-under-test.ts";
import { fc } from "../support/seeded.ts";

const some = fc.subarray([...ACTIONS]);

describe("all actions", () => {
  test("take the guide's 17 scopes", () => {
    const { scopes, enableNothing, tooSmall } = scopesFor(ACTIONS, "guide");
    expect(scopes).toHaveLength(17);
    expect({ enableNothing, tooSmall }).toEqual({ enableNothing: [], tooSmall: [] });
  });

  test("as printed are 19, of which two enable none", () => {
    const { scopes, enableNothing } = scopesFor(ACTIONS, "printed");
    expect(scopes).toEqual(guide.printedScopes);
    expect(enableNothing).toEqual(["phone-integration", "recents:read"]);
  });

  test("take ten when nothing is asked for twice", () => {
    expect(scopesFor(ACTIONS, "minimal").scopes.join(" ")).toBe(
      "deals:full contacts:full activities:full leads:full products:full projects:full goals:full users:read admin search:read",
    );
  });
});

test("for 13 actions the guide gives too little, and says so when they stand alone", () => {
  const understated = ACTIONS.filter(isUnderstated);
  expect(understated).toHaveLength(13);
  for (const action of understated) {
    expect(scopesFor([action], "guide").tooSmall).toEqual([
      { id: action.id, label: action.label, needsOneOf: action.scopes },
    ]);
    expect(scopesFor([action], "minimal").tooSmall).toEqual([]);
  }
});

test("a new field takes the scope for fields, unless admin is asked for anyway", () => {
  expect(scopesFor(actionsNamed("add_deal_field"), "minimal").scopes).toEqual(["deal-fields:full"]);
  expect(scopesFor(actionsNamed("add_deal_field,add_stage"), "minimal").scopes).toEqual(["admin"]);
});

test("who one is takes no scope at all", () => {
  expect(scopesFor(actionsNamed("get_current_user"), "minimal").scopes).toEqual([]);
});

test("the minimal scopes are enough for whatever was chosen, and hold no read beside its full", () => {
  fc.assert(
    fc.property(some, (actions) => {
      const { scopes, tooSmall } = scopesFor(actions, "minimal");
      expect(tooSmall).toEqual([]);
      expect(actions.every((action) => suffice(new Set(scopes), action))).toBe(true);
      const covered = scopes.filter(
        (scope) => scopes.includes(scope.replace(":read", ":full")) && /:read$/.test(scope),
      );
      expect(covered).toEqual([]);
    }),
  );
});

test("choosing more never takes less of the guide", () => {
  fc.assert(
    fc.property(some, some, (few, others) => {
      const less = scopesFor(few, "guide").scopes;
      expect(scopesFor([...few, ...others], "guide").scopes).toEqual(expect.arrayContaining(less));
    }),
  );
});

describe("of a mapping document", () => {
  const file = new URL("../../mappings/harbourline.json", import.meta.url);
  const { document } = parseMappingDocument(readFileSync(file, "utf8"));
  const scopesOf = (provision: boolean) => scopesFor(actionsOfMapping(document!, provision), "minimal").scopes;

  test("keeping it in step takes deals, contacts, users and webhooks", () => {
    expect(scopesOf(false)).toEqual(["deals:full", "contacts:full", "users:read", "admin"]);
  });

  test("notes are asked for only where the rules write some", () => {
    const silent = { rules: { ...document!.rules, on_rejected: "keep", on_expired: "none" } as const };
    const names = (needs: typeof silent) => actionsOfMapping(needs, false).map(({ id }) => id);
    expect(names(silent)).not.toContain("pipedrive_add_note");
    expect(names({ rules: { ...silent.rules, on_rejected: "note" } } as never)).toContain("pipedrive_add_note");
  });
});

describe("scopes for", () => {
  test("prints them in the sign that was asked for, and what to know of them beside", async () => {
    const args = ["scopes", "for", "--actions", "add_pipeline,list_deals", "--choose", "guide"];
    const { out, err } = await cli([...args, "--separator", "pipe"]);
    expect(out).toBe("deals:read|deals:full\n");
    expect(err).toContain("too small for pipedrive_add_pipeline, which takes admin");
    for (const [separator, sign] of Object.entries({ space: " ", comma: ",", semicolon: ";", newline: "\n" })) {
      expect((await cli([...args, "--separator", separator])).out).toBe(`deals:read${sign}deals:full\n`);
    }
  });

  test("reads a document", async () => {
    const { scopes } = await json<{ scopes: string[] }>(["scopes", "for", "--mapping", "mappings/harbourline.json"]);
    expect(scopes).toEqual(["deals:full", "contacts:full", "users:read", "admin"]);
  });

  test("says what it needs to know", async () => {
    expect((await cli(["scopes", "for"])).err).toContain("--actions or --mapping");
    expect((await cli(["scopes", "for", "--actions", "add_dael"])).err).toContain("Did you mean add_deal?");
  });
});

test("action list finds by words, action show tells what one takes", async () => {
  expect((await json<unknown[]>(["action", "list"])).length).toBe(121);
  expect((await cli(["action", "list", "--search", "merge"])).out.match(/^pipedrive_merge_\w+/gm)).toHaveLength(3);
  const { out } = await cli(["action", "show", "add_deal_product"]);
  expect(out).toContain("POST /api/v2/deals/{id}/products, 5 tokens, writes");
  expect(out).toContain("    product_id: integer");
  expect(out).toContain("    tax?: number");
});
