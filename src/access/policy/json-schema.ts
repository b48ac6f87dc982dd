import { z } from "zod";
import { accessPolicy } from "./document.ts";

/** JSON Schema of the access policy, for editors: completes members and words, underlines what does not fit. */
export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(accessPolicy, { io: "input" });
  return { ...schema, title: "Access policy of a partnersync tenant" };
}
