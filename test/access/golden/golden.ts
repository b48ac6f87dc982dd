import type { Given } from "../world.ts";
import { ADMIN_ACCESS, user } from "../world.ts";

/** What a situation has to lead to: every finding, as `code account severity`, and the outcomes that matter to it. */
export interface Golden {
  name: string;
  given: Given;
  findings: string[];
  outcomes?: Record<string, "pass" | "fail" | "not_assessed">;
}

export const BEA = "E2,Bea Berg,bea@acme.example,,employee,active,2021-01-01,,Sales,boss@acme.example";
export const bea = (changes = {}) => user(2, "Bea Berg", "bea@acme.example", changes);
export const left = (day: string, rest = "Sales,boss@acme.example") =>
  `E2,Bea Berg,bea@acme.example,,employee,offboarded,2021-01-01,${day},${rest}`;
export const SERVICE = {
  email: "integrations@allbound.example",
  owner_email: "ana@acme.example",
  purpose: "partner program sync",
  expires_on: "2026-12-31",
};
export const integration = (changes = {}) =>
  user(9, "Allbound Integration", SERVICE.email, { access: ADMIN_ACCESS, last_login: null, ...changes });
