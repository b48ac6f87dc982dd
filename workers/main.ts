import { bringUp } from "../src/bring-up.ts";
import { runService } from "../src/service.ts";
import { startWorkers } from "./index.ts";

/** The workers: both queues and the sweep. Any number of these processes may run beside each other. */
await runService(async (config, log) => {
  const running = await bringUp(config, log);
  const workers = startWorkers(running.app);
  log.info({ database: running.database, queue: running.queue, concurrency: config.concurrency }, "working");
  return {
    async close() {
      await workers.close();
      await running.close();
    },
  };
});
