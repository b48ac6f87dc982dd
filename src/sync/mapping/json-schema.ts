import { z } from "zod";
import { mappingDocument } from "./document.ts";

/** JSON Schema of the mapping document, for editors: completes members and words, underlines what does not fit. */
export function mappingJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(mappingDocument, { io: "input" });
  return { ...schema, title: "Mapping document of a partnersync tenant" };
}
