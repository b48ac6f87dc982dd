/**
 * A small cache of answers that may be a little old. An answer that is under way is shared by all who ask; null and
 * failures are not kept, so that what appears is seen at once and keys made up by strangers take no room.
 */
export interface ExpiringCache<T> {
  get(key: string, load: () => Promise<T | null>): Promise<T | null>;
  forget(key: string): void;
  clear(): void;
}

/**
 * @param ttlMs how old an answer may be
 * @param max entries at most; the oldest makes room
 */
export function createExpiringCache<T>({ ttlMs, max = 1_000 }: { ttlMs: number; max?: number }): ExpiringCache<T> {
  const entries = new Map<string, { answer: Promise<T | null>; until: number }>();

  function forget(key: string, answer?: Promise<T | null>): void {
    if (answer === undefined || entries.get(key)?.answer === answer) entries.delete(key);
  }

  function load(key: string, ask: () => Promise<T | null>): Promise<T | null> {
    const answer = ask();
    entries.delete(key); // a renewed entry goes to the end of the line
    entries.set(key, { answer, until: performance.now() + ttlMs });
    const oldest = entries.size > max ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    answer.then(
      (value) => value === null && forget(key, answer),
      () => forget(key, answer),
    );
    return answer;
  }

  return {
    get(key, ask) {
      const entry = entries.get(key);
      return entry && entry.until > performance.now() ? entry.answer : load(key, ask);
    },
    forget: (key) => forget(key),
    clear: () => entries.clear(),
  };
}
