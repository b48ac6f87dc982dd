import type { Delivery } from "./delivery.ts";

/**
 * - drop: never sent, though it stays listed and can be sent again
 * - duplicate: sent twice
 * - delay: first sent `ms` later
 * - reorder: held until `count` of them are there (or `resume` is called), then sent newest first
 */
export const MEDDLE_KINDS = ["drop", "duplicate", "delay", "reorder"] as const;
export type MeddleKind = (typeof MEDDLE_KINDS)[number];

export interface Meddle {
  kind: MeddleKind;
  /** How many of the next deliveries. */
  count: number;
  /** For delay, on the twin's clock. */
  ms?: number;
  sender?: string;
  tenant?: string;
}

export interface Meddling {
  /** Arranges trouble for the next deliveries. */
  meddle(order: Meddle): void;
  /** What is still arranged. */
  meddles(): Meddle[];
}

interface Arranged extends Meddling {
  through(delivery: Delivery): Delivery[];
  /** Ends reordering, and hands out what was held. */
  release(): Delivery[];
  /** Ends everything that is arranged, and hands out what was held. */
  calm(): Delivery[];
}

/** A delivery on its way through what was arranged: none, one or two come out. In memory only. */
export function createMeddling(): Arranged {
  let orders: (Meddle & { held: Delivery[] })[] = [];
  const heldBack = () => orders.flatMap((order) => order.held.reverse());

  function reorder(order: (typeof orders)[number], delivery: Delivery): Delivery[] {
    order.held.push(delivery);
    if (order.count > 0) return [];
    return order.held.reverse();
  }

  return {
    meddle: (order) => void orders.push({ ...order, held: [] }),
    meddles: () => orders.map(({ held: _, ...order }) => order),
    through(delivery) {
      const order = orders.find(
        ({ sender, tenant }) => (!sender || sender === delivery.sender) && (!tenant || tenant === delivery.tenant),
      );
      if (!order) return [delivery];
      order.count -= 1;
      if (order.count <= 0) orders = orders.filter((other) => other !== order);
      if (order.kind === "drop") return [{ ...delivery, state: "dropped" }];
      if (order.kind === "duplicate") return [delivery, { ...delivery, id: `${delivery.id}+copy` }];
      if (order.kind === "delay") return [{ ...delivery, dueAt: delivery.dueAt + (order.ms ?? 1000) }];
      return reorder(order, delivery);
    },
    release() {
      const held = heldBack();
      orders = orders.filter((order) => order.kind !== "reorder");
      return held;
    },
    calm() {
      const held = heldBack();
      orders = [];
      return held;
    },
  };
}
