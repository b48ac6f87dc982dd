import { accessInputs } from "./access-inputs.ts";
import { accessResults } from "./access-results.ts";
import { accessReview } from "./access-review.ts";
import type { CommandGroup } from "./cli.ts";

/** `access …`: who can get into a customer's Pipedrive account, and who should not. */
export const access: CommandGroup = (program, cli) => {
  const group = program.command("access").description("who can get into Pipedrive, and who should not");
  accessInputs(group, cli);
  accessResults(group, cli);
  accessReview(group, cli);
};
