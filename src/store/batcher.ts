/**
 * Group commit: calls that come while one batch is under way travel together in the next. Alone, a call leaves at once;
 * under load, many lanes share one round trip and one transaction.
 *
 * @param run answers one result per item, in order; if it throws, a batch of several is tried again one by one, so
 *   that one bad item fails alone
 */
export function createBatcher<T, R>(run: (items: T[]) => Promise<R[]>, { maxSize = 64 } = {}): (item: T) => Promise<R> {
  interface Waiting {
    item: T;
    resolve: (result: R) => void;
    reject: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let busy = false;

  async function runAll(batch: Waiting[]): Promise<void> {
    try {
      const results = await run(batch.map((w) => w.item));
      for (const [i, w] of batch.entries()) w.resolve(results[i] as R);
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      for (const w of batch) await runAll([w]);
    }
  }

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) await runAll(waiting.splice(0, maxSize));
    busy = false;
  }

  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Wait for the rest of this turn of the event loop: what arrives together leaves together.
      if (!busy) {
        busy = true;
        setImmediate(drain);
      }
    });
}
