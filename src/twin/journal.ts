import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** One part of the twin that remembers things: how its entries are replayed, and how few of them say the same. */
export interface JournalStore<E> {
  /** Carries out one entry at replay. Must not append, call out or look at the clock. */
  apply(entry: E): void;
  /** The entries that rebuild the present state from nothing; used for compaction. */
  snapshot(): Iterable<E>;
}

/** Writes one entry of a store. The caller changes its memory itself. */
export type Append<E> = (entry: E) => void;

/**
 * The twin's memory on disk: one append-only file of JSON lines, `twin.jsonl`. A line is a list of `[store, entry]`
 * pairs that belong together, so that a torn last line loses a whole change and never half of one. Entries are
 * written before the HTTP answer leaves.
 */
export interface Journal {
  /** Registers a store by name, before `replay`. */
  store<E>(name: string, store: JournalStore<E>): Append<E>;
  /** Entries appended inside `change` become one line. Nested calls join the outer one. */
  together<T>(change: () => T): T;
  /** Reads what an earlier run left, rewrites it compactly and opens the file for appending. Once, at start. */
  replay(): void;
  close(): void;
}

type Line = [store: string, entry: unknown][];

/**
 * @param options.folder made when missing; without it everything stays in memory
 * @param options.fsync  also force each line to the disk: survives a power cut, not only a killed process
 */
export function openJournal(options: { folder?: string; fsync?: boolean } = {}): Journal {
  const stores = new Map<string, JournalStore<unknown>>();
  const file = options.folder ? join(options.folder, "twin.jsonl") : undefined;
  let descriptor: number | undefined;
  let replayed = false;
  let open: Line | undefined;

  function write(line: Line): void {
    if (!replayed) throw new Error("the journal is appended to before it was replayed");
    if (descriptor === undefined || line.length === 0) return;
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    if (options.fsync) fsyncSync(descriptor);
  }

  return {
    store<E>(name: string, store: JournalStore<E>): Append<E> {
      if (stores.has(name)) throw new Error(`the journal already has a store called ${name}`);
      stores.set(name, store as JournalStore<unknown>);
      return (entry) => {
        if (open) open.push([name, entry]);
        else write([[name, entry]]);
      };
    },
    together(change) {
      if (open) return change();
      const line: Line = [];
      open = line;
      try {
        return change();
      } finally {
        // Memory has already changed when `change` throws half-way, so what was appended is kept either way.
        open = undefined;
        write(line);
      }
    },
    replay() {
      replayed = true;
      if (!file || !options.folder) return;
      mkdirSync(options.folder, { recursive: true });
      if (existsSync(file)) {
        for (const line of readLines(file)) {
          for (const [name, entry] of line) stores.get(name)?.apply(entry);
        }
        compact(file, stores);
      }
      descriptor = openSync(file, "a");
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Lines of a journal; a last line that a killed process left torn is dropped, a broken one elsewhere is an error. */
function readLines(file: string): Line[] {
  const texts = readFileSync(file, "utf8").split("\n");
  const tail = texts.pop() ?? "";
  const lines = texts.map((text, index) => {
    try {
      return JSON.parse(text) as Line;
    } catch (cause) {
      throw new Error(`${file}:${index + 1} is not JSON; delete the folder to start anew`, { cause });
    }
  });
  try {
    if (tail) lines.push(JSON.parse(tail) as Line);
  } catch {
    // The change was never answered, so nobody relies on it.
  }
  return lines;
}

/** Writes the present state beside the file, then takes its place in one step: a kill in between loses nothing. */
function compact(file: string, stores: Map<string, JournalStore<unknown>>): void {
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, "w");
  for (const [name, store] of stores) {
    for (const entry of store.snapshot()) writeSync(descriptor, `${JSON.stringify([[name, entry]])}\n`);
  }
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(fresh, file);
}
