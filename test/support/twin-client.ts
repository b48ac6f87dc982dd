/** The twin's control API as a test uses it: people in Pipedrive and in the portal, and what each side holds. */
export interface TwinClient {
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** A person edits (or makes) a record in Pipedrive; fields as `label:Allbound Status` or system names. */
  edit(object: string, set: Record<string, unknown>, id?: number): Promise<ReadableRecord>;
  record(object: string, id: number): Promise<ReadableRecord>;
  records(object: string): Promise<ReadableRecord[]>;
  /** Somebody does something in the partner portal. */
  act(act: Record<string, unknown>): Promise<Snapshot>;
  aggregates(kind: string): Promise<Snapshot[]>;
  /** Commands that the program received, and how many of them changed something. */
  commands(): Promise<{ total: number; changed: number }>;
  /** Tokens and calls this company was charged so far. */
  spend(): Promise<{ tokens: number; calls: number; byOperation: Record<string, { calls: number; tokens: number }> }>;
}

export interface ReadableRecord {
  id: number;
  labels: Record<string, unknown>;
  [key: string]: unknown;
}
export interface Snapshot {
  version: number;
  [key: string]: unknown;
}

/** @param domain the company, @param tenant the program's tenant */
export function twinClient(url: string, domain: string, tenant: string): TwinClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_twin${path}`, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return (answer ? JSON.parse(answer) : undefined) as T;
  }
  const company = `/companies/${domain}`;
  const program = `/program/${tenant}`;
  const listOf = <T>(answer: T[] | { records: T[] }): T[] => (Array.isArray(answer) ? answer : answer.records);
  return {
    call,
    edit: (object, set, id) => call("POST", `${company}/edit`, { object, set, ...(id !== undefined && { id }) }),
    record: (object, id) => call("GET", `${company}/records/${object}/${id}`),
    records: async (object) => listOf(await call("GET", `${company}/records/${object}`)),
    act: (act) => call("POST", `${program}/act`, act),
    aggregates: (kind) => call("GET", `${program}/aggregates/${kind}`),
    commands: () => call("GET", `${program}/commands`),
    spend: () => call("GET", `${company}/spend`),
  };
}
