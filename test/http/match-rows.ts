import type { App } from "../../src/app.ts";
import type { Candidate } from "../../src/sync/matching/verdict.ts";

interface Whose {
  tenantId: string;
  connectionId: string;
  /** In the name of everything. */
  mark: string;
  programId: string;
}

/** A match of a registration that waits for a person, and what the registration is compared with others by. @returns its id */
export async function addMatch(
  { lanes, tenants, matchReviews, duplicates }: Pick<App, "lanes" | "tenants" | "matchReviews" | "duplicates">,
  { tenantId, connectionId, mark, programId }: Whose,
): Promise<number> {
  const about = { kind: "deal_registration", programId } as const;
  const key = await tenants.key(tenantId);
  const payload = key.sealJson("inbox.payload", { mark });
  const row = { tenantId, connectionId, source: "program", deliveryKey: mark + programId, payload } as const;
  const lane = await lanes.accept({ ...row, object: null, crmId: null, ...about });
  const claim = await lanes.claim(Number(lane), "outbound");
  if (!claim) throw new Error("the lane is taken");
  const candidate: Candidate = {
    ...{ object: "organization", id: 12, name: mark, website: null, email: null, takenBy: null },
    ...{ by: "domain", exact: true },
  };
  const taken: Candidate = { ...candidate, id: 13, takenBy: "prt_other" };
  const evidence = { sought: { name: mark }, candidates: [candidate, taken], tokens: 21 };
  const subject = { ...about, role: "customer_org" } as const;
  const id = await matchReviews.open(claim, subject, { because: "several", evidence });
  const facts = { partnerId: mark, products: [], submittedAt: null };
  await duplicates.enter(tenantId, programId, { identities: [IDENTITY], facts, key });
  return Number(id);
}

/** Of the customer of such a registration. */
export const IDENTITY = Buffer.from("the same for every tenant");
