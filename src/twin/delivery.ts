/** One notification to one address: pending until it was received, given up or dropped. */
export interface Delivery {
  id: string;
  /** Who renders it: a name given to `register`. */
  sender: string;
  /** The company's domain or the program's tenant. */
  tenant: string;
  /** What it belongs to within the tenant, e.g. a webhook id. */
  subject: string;
  /** Anything JSON: the sender turns it into a request at each attempt. */
  payload: unknown;
  /** Attempts made. */
  attempts: number;
  /** When the next attempt is due, ms on the twin's clock. */
  dueAt: number;
  state: "pending" | "delivered" | "failed" | "dropped";
  lastStatus: number | null;
  lastError: string | null;
}
