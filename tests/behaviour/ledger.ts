/** Counts what happened under a name, in order: side effects that a test wants to see once. */
export interface Ledger {
  readonly entries: readonly string[];
  note(entry: string): void;
  count(entry: string): number;
  /** Resolves when the entry has been noted that many times. */
  until(entry: string, times?: number): Promise<void>;
}

export function createLedger(): Ledger {
  const entries: string[] = [];
  const watchers = new Set<() => void>();
  const count = (entry: string): number => entries.filter((one) => one === entry).length;
  return {
    entries,
    note: (entry) => {
      entries.push(entry);
      for (const look of watchers) look();
    },
    count,
    until: (entry, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (count(entry) < times) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}
