import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eachBackend } from "../support/backends.ts";
import { type System, startSystem } from "../support/system.ts";

eachBackend((backend) => {
  describe("an organization that gets a status", () => {
    let system: System;
    beforeAll(async () => {
      await backend.flush();
      system = await startSystem({ redisUrl: backend.redisUrl });
    }, 60_000);
    afterAll(() => system.close());

    test("becomes a partner, and its id is patched back", async () => {
      const twin = system.of("harbourline");
      const organization = await twin.edit("organization", {
        name: "Nordlicht Systems",
        "label:Website": "nordlicht.example",
      });
      await system.quiet();
      expect(await twin.aggregates("partner")).toEqual([]);

      await twin.edit("organization", { "label:Allbound Status": "Pending" }, organization.id);
      await system.quiet();
      const [partner] = await twin.aggregates("partner");
      expect(partner).toMatchObject({ name: "Nordlicht Systems", website: "nordlicht.example", status: "pending" });
      const after = await twin.record("organization", organization.id);
      expect(after.labels["Allbound ID"]).toBe(partner?.partner_id ?? partner?.id);
      expect((await system.app.findings.list("harbourline")).map((finding) => finding.code)).toEqual([]);
    });
  });
});
