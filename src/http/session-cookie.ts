import type { FastifyReply, FastifyRequest } from "fastify";

/** The cookie that carries a session. */
export interface SessionCookie {
  read(request: FastifyRequest): string | null;
  set(reply: FastifyReply, value: string): void;
  clear(reply: FastifyReply): void;
}

/**
 * No script reads it, no other site's request carries it but by following a link, and with TLS no other host can set it
 * (`__Host-`). It lives as long as the browser runs; how long it is in force, the session says.
 *
 * @param options.secure where the server is reached through TLS
 */
export function sessionCookie({ secure = false }: { secure?: boolean } = {}): SessionCookie {
  const name = secure ? "__Host-partnersync" : "partnersync";
  const flags = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  return {
    read: (request) => request.cookies[name] ?? null,
    set: (reply, value) => void reply.setCookie(name, value, flags),
    clear: (reply) => void reply.clearCookie(name, flags),
  };
}
