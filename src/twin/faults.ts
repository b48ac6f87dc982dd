/** What can go wrong on demand. The names of the first column are the `kind`s of the control API. */
export const FAULT_KINDS = [
  "latency", // answered as usual, `ms` later
  "status", // answered with `status` (default 500), without effect
  "reset", // the connection breaks before anything happens
  "lost_answer", // carried out, then the connection breaks
  "late_answer", // carried out at once, answered `ms` later: our own webhook comes first
  "late_commit", // the connection breaks, and `ms` later the request is carried out all the same
  "html403", // the abuse page of the network in front
  "429_burst", // refused for the short window
  "429_daily", // refused for the day's budget
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Which requests a fault meets. What is left out matches everything. */
export interface FaultMatch {
  side: "pipedrive" | "program";
  method?: string;
  /** A regular expression, tested against the path with its query, e.g. `^/api/v2/deals$`. */
  path?: string;
  /** The company's domain, or the program's tenant. */
  company?: string;
  tenant?: string;
}

export interface Fault {
  id: string;
  match: FaultMatch;
  kind: FaultKind;
  /** How many more requests it meets. */
  times: number;
  /** For latency, late_answer and late_commit. */
  ms: number;
  /** For status. */
  status: number;
}

export type NewFault = Pick<Fault, "match" | "kind"> & Partial<Pick<Fault, "id" | "times" | "ms" | "status">>;

/** A request as faults see it; `tenant` is the company's domain on the Pipedrive side. */
export interface FaultTarget {
  side: "pipedrive" | "program";
  method: string;
  path: string;
  tenant?: string;
}

/** The faults that are armed. They live in memory only: a restarted twin is a healthy one. */
export interface Faults {
  add(fault: NewFault): Fault;
  list(): Fault[];
  /** @returns whether there was one (or any, without an id) */
  clear(id?: string): boolean;
  /** The first armed fault that meets this request, used up by one. */
  take(target: FaultTarget): Fault | undefined;
}

export function createFaults(): Faults {
  let armed: (Fault & { pattern: RegExp | undefined })[] = [];
  let count = 0;

  function meets(fault: (typeof armed)[number], target: FaultTarget): boolean {
    const { side, method, company, tenant } = fault.match;
    if (side !== target.side) return false;
    if (method && method.toUpperCase() !== target.method.toUpperCase()) return false;
    const whose = company ?? tenant;
    if (whose && whose !== target.tenant) return false;
    return !fault.pattern || fault.pattern.test(target.path);
  }

  return {
    add(given) {
      count += 1;
      const fault: Fault = { times: 1, ms: 0, status: 500, ...given, id: given.id ?? `fault-${count}` };
      const pattern = fault.match.path ? new RegExp(fault.match.path) : undefined;
      armed = [...armed.filter((other) => other.id !== fault.id), { ...fault, pattern }];
      return fault;
    },
    list: () => armed.map(({ pattern: _, ...fault }) => fault),
    clear(id) {
      const before = armed.length;
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
      return armed.length < before;
    },
    take(target) {
      const fault = armed.find((candidate) => meets(candidate, target));
      if (!fault) return undefined;
      fault.times -= 1;
      if (fault.times <= 0) armed = armed.filter((other) => other !== fault);
      const { pattern: _, ...taken } = fault;
      return taken;
    },
  };
}
