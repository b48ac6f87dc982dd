import { type Command, InvalidArgumentError, Option } from "commander";
import type { Api } from "../client/client.ts";
import { plainAddress } from "../operations/address.ts";
import { ENVIRONMENTS } from "../store/connection-rows.ts";

/** What a command found out or did: as data for --json, and in words for people. */
export interface Answer {
  data: unknown;
  /** May have several lines; without the last line break. */
  text: string;
  /** Of what was done in part; default 0. */
  exitCode?: number;
}

/** What commands work with, whichever they are. */
export interface Cli {
  /**
   * Wraps a command's work into commander's action: reaches the admin API for it, here or through PARTNERSYNC_URL,
   * answers, closes. Null: it has said all there is to say.
   */
  withApi<A extends unknown[]>(work: (api: Api, ...args: A) => Promise<Answer | null>): (...args: A) => Promise<void>;
  /** The same for work that needs none. */
  without<A extends unknown[]>(work: (...args: A) => Promise<Answer>): (...args: A) => Promise<void>;
  /** A credential from its environment variable, else from stdin. @throws InputError SECRET_MISSING */
  secret(variable: "PIPEDRIVE_API_TOKEN" | "PROGRAM_SECRET", what: string): Promise<string>;
  /** Options that stand before or after any command. */
  globals(): Globals;
  /** A line for people that is no part of the answer. */
  note(text: string): void;
  /** A part of an answer that is too long to be kept. */
  print(text: string): void;
  /** Where the server's pages are; in words where that is not known here. To be called within `withApi`. */
  serverUrl(): string;
}

export interface Globals {
  json?: boolean;
  verbose?: boolean;
  /** Whose database: that of `npm start -- --seed <seed>`. */
  seed?: string;
}

/** One file of commands that belong together. */
export type CommandGroup = (program: Command, cli: Cli) => void;

/** `--environment`, of both sides' connections. */
export function environmentOption(): Option {
  return new Option("--environment <environment>", "rehearsal is our own twin").choices(ENVIRONMENTS);
}

/** Reads an option that is an address. Commander would repeat a wrong one, and it may hold a secret: this does not. */
export function toAddress(option: string): (text: string) => string {
  return (text) => plainAddress(text, option);
}

/** A whole number from 1 on. */
export function toId(text: string): number {
  const id = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError("It is a number.");
  return id;
}

/** A port to listen on; 0 is any free one. */
export function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It is a number from 0 to 65535.");
  return port;
}

/** An option that may be repeated. */
export function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}
