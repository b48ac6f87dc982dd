import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createContexts } from "../../src/contexts.ts";
import { connectIntake, type IntakeConnected, rotateIntakeSecret } from "../../src/operations/connect-intake.ts";
import { heldBack } from "../../src/operations/held-back.ts";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import { type System, startSystem } from "../support/system.ts";
import type { TwinClient } from "../support/twin-client.ts";

/* A program that can only post workflow webhooks, through the server and the workers to Pipedrive. */

const TENANT = "lumenfield";
let system: System;
let twin: TwinClient;
let pair: IntakeConnected;

beforeAll(async () => {
  system = await startSystem({ tenants: [TENANT] });
  twin = system.of(TENANT);
  pair = await rotateIntakeSecret(system.app, TENANT, system.serverUrl);
}, 60_000);
afterAll(() => system?.close());

interface Answer {
  events?: { kind: string; id: string; taken: string }[];
  error?: { code: string; message: string; hint: string; correlationId: string };
}

async function post(body: string, type: string, by: Pick<IntakeConnected, "postUrl" | "secret"> = pair) {
  const headers = { "content-type": type, "x-intake-secret": by.secret };
  const answer = await fetch(by.postUrl, { method: "POST", headers, body });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}
const tell = async (fields: Record<string, unknown>) => {
  const answer = await post(JSON.stringify(fields), "application/json");
  return answer.events?.map(({ taken }) => taken) ?? [answer.error?.code];
};
const fill = async (fields: Record<string, string>) => {
  const answer = await post(`${new URLSearchParams(fields)}`, "application/x-www-form-urlencoded");
  return answer.events?.map(({ taken }) => taken) ?? [answer.error?.code];
};
const findings = async () => (await system.app.findings.list(TENANT)).filter(({ closedAt }) => closedAt === null);

const COMPANY = {
  trigger: "Registered a company",
  company_id: "17",
  company_name: "Alpen IT",
  company_domain: "alpenit.example",
  company_tier: "Gold Partner",
  company_status: "Active",
};
const USER = {
  trigger: "Registered",
  company_id: "17",
  user_id: "204",
  user_email: "mara@alpenit.example",
  user_first_name: "Mara",
  user_last_name: "Voss",
};
const DEAL = {
  trigger: "Registered a deal",
  deal_id: 8812,
  company_id: 17,
  deal_name: "Fleet renewal",
  deal_amount: 12000.5,
  deal_status: "New",
  prospect_company: "Kern GmbH",
  prospect_first_name: "Ida",
  prospect_last_name: "Kern",
  prospect_email: "ida@kern.example",
};

