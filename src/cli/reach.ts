import { userInfo } from "node:os";
import { bringUp } from "../bring-up.ts";
import { type Api, createApi, overNetwork, type Send } from "../client/client.ts";
import { loadConfig, type RemoteServer } from "../config.ts";
import { InputError } from "../errors.ts";
import { createServer } from "../http/server.ts";
import { createLogger } from "../log.ts";
import { seedDatabase, toSeed } from "../seed.ts";
import { localActor } from "../store/actor.ts";
import type { Globals } from "./cli.ts";

/** The admin API within reach of one command. */
export interface Reach {
  api: Api;
  /** Where its pages are; in words where that is not known here. */
  serverUrl: string;
  close(): Promise<void>;
}

/** Through a server elsewhere. @throws InputError SEED_ELSEWHERE */
export function reachRemote({ url, token }: RemoteServer, { seed }: Globals): Reach {
  if (seed === undefined) return { api: createApi(url, overNetwork(token)), serverUrl: url, async close() {} };
  const hint = "leave out --seed, or unset PARTNERSYNC_URL";
  throw new InputError("SEED_ELSEWHERE", "--seed names a database of this machine", "--seed", hint);
}

/**
 * On this machine: the same routes, in a server of this process that listens to nobody else. Whoever can do that has the
 * database and the master key, and needs no token.
 */
export async function reachLocal({ verbose, seed }: Globals): Promise<Reach> {
  const config = loadConfig();
  const log = createLogger({ level: verbose ? config.logLevel : "fatal", pretty: process.stderr.isTTY });
  const databaseName = seed === undefined ? undefined : seedDatabase(config, toSeed(seed));
  const running = await bringUp(config, log, { queueRequired: false, databaseName });
  const actor = localActor(userInfo().username);
  const server = createServer(running.app, { identify: async () => actor });
  const send: Send = async (request) => {
    const { pathname, search } = new URL(request.url);
    const payload = await request.text();
    const answer = await server.inject({
      method: request.method as "GET",
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(payload !== "" && { payload }),
    });
    return new Response(new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
    });
  };
  return {
    api: createApi("http://localhost", send),
    serverUrl: config.publicUrl ?? "<the server's address>",
    async close() {
      await server.close();
      await running.close();
    },
  };
}
