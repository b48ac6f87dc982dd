/**
 * Where the run's own PostgreSQL or Redis listens; it is started by the first test that asks.
 *
 * @returns null when this machine cannot have it
 */
export async function serviceUrl(service: "postgres" | "redis"): Promise<string | null> {
  const answer = await fetch(`${process.env.TEST_SERVICES_URL}/${service}`);
  if (!answer.ok) throw new Error(`the test run has no ${service}: ${await answer.text()}`);
  const { url } = (await answer.json()) as { url: string | null };
  return url;
}