describe("posts of workflows", () => {
  test("a deal, a user and their company, in the wrong order, become records with ids and status", async () => {
    expect(await tell(DEAL)).toEqual(["accepted"]);
    expect(await fill(USER)).toEqual(["accepted"]);
    expect(await fill(COMPANY)).toEqual(["accepted"]);
    await system.quiet();
    expect(await findings()).toEqual([]);

    const [alpen, kern, ...others] = (await twin.records("organization")).sort((a, b) =>
      String(a.name).localeCompare(String(b.name)),
    );
    expect(others).toEqual([]);
    expect(alpen).toMatchObject({
      name: "Alpen IT",
      labels: { "Allbound ID": "17", "Allbound Status": "Active", "Partner tier": "Gold", Website: "alpenit.example" },
    });
    expect(kern).toMatchObject({ name: "Kern GmbH", labels: { "Allbound Deal ID": "8812" } });

    const people = await twin.records("person");
    expect(people).toHaveLength(2);
    const mara = people.find(({ name }) => name === "Mara Voss");
    expect(mara).toMatchObject({ org_id: alpen?.id, labels: { "Allbound ID": "204" } });
    const ida = people.find(({ name }) => name === "Ida Kern");
    expect(ida).toMatchObject({ org_id: kern?.id, labels: { "Allbound Deal ID": "8812" } });

    const [deal, ...rest] = await twin.records("deal");
    expect(rest).toEqual([]);
    expect(deal).toMatchObject({
      title: "Fleet renewal",
      value: 12000.5,
      currency: "USD",
      org_id: kern?.id,
      person_id: ida?.id,
      labels: { "Allbound ID": "8812", "Registration status": "Pending" },
    });
  });

  test("a post that tells some fields changes those; the same again is a duplicate and writes nothing", async () => {
    const update = { trigger: "Updated a deal", deal_id: 8812, deal_status: "Approved" };
    expect(await tell(update)).toEqual(["accepted"]);
    await system.quiet();
    const { tokens } = await twin.spend();
    expect(await tell(update)).toEqual(["duplicate"]);
    expect(await fill({ ...COMPANY, trigger: "Updated a company" })).toEqual(["duplicate"]);
    await system.quiet();
    expect((await twin.spend()).tokens).toBe(tokens);
    const [deal] = await twin.records("deal");
    expect(deal).toMatchObject({
      title: "Fleet renewal",
      value: 12000.5,
      labels: { "Registration status": "Approved" },
    });
  });

  test("a post older than the last one is left out, where the program says when", async () => {
    const at = (workflow_time: string, deal_name: string) => ({
      trigger: "Updated a deal",
      deal_id: 8812,
      deal_name,
      workflow_time,
    });
    expect(await tell({ ...at("2026-11-02T10:00:00Z", "Late"), deal_amount: 13000 })).toEqual(["accepted"]);
    expect(await tell(at("2026-11-02T09:59:59Z", "Early"))).toEqual(["older"]);
  });

  test("twenty posts about one company at the same moment each get a version of their own", async () => {
    const tiers = ["Silver Partner", "Gold Partner"];
    const posts = Array.from({ length: 20 }, (_, i) =>
      fill({
        ...COMPANY,
        company_id: "77",
        company_domain: "nord.example",
        company_name: `Nord ${i}`,
        company_tier: tiers[i % 2] ?? "",
      }),
    );
    expect((await Promise.all(posts)).flat()).toEqual(Array(20).fill("accepted"));
    expect((await system.app.intakes.aggregate(TENANT, "partner", "77"))?.version).toBe(20);
    await system.quiet();
    expect((await twin.records("organization")).filter(({ labels }) => labels["Allbound ID"] === "77")).toHaveLength(1);
  });

  test("a company that is in Pipedrive already is tied to its record by website or name; of several none is taken", async () => {
    const there = await twin.edit("organization", { name: "Nordlicht AG", "label:Website": "nordlicht.example" });
    for (const n of [1, 2]) await twin.edit("organization", { name: "Kestrel", "label:Website": `k${n}.example` });
    const nordlicht = { ...COMPANY, company_id: "31", company_name: "Nordlicht", company_domain: "nordlicht.example" };
    expect(await fill(nordlicht)).toEqual(["accepted"]);
    expect(await fill({ trigger: "Registered a company", company_id: "32", company_name: "Kestrel" })).toEqual([
      "accepted",
    ]);
    await system.quiet();
    const { labels: now } = await twin.record("organization", there.id);
    expect(now).toMatchObject({ "Allbound ID": "31", "Allbound Status": "Active" });
    const kestrels = (await twin.records("organization")).filter(({ name }) => name === "Kestrel");
    expect(kestrels.map(({ labels }) => labels["Allbound ID"])).toEqual([null, null]);
    expect((await findings()).map(({ code }) => code)).toEqual(["MATCH_REVIEW"]);
  });

  test("a company that is inactive stays out of Pipedrive, and comes when it is not", async () => {
    const quiet = { ...COMPANY, company_id: "41", company_name: "Quiet Ltd", company_domain: "quiet.example" };
    const named = async () => (await twin.records("organization")).filter(({ name }) => name === "Quiet Ltd");
    await fill({ ...quiet, company_status: "Inactive" });
    await system.quiet();
    expect(await named()).toEqual([]);
    await fill(quiet);
    await system.quiet();
    expect(await named()).toMatchObject([{ labels: { "Allbound ID": "41", "Allbound Status": "Active" } }]);
  });

  test("what people change in Pipedrive is never sent anywhere, and what the program owns is put right at its next word", async () => {
    const [alpen] = (await twin.records("organization")).filter(({ name }) => name === "Alpen IT");
    await twin.edit("organization", { name: "Stray", "label:Allbound Status": "Active" });
    await twin.edit("organization", { "label:Partner tier": "Silver" }, alpen?.id);
    const [deal] = await twin.records("deal");
    await twin.edit("deal", { status: "won" }, deal?.id);
    await system.quiet();
    const { rows } = await system.database.pool.query("select 1 from intent where type = 'command'");
    expect(rows).toEqual([]);
    expect((await twin.record("organization", alpen?.id ?? 0)).labels["Partner tier"]).toBe("Gold");
  });

  test("what cannot be read is refused in the usual words, with one finding for the connection", async () => {
    const refused = async (body: string, type = "application/json") => {
      const { status, error } = await post(body, type);
      expect(error).toMatchObject({
        code: expect.any(String),
        message: expect.any(String),
        hint: expect.any(String),
        correlationId: expect.any(String),
      });
      expect(JSON.stringify(error)).not.toContain("Kestrel");
      return `${status} ${error?.code}`;
    };
    expect(await refused("Kestrel")).toBe("400 BODY_NOT_JSON");
    expect(await refused("[1]")).toBe("400 BODY_NOT_FIELDS");
    expect(await refused("<a>Kestrel</a>", "text/xml")).toBe("400 BODY_TYPE");
    expect(await refused(JSON.stringify({ trigger: "Kestrel" }))).toBe("400 INTAKE_UNMATCHED");
    expect(await refused(JSON.stringify({ ...DEAL, deal_status: "Kestrel" }))).toBe("400 INTAKE_VALUE");
    expect(await refused(JSON.stringify({ ...DEAL, deal_name: "x".repeat(300_000) }))).toBe("413 BODY_TOO_LARGE");
    const unreadable = (await findings()).filter(({ code }) => code === "POST_UNREADABLE");
    expect(unreadable).toMatchObject([{ count: 5, subject: `connection ${pair.id}` }]);
    expect(unreadable[0]?.message).not.toContain("Kestrel");
  });

  test("path and header have both to be right, of one pair; rotating keeps the pair before, once", async () => {
    const status = async (by: Pick<IntakeConnected, "postUrl" | "secret">) =>
      (await post(JSON.stringify(DEAL), "application/json", by)).status;
    const { postUrl, secret } = pair;
    const next = await rotateIntakeSecret(system.app, TENANT, system.serverUrl);
    expect(await status({ postUrl, secret })).toBe(200);
    expect(await status(next)).toBe(200);
    expect(await status({ postUrl, secret: next.secret })).toBe(401);
    expect(await status({ postUrl: next.postUrl, secret })).toBe(401);
    expect(await status({ postUrl: `${system.serverUrl}/intake/${TENANT}/x`, secret: next.secret })).toBe(401);
    expect(await status({ postUrl: `${system.serverUrl}/intake/nobody/x`, secret })).toBe(401);
    await rotateIntakeSecret(system.app, TENANT, system.serverUrl);
    expect(await status({ postUrl, secret })).toBe(401);
    expect(await status(next)).toBe(200);
    const { rows } = await system.database.pool.query("select secrets from connection");
    for (const row of rows) expect(row.secrets.toString("latin1")).not.toContain(secret);
  });

  test("signed events are not taken in, and a document without an intake is not loaded", async () => {
    const events = await fetch(`${system.serverUrl}/events/${TENANT}`, { method: "POST", body: "{}" });
    expect(events.status).toBe(401);
    const live = await system.app.mappings.live(TENANT);
    const { intake: _, ...document } = JSON.parse(live?.document ?? "{}");
    const other = JSON.stringify({
      ...document,
      revision: 2,
      rules: { ...document.rules, partners_create_in_crm: false },
    });
    await expect(loadMapping(system.app, other, "tests")).rejects.toMatchObject({ code: "INTAKE_MISMATCH" });
  });

  test("connecting again ends what was given out before", async () => {
    const before = await rotateIntakeSecret(system.app, TENANT, system.serverUrl);
    const after = await connectIntake(system.app, {
      tenantId: TENANT,
      environment: "rehearsal",
      publicUrl: system.serverUrl,
    });
    expect((await post(JSON.stringify(DEAL), "application/json", before)).status).toBe(401);
    expect((await post(JSON.stringify(DEAL), "application/json", after)).status).toBe(200);
  });

  test("with a program of the other kind connected nothing is sent, and it is said why", async () => {
    const { app } = system;
    const secrets = { secrets: ["a signing secret of the program"] };
    const other = { tenantId: TENANT, environment: "rehearsal", baseUrl: system.twin.url, side: "program" } as const;
    await app.connections.replace({ ...other, secrets });
    expect(await heldBack(app, TENANT)).toEqual([expect.stringContaining("the mapping in force has an intake")]);
    const contexts = createContexts({ ...app, callTimeoutMs: 1_000, burstTokens: 100 }, app.clients); // without a memory
    await expect(contexts(TENANT)).rejects.toMatchObject({ problem: "MAPPING_BROKEN" });
  });
});
