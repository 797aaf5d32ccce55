import type { Clock } from "./clock.ts";
import { StoreClosedError } from "./store/store-closed-error.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";

/** How long to wait before asking a store again that could not write, in milliseconds. */
const RETRY_MS = 1_000;

/** Hears why something cannot be written at the moment; null: it can again. */
export interface ProblemReporter {
  report(problem: string | null): void;
}

/**
 * Does a write that must not be lost: while the store cannot take it (disk full), what it holds stays in
 * memory and the write is tried again, so that no side effect has to be repeated for it. A read without which a run
 * cannot go on is tried again alike.
 */
export function untilStored<Value>(
  write: () => Promise<Value>,
  clock: Clock,
  reporter: ProblemReporter | null,
): Promise<Value> {
  return write().catch((error: unknown) => storeAgain(error, { write, clock, reporter }));
}

interface Attempts<Value> {
  readonly write: () => Promise<Value>;
  readonly clock: Clock;
  readonly reporter: ProblemReporter | null;
}

/**
 * Goes on with a write that has failed. Never settles where the store was closed meanwhile: stopping did not wait for it, nobody
 * is left to be told, and whoever opens the file next takes over what it has not been told. @throws the failure, where another
 * try is of no use
 */
export async function storeAgain<Value>(failure: unknown, { write, clock, reporter }: Attempts<Value>): Promise<Value> {
  for (let error = failure; ;) {
    if (!(error instanceof StoreUnavailableError || error instanceof StoreClosedError)) throw error;
    reporter?.report(error.message);
    if (error instanceof StoreClosedError) return new Promise(() => undefined);
    await new Promise<void>((resolve) => clock.setTimer(clock.now() + RETRY_MS, resolve));
    try {
      const value = await write();
      reporter?.report(null);
      return value;
    } catch (thrown) {
      error = thrown;
    }
  }
}
