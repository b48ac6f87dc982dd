import { identity } from "./cases/identity.ts";
import { leavers } from "./cases/leavers.ts";
import { leaversExcepted } from "./cases/leavers-excepted.ts";
import { missing } from "./cases/missing.ts";
import { rights } from "./cases/rights.ts";
import { unusedAndServices } from "./cases/unused-and-services.ts";
import type { Golden } from "./golden.ts";

export const GOLDEN: Record<string, Golden[]> = {
  ...{ identity, leavers, leaversExcepted, rights, missing, unusedAndServices },
};
