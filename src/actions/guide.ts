import { readFileSync } from "node:fs";

interface Guide {
  /** Every scope that the guide prints, in its order; not all of them enable an action. */
  printedScopes: string[];
  actions: {
    /** `pipedrive_add_deal` */
    id: string;
    label: string;
    /** The scopes that the guide gives for it. */
    scopes: string[];
    /** Version and operation of Pipedrive's API: `v2 addDeal`. */
    operation: string;
  }[];
}

/** The setup guide that the connector profile follows: its 121 actions by name, and what scopes it gives for each. */
export const guide = JSON.parse(readFileSync(new URL("./guide.json", import.meta.url), "utf8")) as Guide;
