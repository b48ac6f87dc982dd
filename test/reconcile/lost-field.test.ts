import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import { readAccount } from "../../src/pipedrive/account.ts";
import { fillKeysByLabel } from "../../src/sync/mapping/fill.ts";
import { documentOf } from "../support/system.ts";
import { type Channel, eventually, openChannel } from "./channel.ts";

let channel: Channel;
beforeAll(async () => {
  channel = await openChannel();
}, 90_000);
afterAll(() => channel.close());

const connection = async () => {
  const found = await channel.system.app.connections.current("harbourline", "pipedrive");
  if (!found) throw new Error("there is no connection");
  return found;
};

/** What an administrator does in the account itself. */
async function administrate(method: string, path: string, body?: object): Promise<void> {
  const { token } = await channel.system.app.connections.pipedriveSecrets((await connection()).id);
  const answer = await fetch(`${channel.system.twin.url}/api/v2/${path}`, {
    method,
    headers: { "x-api-token": token, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** The key under which the mapping in force addresses the id of a role. */
async function idKey(role: "partner" | "partner_user"): Promise<string> {
  const { plan } = await channel.system.app.contexts("harbourline");
  const id = plan.roles[role].find(({ field }) => field === "allbound_id");
  if (!id || !("custom" in id.crm)) throw new Error("the mapping has no Allbound ID");
  return id.crm.custom;
}

async function loadNext(revision: number, adjust: (document: ReturnType<typeof documentOf>) => void = () => {}) {
  const document = documentOf(await readFile(new URL("../../mappings/harbourline.json", import.meta.url), "utf8"));
  adjust(document);
  const account = await readAccount(await channel.system.app.clients.pipedrive(await connection()));
  const filled = fillKeysByLabel({ ...document, revision }, account);
  return loadMapping(channel.system.app, JSON.stringify(filled.document), "tests");
}

test("a create that is refused although the account was just looked at pauses the connection, and a mapping that fits again lets everything flow", async () => {
  const partner = await channel.partner("Nordlicht");
  await channel.rows(
    `insert into drift_look (tenant_id, begun_at, done_at) values ('harbourline', now() - interval '11 s', now() - interval '10 s')
     on conflict (tenant_id) do update set begun_at = excluded.begun_at, done_at = excluded.done_at, wanted_at = null`,
  );
  await administrate("DELETE", `personFields/${await idKey("partner_user")}`);
  const contact = { email: "mara@nordlicht.example", first_name: "Mara", last_name: "Voss" };
  await channel.twin.act({ action: "register_contact", partner_id: partner.id, ...contact });
  await eventually("it is paused", async () => (await connection()).state === "paused");
  const [told] = await channel.found("CONNECTION_PAUSED");
  expect(told?.message).toMatch(/a custom field that the account does not have.*load a mapping that fits the account/);
  expect(await channel.rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);

  await administrate("POST", "personFields", { field_name: "Allbound ID", field_type: "varchar" });
  expect((await loadNext(2)).resumed).toBe(true);
  await channel.system.quiet();
  const [person] = (await channel.twin.records("person")).filter(({ name }) => name === "Mara Voss");
  expect(person?.labels["Allbound ID"]).toMatch(/^usr_/);
  expect(await channel.codes()).toEqual([]);
});

test("a field that a read does not show is told once, whatever number of records lack it", async () => {
  await administrate("DELETE", `organizationFields/${await idKey("partner")}`);
  for (const name of ["Ostwind", "Westwind"]) {
    await channel.twin.edit("organization", { name, "label:Allbound Status": "Active" });
    await channel.system.quiet();
  }
  const found = await channel.found("FIELD_NOT_SHOWN");
  expect(found.map(({ subject }) => subject)).toEqual(["organization field Allbound ID"]);
  expect(found[0]?.message).toContain("was deleted, or is hidden from the connection's user");
});

test("a value that the mapping did not know is looked at again once a revision pairs it", async () => {
  await administrate("POST", "organizationFields", { field_name: "Allbound ID", field_type: "varchar" });
  await loadNext(3);
  const { plan } = await channel.system.app.contexts("harbourline");
  const status = plan.roles.partner.find(({ field }) => field === "partner.status");
  if (!status || !("custom" in status.crm)) throw new Error("the mapping has no status");
  await administrate("POST", `organizationFields/${status.crm.custom}/options`, [{ label: "On hold" }]);
  const { id } = await channel.twin.edit("organization", { name: "Halted", "label:Allbound Status": "On hold" });
  await channel.system.quiet();
  expect((await channel.found("OPTION_UNMAPPED")).map(({ subject }) => subject)).toEqual([
    `organization ${id} partner.status`,
  ]);
  await loadNext(4, (document) => {
    const options = document.objects.organization.fields.allbound_status.options;
    if (options) options.pending = "On hold";
  });
  await channel.system.quiet();
  expect(await channel.found("OPTION_UNMAPPED")).toEqual([]);
  const partners = await channel.twin.aggregates("partner");
  expect(partners.find(({ name }) => name === "Halted")).toMatchObject({ status: "pending" });
});
