import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";

/** What became of one request: `status` is null when no answer came. */
export interface Posted {
  ok: boolean;
  status: number | null;
  error: string | null;
}

const plain = new HttpAgent({ keepAlive: true });
const secure = new HttpsAgent({ keepAlive: true });

/**
 * Posts JSON once. Redirects are not followed and any 2xx is success, as with Pipedrive's webhooks. Never throws.
 * On node:http itself: the twin sends thousands of these beside the system that is being measured.
 */
export function post(
  { url, headers, body }: { url: string; headers: Record<string, string>; body: string },
  timeoutMs: number,
  stopped: AbortSignal,
): Promise<Posted> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ ok: false, status: null, error: error.message });
    const options = {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers },
      signal: stopped,
    };
    const answered = (response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      response.on("error", failed).on("end", () => {
        resolve({ ok: status >= 200 && status < 300, status, error: null });
      });
      response.resume();
    };
    try {
      const sent = url.startsWith("https:")
        ? overHttps(url, { ...options, agent: secure }, answered)
        : overHttp(url, { ...options, agent: plain }, answered);
      const deadline = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      sent.on("error", failed).on("close", () => clearTimeout(deadline));
      sent.end(body);
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error))); // an address that is none
    }
  });
}
