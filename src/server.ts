import { bringUp } from "./bring-up.ts";
import { listen } from "./http/listen.ts";
import { createServer } from "./http/server.ts";
import { runService } from "./service.ts";

/** The server: takes in what both sides send, shows the queues. Starts without its queue, never without its database. */
await runService(async (config, log) => {
  const running = await bringUp(config, log, { queueRequired: false });
  const server = createServer(running.app);
  try {
    const url = await listen(server, config);
    log.info({ url, database: running.database, queue: running.queue }, "listening");
  } catch (error) {
    await running.close();
    throw error;
  }
  return {
    async close() {
      await server.close();
      await running.close();
    },
  };
});
