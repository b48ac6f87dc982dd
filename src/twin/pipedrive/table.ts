import type { Row } from "./model.ts";

export type SortField = "id" | "add_time" | "update_time";

/** All records of one object, deleted ones included, with the orders that keyset paging walks along. */
export class Table {
  private readonly rows = new Map<number, Row>();
  private readonly orders = new Map<SortField, { ids: number[]; sorted: boolean }>();
  private highest = 0;

  get(id: number): Row | undefined {
    return this.rows.get(id);
  }

  all(): IterableIterator<Row> {
    return this.rows.values();
  }

  get size(): number {
    return this.rows.size;
  }

  /** Adds a row or takes the place of the one with its id. */
  put(row: Row): void {
    const id = row.data.id;
    const isNew = !this.rows.has(id);
    this.rows.set(id, row);
    for (const [field, order] of this.orders) {
      if (isNew) order.ids.push(id);
      if (isNew ? field !== "id" || id < this.highest : field === "update_time") order.sorted = false;
    }
    this.highest = Math.max(this.highest, id);
  }

  /** The id a new record gets, counting from `first`. */
  nextId(first: number): number {
    return Math.max(this.highest + 1, first);
  }

  /** Rows in ascending order of (field, id). Sorting again after few writes is cheap: the list is nearly in order. */
  ordered(field: SortField): readonly number[] {
    let order = this.orders.get(field);
    if (!order) {
      order = { ids: [...this.rows.keys()], sorted: false };
      this.orders.set(field, order);
    }
    if (!order.sorted) {
      order.ids.sort((a, b) => this.compare(field, a, this.key(field, a), b));
      order.sorted = true;
    }
    return order.ids;
  }

  /** Compares a position (its id and sort value) with a row. */
  compare(field: SortField, id: number, value: string | number, other: number): number {
    const theirs = this.key(field, other);
    if (value < theirs) return -1;
    if (value > theirs) return 1;
    return id - other;
  }

  key(field: SortField, id: number): string | number {
    const row = this.rows.get(id);
    return row ? (row.data[field] as string | number) : id;
  }
}
