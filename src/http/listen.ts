import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { InputError } from "../errors.ts";

/** The name is unknown or cannot be looked up; or no interface of this machine has that address. */
const NO_SUCH_HOST = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EADDRNOTAVAIL"]);

/**
 * Listens where the configuration says.
 *
 * @returns its address
 * @throws InputError BAD_HOST; what the system said of a port that cannot be had
 */
export async function listen(server: FastifyInstance, { host, port }: Pick<Config, "host" | "port">): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    if (!NO_SUCH_HOST.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    const hint = "use a name or address of this machine: 127.0.0.1 for it alone, 0.0.0.0 for every interface";
    throw new InputError("BAD_HOST", `HOST ${host} is no address of this machine`, "HOST", hint);
  }
}
