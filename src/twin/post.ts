import { Agent } from "node:http";
import axios from "axios";

/** What became of one request: `status` is null when no answer came. */
export interface Posted {
  ok: boolean;
  status: number | null;
  error: string | null;
}

const agent = new Agent({ keepAlive: true });

/** Posts JSON once. Redirects are not followed and any 2xx is success, as with Pipedrive's webhooks. Never throws. */
export async function post(
  request: { url: string; headers: Record<string, string>; body: string },
  timeoutMs: number,
  stopped: AbortSignal,
): Promise<Posted> {
  try {
    const { status } = await axios.post(request.url, request.body, {
      headers: { "content-type": "application/json", ...request.headers },
      httpAgent: agent,
      maxRedirects: 0,
      proxy: false,
      responseType: "text",
      signal: stopped,
      timeout: timeoutMs,
      transformRequest: (body: string) => body, // signed and counted as it is
      validateStatus: () => true,
    });
    return { ok: status >= 200 && status < 300, status, error: null };
  } catch (error) {
    return { ok: false, status: null, error: error instanceof Error ? error.message : String(error) };
  }
}
