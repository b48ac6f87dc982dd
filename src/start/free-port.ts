import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of the loopback interface to listen on: the one wished for when it is free, else any.
 *
 * @param wish 0 for any
 */
export async function freePort(wish = 0): Promise<number> {
  for (const port of [wish, 0]) {
    const probe = createServer();
    try {
      probe.listen(port, "127.0.0.1");
      await once(probe, "listening");
      const address = probe.address();
      if (address !== null && typeof address === "object") return address.port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    } finally {
      probe.close();
    }
  }
  throw new Error("no port is free");
}
