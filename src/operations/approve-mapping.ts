import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { MappingFinding } from "../sync/mapping/parse.ts";
import { loadMapping, readyMapping } from "./load-mapping.ts";

export interface PutMapping {
  tenantId: string;
  revision: number;
  /** A proposal waits for a second person. */
  outcome: "in force" | "unchanged" | "proposed";
  /** The Pipedrive connection was paused and goes on. */
  resumed: boolean;
  /** What a person should know although nothing forbids it. */
  findings: MappingFinding[];
}

/**
 * Puts a document in force, or, where the tenant wants four eyes, keeps it as its one proposal, checked as far as if it
 * were put in force.
 *
 * @throws what `loadMapping` does; InputError OTHER_TENANT, NOBODY_SIGNED_IN
 */
export async function putMapping(app: App, tenantId: string, document: string, by: Actor): Promise<PutMapping> {
  const { fourEyes } = await app.tenants.known(tenantId);
  await refuseBeside(app, tenantId);
  if (!fourEyes) return load(app, tenantId, document, by.name);
  const proposedById = personOf(by);
  const { plan, findings } = await readyMapping(app, document, tenantId);
  await app.mappings.propose({ tenantId, document, proposedById, proposedBy: by.name });
  return { tenantId, revision: plan.revision, outcome: "proposed", resumed: false, findings };
}

/**
 * Puts the proposal in force, checked anew.
 *
 * @param sha256 of the document that was read: not of one that took its place meanwhile
 * @throws what `loadMapping` does; InputError NO_PROPOSAL, PROPOSAL_CHANGED, NOBODY_SIGNED_IN, FOUR_EYES
 */
export async function approveMapping(app: App, tenantId: string, sha256: string, by: Actor): Promise<PutMapping> {
  await refuseBeside(app, tenantId);
  const { proposal, loadedBy } = await approvedProposal(app, tenantId, sha256, by);
  const put = await load(app, tenantId, proposal.document, loadedBy);
  await app.mappings.withdraw(tenantId, sha256);
  return put;
}

/**
 * The proposal, when somebody else than who made it approves it.
 *
 * @throws InputError NO_PROPOSAL, PROPOSAL_CHANGED, NOBODY_SIGNED_IN, FOUR_EYES
 */
export async function approvedProposal(app: App, tenantId: string, sha256: string, by: Actor) {
  const proposal = await app.mappings.proposal(tenantId);
  if (proposal.sha256 !== sha256) {
    const hint = "read it again: partnersync mapping proposal";
    throw new InputError("PROPOSAL_CHANGED", "another document was proposed meanwhile", "sha256", hint);
  }
  if (personOf(by) === proposal.proposedById) {
    const hint = "somebody else with the role approver has to";
    throw new InputError("FOUR_EYES", `${by.name} proposed this document and cannot approve it`, "actor", hint);
  }
  return { proposal, loadedBy: `${proposal.proposedBy}, approved by ${by.name}` };
}

/** What a roll-out tries on some records must not change under it. */
async function refuseBeside(app: App, tenantId: string): Promise<void> {
  if (!(await app.rollOuts.open(tenantId))) return;
  const hint = `see \`partnersync mapping roll-out ${tenantId}\`: let it end, or take it back`;
  throw new InputError("ROLL_OUT_OPEN", `${tenantId} has a roll-out under way`, "tenant", hint);
}

async function load(app: App, tenantId: string, document: string, loadedBy: string): Promise<PutMapping> {
  const { revision, changed, resumed, findings } = await loadMapping(app, document, loadedBy, tenantId);
  return { tenantId, revision, outcome: changed ? "in force" : "unchanged", resumed, findings };
}

/** Four eyes are two people: names in a document or of an account on some machine prove nobody. */
function personOf({ operatorId }: Actor): string {
  if (operatorId !== null) return operatorId;
  const hint = "set PARTNERSYNC_URL and PARTNERSYNC_TOKEN: then it is known who you are";
  throw new InputError("NOBODY_SIGNED_IN", "this takes two people who have signed in", "actor", hint);
}
