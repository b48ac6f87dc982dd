import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Recorded } from "./recorder.ts";

/** Posts deliveries as their senders do: keep-alive connections, a bounded number at once. */
export interface Poster {
  /** @returns time to the end of the answer, ms @throws Error unless the answer is a 2xx */
  post(delivery: Recorded): Promise<number>;
  /** Posts all of them, at most `atOnce` under way. */
  postAll(deliveries: Recorded[], atOnce?: number): Promise<void>;
  /** Posts one after another at a steady pace, whatever the answers take. @returns the answer times, ms */
  postSteadily(deliveries: Recorded[], perSecond: number): Promise<number[]>;
  close(): void;
}

/** @param url of the server under test */
export function createPoster(url: string): Poster {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });

  function post({ path, headers, body }: Recorded): Promise<number> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        path,
        method: "POST",
        agent,
        headers: { ...headers, "content-length": body.length },
      };
      const sent = request(options, (response) => {
        response.on("end", () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve(performance.now() - startedAt);
          else reject(new Error(`the server answered ${statusCode}`));
        });
        response.resume();
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  return {
    post,
    async postAll(deliveries, atOnce = 32) {
      let next = 0;
      const line = async () => {
        for (let mine = next++; mine < deliveries.length; mine = next++) await post(deliveries[mine]!);
      };
      await Promise.all(Array.from({ length: atOnce }, line));
    },
    async postSteadily(deliveries, perSecond) {
      const startedAt = performance.now();
      const answers: Promise<number>[] = [];
      for (const [i, delivery] of deliveries.entries()) {
        const waitMs = startedAt + (i * 1000) / perSecond - performance.now();
        if (waitMs > 0) await sleep(waitMs);
        answers.push(post(delivery));
      }
      return Promise.all(answers);
    },
    close: () => agent.destroy(),
  };
}
