import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "./free-port.ts";

const Ports = z.object({ server: z.int(), twin: z.int() });
export type Ports = z.infer<typeof Ports>;

/**
 * Where server and twin listen: as last time if that can be had, since each has registered the other's address.
 *
 * @param folder of the seed
 */
export async function choosePorts(folder: string): Promise<Ports> {
  const file = join(folder, "ports.json");
  const before = existsSync(file) ? Ports.safeParse(toJson(readFileSync(file, "utf8"))).data : undefined;
  const server = await freePort(before?.server);
  let twin = await freePort(before?.twin);
  while (twin === server) twin = await freePort();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ server, twin }));
  return { server, twin };
}

const Port = z.int();

/**
 * A port for what listens alone: as last time if that can be had.
 *
 * @param folder of its own, where the port is remembered
 */
export async function keptPort(folder: string): Promise<number> {
  const file = join(folder, "port.json");
  const port = await freePort(existsSync(file) ? Port.safeParse(toJson(readFileSync(file, "utf8"))).data : undefined);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(port));
  return port;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // written half: new ports will do
  }
}
