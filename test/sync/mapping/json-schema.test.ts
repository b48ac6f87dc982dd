import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { mappingJsonSchema } from "../../../src/sync/mapping/json-schema.ts";
import { EXAMPLES, exampleText } from "./examples.ts";

test("the checked-in schema is current (else run src/sync/mapping/write-json-schema.ts)", () => {
  const file = new URL("../../../mappings/mapping.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(mappingJsonSchema());
});

describe("an editor that reads the schema", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(mappingJsonSchema());

  test.each(EXAMPLES)("underlines nothing in %s", (name) => {
    expect(validate(JSON.parse(exampleText(name)))).toBe(true);
    expect(JSON.parse(exampleText(name)).$schema).toBe("./mapping.schema.json");
  });

  test("underlines a misspelt member, a short key and an unknown word", () => {
    const bent = JSON.parse(exampleText("harbourline"));
    bent.tenent = "x";
    bent.objects.deal.fields.allbound_id.key = "12491";
    bent.objects.organization.extra[1].program = "partner.wesbite";
    expect(validate(bent)).toBe(false);
    const places = validate.errors!.map(({ instancePath, keyword }) => `${keyword} ${instancePath}`);
    expect(places.sort()).toEqual([
      "additionalProperties ",
      "enum /objects/organization/extra/1/program",
      "pattern /objects/deal/fields/allbound_id/key",
    ]);
  });
});
