import { parsePolicy } from "../../access/policy/parse-policy.ts";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import type { StoredPolicy } from "../../store/access-policies.ts";
import type { Actor } from "../../store/actor.ts";
import { AccessFileRefusedError } from "./file-refused.ts";

/**
 * Puts a policy in force, whole or not at all; an assessment becomes due.
 *
 * @throws AccessFileRefusedError with every fault; InputError UNKNOWN_TENANT
 */
export async function loadPolicy(
  app: App,
  tenantId: string,
  text: string,
  by: Actor,
): Promise<{ version: number; changed: boolean }> {
  await app.tenants.known(tenantId);
  const parsed = parsePolicy(text);
  if (!parsed.ok) {
    const findings = parsed.faults.map(({ code, path, message, hint }) => {
      return { code, severity: "error" as const, path, message, hint };
    });
    throw new AccessFileRefusedError("policy", findings);
  }
  const loaded = await app.access.policies.add(tenantId, text, by.name);
  if (loaded.changed) await app.access.schedule.dueWithin(tenantId, app.config.timings.accessDebounceMs);
  return loaded;
}

/** The policy in force. @throws InputError UNKNOWN_TENANT, NO_ACCESS_POLICY */
export async function policyInForce(app: App, tenantId: string): Promise<StoredPolicy> {
  await app.tenants.known(tenantId);
  const policy = await app.access.policies.get(tenantId);
  if (policy) return policy;
  const hint = `partnersync access policy load <file> --tenant ${tenantId}`;
  throw new InputError("NO_ACCESS_POLICY", `${tenantId} has no access policy`, "tenant", hint);
}
