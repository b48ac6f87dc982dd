import { Prisma } from "./generated/client.ts";

/** True when a row with the same unique key is there already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** Prisma: cannot be reached, timed out, closed the connection, no such database, too many connections. */
const AWAY_IN_PRISMA = new Set(["P1000", "P1001", "P1002", "P1003", "P1008", "P1010", "P1017", "P2024", "P2037"]);
const AWAY_IN_NODE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
]);
/** PostgreSQL: connection exceptions, refused log-in, no such database, no resources, shutting down, read-only standby. */
const AWAY_IN_POSTGRES = /^(08|28|53|57P|3D000|25006)/;
/** What pg says without a code. */
const AWAY_IN_WORDS = /Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after/;

/** True when it is the database that cannot answer now, rather than the question that was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, message, cause, errors } = error as Partial<Record<"code" | "message" | "cause" | "errors", unknown>>;
  if (typeof code === "string") {
    if (AWAY_IN_PRISMA.has(code) || AWAY_IN_NODE.has(code) || AWAY_IN_POSTGRES.test(code)) return true;
  }
  if (typeof message === "string" && AWAY_IN_WORDS.test(message)) return true;
  return isDatabaseAway(cause) || (Array.isArray(errors) && errors.some(isDatabaseAway));
}
