import { BlockList, isIP } from "node:net";
import { InputError } from "../errors.ts";
import type { Environment } from "../store/connection-rows.ts";

/**
 * An address as it may be kept in clear and shown: scheme, host and path, without a slash at its end.
 *
 * @param where the option or variable it was given in
 * @throws InputError ADDRESS_INVALID, ADDRESS_NOT_PLAIN; neither repeats the text, which may hold a secret
 */
export function plainAddress(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const hint = "give it in full, e.g. https://acme.pipedrive.com";
    throw new InputError("ADDRESS_INVALID", "an address has to begin with https://", where, hint);
  }
  const [extra] = [
    (url.username || url.password) && "a user or password",
    url.search && "a query (?…)",
    url.hash && "a fragment (#…)",
  ].filter(Boolean);
  if (extra) {
    const hint = "leave it out; if it was a secret, replace it: secrets are read from the environment or stdin only";
    const message = `the address contains ${extra}, and addresses are kept and shown in clear`;
    throw new InputError("ADDRESS_NOT_PLAIN", message, where, hint);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * Where we send a tenant's credentials and data: plain, and encrypted on the way unless nothing in it is real.
 *
 * @throws InputError ADDRESS_INVALID, ADDRESS_NOT_PLAIN, ADDRESS_NOT_HTTPS
 */
export function remoteAddress(text: string, environment: Environment, where = "--url"): string {
  const url = plainAddress(text, where);
  if (environment === "production" && !url.startsWith("https://")) {
    const hint = "use its https address; only a sandbox or a rehearsal may do without";
    const message = `a production connection cannot use ${url}: credentials would travel in clear`;
    throw new InputError("ADDRESS_NOT_HTTPS", message, where, hint);
  }
  return url;
}

/**
 * Where others reach this server. What tells us of real customers has to be encrypted on the way, and to arrive.
 *
 * @throws InputError ADDRESS_INVALID, ADDRESS_NOT_PLAIN, PUBLIC_URL_NOT_HTTPS, PUBLIC_URL_NOT_PUBLIC
 */
export function ownAddress(text: string, environment: Environment): string {
  const url = plainAddress(text, "PUBLIC_URL");
  if (environment !== "production") return url;
  if (!url.startsWith("https://")) {
    const message = `a production connection cannot use ${url}: what arrives would have travelled in clear`;
    throw new InputError("PUBLIC_URL_NOT_HTTPS", message, "PUBLIC_URL", PUBLIC_URL_HINT);
  }
  if (!isPublicHost(new URL(url).hostname)) {
    const message = `a production connection cannot use ${url}: it means something only on this machine or network`;
    throw new InputError("PUBLIC_URL_NOT_PUBLIC", message, "PUBLIC_URL", PUBLIC_URL_HINT);
  }
  return url;
}

export const PUBLIC_URL_HINT =
  "set PUBLIC_URL to the https address under which this server is reached from the internet, then connect again";

/** Loopback, private, link-local, shared and unspecified ones. IPv4 inside IPv6 is matched as IPv4. */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, "ipv4");
}
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, "ipv6");
}

/** Names that no public name server answers for. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)$/;

/** @param hostname as `URL` gives it: lower case, IPv4 in four numbers, IPv6 in brackets */
function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, "");
  const family = isIP(host);
  if (family !== 0) return !NOT_PUBLIC.check(host, family === 6 ? "ipv6" : "ipv4");
  return host.includes(".") && !LOCAL_NAME.test(host);
}
