import type { CheckId } from "../codes.ts";
import { accessControl } from "./access-control.ts";
import { accessValid } from "./access-valid.ts";
import { admins, dormant, duplicates } from "./accounts.ts";
import type { Check } from "./check.ts";
import { identified } from "./identified.ts";
import { offboarded } from "./offboarded.ts";
import { serviceAccounts } from "./service-accounts.ts";
import { connection, inputs, twoFactor } from "./surroundings.ts";

/** Every check by its name. A new one starts with its line here and in `codes.ts`. */
export const CHECK_FUNCTIONS = {
  identified,
  offboarded,
  access_control: accessControl,
  access_valid: accessValid,
  admins,
  dormant,
  service_accounts: serviceAccounts,
  duplicates,
  two_factor: twoFactor,
  inputs,
  connection,
} satisfies Record<CheckId, Check>;
