import { readFileSync } from "node:fs";
import { createPipedriveClient, type PipedriveClientOptions, type Spend } from "../../src/pipedrive/client.ts";
import { createTokenWindow } from "../../src/pipedrive/token-window.ts";

export const BASE_URL = "https://acme.pipedrive.com";
/** Looks like a token, so that finding it in a message or a log means something. */
export const TOKEN = "f00dface".repeat(5);

/** A client with room enough, and the ledger it books into. */
export function clientUnderTest(options: Partial<PipedriveClientOptions> = {}) {
  const spent: Spend[] = [];
  const pipedrive = createPipedriveClient({
    baseUrl: BASE_URL,
    token: TOKEN,
    timeoutMs: 5_000,
    onSpend: (spend) => spent.push(spend),
    window: createTokenWindow({ capacity: 100_000, searchCapacity: 1_000 }),
    ...options,
  });
  return { pipedrive, spent };
}

export function fixture<T = Record<string, unknown>>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/pipedrive/${name}.json`, import.meta.url), "utf8")) as T;
}

/** The error a promise ends with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it should have failed, and did not");
}
