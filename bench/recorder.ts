import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One delivery as its sender posted it. */
export interface Recorded {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Stands where the server would and answers 200: it keeps deliveries to be posted later, or throws them away. */
export interface Recorder {
  url: string;
  /** Resolves with everything posted to `path` since it was asked, once it is `count`. */
  record(path: string, count: number): Promise<Recorded[]>;
  close(): Promise<void>;
}

const HEADERS = ["authorization", "content-type", "x-program-signature"];

export async function startRecorder(): Promise<Recorder> {
  const recordings = new Map<string, (delivery: Recorded) => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.end();
      const path = request.url ?? "";
      const headers = HEADERS.flatMap((name) => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      });
      const delivery = { path, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
      recordings.get(path)?.(delivery);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    record: (path, count) =>
      new Promise((resolve) => {
        const all: Recorded[] = [];
        recordings.set(path, (delivery) => {
          all.push(delivery);
          if (all.length < count) return;
          recordings.delete(path);
          resolve(all);
        });
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
