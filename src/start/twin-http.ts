/** Calls the twin's control API. @throws Error in the twin's own words */
export async function callTwin(
  url: string,
  request: { method?: "GET" | "POST" | "PUT"; body?: unknown } = {},
): Promise<unknown> {
  const { method = "GET", body } = request;
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  throw new Error(`the twin refused ${method} ${new URL(url).pathname}: ${JSON.stringify(answer)}`);
}
