import { expect, test } from "@jest/globals";
import { success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest } from "./client-under-test.ts";

const answering = useScriptedPipedrive();

test("webhooks are subscribed to in version 2.0, listed and deleted", async () => {
  const row = {
    id: 1,
    subscription_url: "https://s.example/h",
    event_object: "deal",
    event_action: "*",
    is_active: 1,
  };
  const removed = { status: "ok", success: true };
  const seen = answering({ status: 201, ...success({ id: 1 }) }, success([row]), { body: removed });
  const { pipedrive } = clientUnderTest();
  const webhook = {
    name: "partnersync deal",
    subscription_url: "https://s.example/h",
    event_action: "*",
    event_object: "deal",
    http_auth_user: "u",
    http_auth_password: "p",
  } as const;
  expect(await pipedrive.createWebhook(webhook)).toEqual({ id: 1 });
  expect(seen[0]!.body).toEqual({ ...webhook, version: "2.0" });
  expect(await pipedrive.listWebhooks()).toEqual([{ ...row, is_active: true }]);
  await pipedrive.deleteWebhook(1);
  expect(seen[2]).toMatchObject({ method: "DELETE", path: "/api/v1/webhooks/1" });
});
