import { setTimeout as pause } from "node:timers/promises";
import { isBusy } from "./database-errors.ts";

const LONGEST_PAUSE_MS = 10;

/**
 * Does it again while another connection holds the lock, without holding the event loop. `onBusy` is called each time, and ends
 * that by throwing.
 */
export async function untilFree<Value>(action: () => Value, onBusy?: (error: unknown) => void): Promise<Value> {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      onBusy?.(error);
      await pause(Math.random() * LONGEST_PAUSE_MS);
    }
  }
}
