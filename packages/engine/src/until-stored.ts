import type { Clock } from "./clock.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";

/** How long to wait before asking a store again that could not write, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Does a write that must not be lost: while the store cannot take it (disk full), what it holds stays in
 * memory and the write is tried again, so that no side effect has to be repeated for it. A read without which a run
 * cannot go on is tried again alike.
 */
export function untilStored<Value>(
  write: () => Promise<Value>,
  clock: Clock,
  onProblem: (problem: string | null) => void,
): Promise<Value> {
  return write().catch((error: unknown) => tryAgain(error, { write, clock, onProblem }));
}

interface Attempts<Value> {
  readonly write: () => Promise<Value>;
  readonly clock: Clock;
  readonly onProblem: (problem: string | null) => void;
}

async function tryAgain<Value>(failure: unknown, { write, clock, onProblem }: Attempts<Value>): Promise<Value> {
  for (let error = failure; ;) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    onProblem(error.message);
    await new Promise<void>((resolve) => clock.setTimer(clock.now() + RETRY_MS, resolve));
    try {
      const value = await write();
      onProblem(null);
      return value;
    } catch (thrown) {
      error = thrown;
    }
  }
}
