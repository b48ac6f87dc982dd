import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createPostgresBackend, Queue } from "bullmq";
import { Redis } from "ioredis";
import { eachBackend } from "./backends.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.drop());

eachBackend((backend) => {
  test("a job added to an empty queue is there, and it alone", async () => {
    await backend.flush();
    const redis = backend.redisUrl ? new Redis(backend.redisUrl, { maxRetriesPerRequest: null }) : undefined;
    const queue = redis
      ? new Queue("probe", { connection: redis })
      : new Queue("probe", { connection: db.pool as never }, createPostgresBackend);
    await queue.add("tenant deal 1", {});
    expect((await queue.getWaiting()).map((job) => job.name)).toEqual(["tenant deal 1"]);
    await queue.close();
    redis?.disconnect();
  });
});
