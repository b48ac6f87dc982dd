import { ask, startTestServer } from "./test-server.ts";

export interface Told {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of an answer
  json: any;
}

/** The API with somebody to ask for each role. */
export async function startTestApi() {
  const server = await startTestServer();
  const base = await server.listen();
  const admin = await server.tokenOf({ role: "admin", email: "root@acme.example" }, "root");
  return {
    ...server,
    base,
    admin,
    async call(
      route: string,
      body?: unknown,
      { as = admin, key, at = base }: { as?: string; key?: string; at?: string } = {},
    ) {
      const [method, path] = route.split(" ") as [string, string];
      const headers: Record<string, string> = key === undefined ? {} : { "idempotency-key": key };
      const answer = await ask(`${at}/api${path}`, as, method, { body, headers });
      return { status: answer.status, headers: answer.headers, json: await answer.json() } as Told;
    },
    /** What the trail says since the row of this id, without who and when. */
    async trail(since = 0) {
      const { rows } = await server.pool.query(
        "select phase, action, tenant_id, target, code, before, after from audit where id > $1 order by id",
        [since],
      );
      return rows;
    },
    async lastOfTrail(): Promise<number> {
      return Number((await server.pool.query("select coalesce(max(id), 0) as id from audit")).rows[0].id);
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;
