import type { Recorder } from "./recorder.ts";
import type { BackendName, Stack } from "./stack.ts";
import type { Tenant } from "./tenant.ts";

/** What one change of a class costs a customer in steady state, as the twin charged it. */
export interface TokenCost {
  backend: BackendName;
  change: string;
  expected: number;
  measured: number;
  ok: boolean;
}

type Charge = (change: string, expected: number, make: () => Promise<unknown>) => Promise<void>;

/** Makes one change of each class on records that are long in step, and looks at the account's bill. */
export async function measureTokens(stack: Stack, recorder: Recorder): Promise<TokenCost[]> {
  const [tenant] = stack.tenants;
  if (!tenant) return [];
  const costs: TokenCost[] = [];
  const deal = await registerDeal(stack, tenant);
  const charge: Charge = async (change, expected, make) => {
    await tenant.twin.call("POST", "/clock", { advanceMs: 2_000 });
    const before = (await tenant.twin.spend()).tokens;
    await make();
    await stack.quiet();
    const measured = (await tenant.twin.spend()).tokens - before;
    costs.push({ backend: stack.backend, change, expected, measured, ok: measured === expected });
  };
  await chargeOutbound(stack, tenant, deal, charge);
  await chargeEcho(stack, tenant, recorder, charge);
  await chargeInbound(tenant, deal, charge);
  return costs;
}

interface LinkedDeal {
  id: number;
  registrationId: string;
}

/** A registration that became a Deal: deals are linked in no other way. */
async function registerDeal(stack: Stack, { twin, organizations: [organization] }: Tenant): Promise<LinkedDeal> {
  const partner = { partner_id: organization?.partnerId };
  await twin.act({ action: "set_partner_status", ...partner, status: "active" });
  await stack.quiet();
  const rep = await twin.act({
    action: "register_contact",
    ...partner,
    email: "rep@partner-0.example",
    first_name: "Mara",
    last_name: "Voss",
  });
  await stack.quiet();
  const { registration_id } = await twin.act({
    action: "submit_registration",
    ...partner,
    submitted_by: rep.partner_user_id,
    title: "Fleet renewal",
    prospect: {
      account: { name: "Zweigwerk AG", domain: "zweigwerk.example", country: "DE" },
      contact: { first_name: "Ida", last_name: "Kern", email: "ida@zweigwerk.example" },
    },
    amount: { value: 1200, currency: "EUR" },
    expected_close_date: "2027-03-01",
  });
  await twin.act({ action: "review", registration_id, to: "approved" });
  await stack.quiet();
  const [deal] = await twin.records("deal");
  if (!deal) throw new Error("the registration did not become a deal");
  return { id: deal.id, registrationId: String(registration_id) };
}

async function chargeOutbound(stack: Stack, { twin, organizations }: Tenant, deal: LinkedDeal, charge: Charge) {
  const [, organization] = organizations;
  const edit = (fields: Record<string, unknown>) =>
    twin.act({ action: "edit_registration", registration_id: deal.registrationId, fields });
  const status = (name: string) =>
    twin.act({ action: "set_partner_status", partner_id: organization?.partnerId, status: name });
  await status("active");
  await stack.quiet();
  await charge("outbound: an option of an organization", 5, () => status("inactive"));
  await charge("outbound: the close date of a deal", 5, () => edit({ expected_close_date: "2027-04-30" }));
  await charge("outbound: the value of a deal, read before it is replaced", 6, () =>
    edit({ amount: { value: 2400, currency: "EUR" } }),
  );
}

/** Our own write's webhook, held back until the write was through: by itself it must cost nothing. */
async function chargeEcho(stack: Stack, tenant: Tenant, recorder: Recorder, charge: Charge) {
  const { id, connection, twin, serverUrl } = tenant;
  await tenant.divert(recorder.url);
  const events = recorder.record(`/events/${id}`, 1);
  const echoes = recorder.record(`/webhooks/pipedrive/${connection.id}`, 1);
  await twin.act({ action: "set_partner_status", partner_id: tenant.organizations[1]?.partnerId, status: "pending" });
  await stack.poster.postAll(await events);
  const echo = await echoes;
  await stack.quiet();
  await tenant.divert(serverUrl);
  await charge("echo: the webhook of our own write", 0, () => stack.poster.postAll(echo));
}

async function chargeInbound({ twin, organizations }: Tenant, deal: LinkedDeal, charge: Charge) {
  const [, , organization] = organizations;
  const edit = (set: Record<string, unknown>) => twin.edit("organization", set, organization?.id);
  await charge("inbound: the name of an organization", 0, () => edit({ name: "Changed by hand" }));
  await charge("inbound: an option of an organization", 0, () => edit({ "label:Allbound Status": "Pending" }));
  await charge("inbound: the value of a deal", 0, () => twin.edit("deal", { value: 3600.5 }, deal.id));
  await charge("unrelated: a field that is not mapped", 0, () => edit({ employee_count: 40 }));
}
