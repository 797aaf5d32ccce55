import type { Store } from "@beckon/engine";

/** The verbs that write: between any two of them a process may die. */
const WRITES: ReadonlySet<string> = new Set<keyof Store>([
  "openWorker",
  "recoverRuns",
  "createRuns",
  "claimRuns",
  "recordSteps",
  "settleRuns",
  "releaseRuns",
  "advanceTime",
]);

/** Where a process dies: at its write of this number (from 1), before it is done or before its answer arrives. */
export interface CrashPoint {
  readonly write: number;
  readonly moment: "before" | "after";
}

/** A store as one process has it; once the power is cut, that process learns nothing from it and does nothing to it. */
export interface PoweredStore {
  readonly store: Store;
  /** Resolves when the power is cut. */
  readonly died: Promise<void>;
  cut(): void;
}

export function createPoweredStore(real: Store, crashAt: CrashPoint | null): PoweredStore {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let isCut = false;
  let writes = 0;
  const cut = (): void => {
    isCut = true;
    resolve();
  };
  const call = async (verb: () => Promise<unknown>, isWrite: boolean): Promise<unknown> => {
    if (isWrite) writes += 1;
    const isLast = isWrite && crashAt?.write === writes;
    if (isLast && crashAt.moment === "before") cut();
    if (isCut) return silence();
    // Asked in the same turn, as without the switch: writes of one turn share a commit.
    const answer = await verb();
    if (isLast) cut();
    return isCut ? silence() : answer;
  };
  const store = new Proxy(real, {
    get(target, name: keyof Store) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name === "subscribe") {
        return (listener: Parameters<Store["subscribe"]>[0]) =>
          target.subscribe((change) => void (isCut || listener(change)));
      }
      return (...args: unknown[]) =>
        call(() => Reflect.apply(member, target, args) as Promise<unknown>, WRITES.has(name));
    },
  });
  return { store, died, cut };
}

function silence(): Promise<never> {
  return new Promise<never>(() => undefined);
}
