import type { AccountSnapshot } from "../sync/account.ts";
import { withPatience } from "./patience.ts";
import type { CallOptions, Pipedrive } from "./port.ts";

/**
 * Reads what a mapping is checked against: fields, pipelines, stages, users. 62 tokens for an account whose lists fit
 * on one page each (500 entries). One call at a time, with patience: the smallest plan allows 20 tokens in two seconds.
 *
 * @throws the errors of `Pipedrive`; ParkedError only when there is no room for longer than 15 seconds
 */
export async function readAccount(pipedrive: Pipedrive, options: CallOptions = {}): Promise<AccountSnapshot> {
  const why: CallOptions = { purpose: "setup", ...options };
  const patiently = <T>(call: () => Promise<T>) => withPatience(call, { signal: options.signal });

  const me = await patiently(() => pipedrive.me(why)); // first: the cheapest call tells whether the token works at all
  const organization = await patiently(() => pipedrive.fields("organization", why));
  const person = await patiently(() => pipedrive.fields("person", why));
  const deal = await patiently(() => pipedrive.fields("deal", why));
  const pipelines = await patiently(() => pipedrive.pipelines(why));
  const stages = await patiently(() => pipedrive.stages(why));
  const users = await patiently(() => pipedrive.users(why));
  return { companyDomain: me.company_domain, fields: { organization, person, deal }, pipelines, stages, users, me };
}
