import type { Delivery } from "./delivery.ts";
import type { Journal } from "./journal.ts";

/** Which deliveries there are, and what became of them. Pending ones are in the journal, settled ones in memory. */
export interface Ledger {
  /** In the order in which they came. */
  readonly pending: ReadonlyMap<string, Delivery>;
  /** Takes a delivery in: pending, or dropped before it was ever sent. */
  put(delivery: Delivery): void;
  /** Writes down a delivery that is held back: a restart sends it. */
  hold(delivery: Delivery): void;
  postpone(delivery: Delivery, dueAt: number): void;
  settle(delivery: Delivery, state: Exclude<Delivery["state"], "pending">): void;
  get(id: string): Delivery | undefined;
  /** The latest settled ones, then the pending ones. */
  list(filter?: Partial<Pick<Delivery, "sender" | "tenant" | "subject" | "state">>): Delivery[];
}

type Entry = { put: Delivery } | { gone: string };

const KEPT = 2000; // settled deliveries that can still be listed and sent again

/** To be made before the journal is replayed. */
export function createLedger(journal: Journal): Ledger {
  const pending = new Map<string, Delivery>();
  const settled = new Map<string, Delivery>();

  const append = journal.store<Entry>("deliveries", {
    apply(entry) {
      if ("put" in entry) pending.set(entry.put.id, entry.put);
      else pending.delete(entry.gone);
    },
    *snapshot() {
      for (const delivery of pending.values()) yield { put: delivery };
    },
  });

  function keep(delivery: Delivery): void {
    pending.delete(delivery.id);
    settled.delete(delivery.id);
    settled.set(delivery.id, delivery);
    for (const oldest of settled.keys()) {
      if (settled.size <= KEPT) break;
      settled.delete(oldest);
    }
  }

  return {
    pending,
    put(delivery) {
      if (delivery.state !== "pending") return keep(delivery);
      append({ put: delivery });
      settled.delete(delivery.id);
      pending.set(delivery.id, delivery);
    },
    hold: (delivery) => append({ put: delivery }),
    postpone(delivery, dueAt) {
      delivery.dueAt = dueAt;
      append({ put: delivery });
    },
    settle(delivery, state) {
      delivery.state = state;
      append({ gone: delivery.id });
      keep(delivery);
    },
    get: (id) => settled.get(id) ?? pending.get(id),
    list(filter = {}) {
      const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
      const all = [...settled.values(), ...pending.values()];
      return all.filter((delivery) => wanted.every(([key, value]) => delivery[key as keyof Delivery] === value));
    },
  };
}
