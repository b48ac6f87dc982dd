/** What became of one request: `status` is null when no answer came. */
export interface Posted {
  ok: boolean;
  status: number | null;
  error: string | null;
}

/** Posts JSON once. Redirects are not followed and any 2xx is success, as with Pipedrive's webhooks. Never throws. */
export async function post(
  request: { url: string; headers: Record<string, string>; body: string },
  timeoutMs: number,
  stopped: AbortSignal,
): Promise<Posted> {
  try {
    const response = await fetch(request.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...request.headers },
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]),
    });
    await response.body?.cancel(); // frees the connection
    return { ok: response.ok, status: response.status, error: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
    return { ok: false, status: null, error: cause ?? String(error) };
  }
}
