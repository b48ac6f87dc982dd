import { MappingRefusedError } from "../../operations/load-mapping.ts";
import { locate } from "../../sync/mapping/locate.ts";

/** With the document's lines at hand, also what only the account could tell is shown with its place in it. */
export async function withPlaces<T>(document: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MappingRefusedError ? new MappingRefusedError(locate(error.findings, document)) : error;
  }
}
