import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of the loopback interface that can be listened on again and again: the one wished for when it is free. Never
 * one that the system hands out: while nobody listens there, any outgoing connection could be given it.
 */
export async function freePort(wish?: number): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = tries === 0 && wish !== undefined ? wish : 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free on 127.0.0.1");
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, "127.0.0.1");
    await once(probe, "listening");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  } finally {
    probe.close();
  }
}
