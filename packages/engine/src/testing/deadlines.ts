import type { Clock } from "../clock.ts";
import type { ManualClock } from "./manual-clock.ts";
import { monotonicNow, passBefore } from "./real-time.ts";

/** An instant of the test's clock. */
interface Deadline {
  readonly at: number;
  /** When it was set, in real time. */
  readonly setAt: number;
}

/**
 * The deadlines of user code at work: maximum durations, timeouts of tasks, and how long a call waits for what the code may do
 * yet. A test's clock stands still while that code is at work, so they would never be over; they take real time, as on a server.
 */
export class Deadlines {
  readonly #manual: ManualClock;
  readonly #open = new Set<Deadline>();

  constructor(manual: ManualClock) {
    this.#manual = manual;
  }

  /** The test's clock, for the engine. */
  readonly clock: Clock = {
    now: () => this.#manual.now(),
    setTimer: (at, run, purpose) => {
      if (purpose !== "deadline") return this.#manual.setTimer(at, run);
      const deadline = { at, setAt: monotonicNow() };
      this.#open.add(deadline);
      const stop = this.#manual.setTimer(at, () => {
        this.#open.delete(deadline);
        run();
      });
      return () => {
        this.#open.delete(deadline);
        stop();
      };
    },
  };

  /** Resolves with the next deadline when its real time is over; with null when `change` comes first. */
  async next(change: Promise<void>): Promise<Deadline | null> {
    const [next] = [...this.#open].toSorted((one, other) => this.#leftMs(one) - this.#leftMs(other));
    if (next === undefined) return change.then(() => null);
    const leftMs = this.#leftMs(next);
    // Code that never stops to change something would put it off for ever.
    return leftMs <= 0 || (await passBefore(change, leftMs)) ? next : null;
  }

  /** Whether the code that it would end is still at work. */
  isOpen(deadline: Deadline): boolean {
    return this.#open.has(deadline);
  }

  /** Time that the clock has skipped since the deadline was set counts, too. */
  #leftMs({ at, setAt }: Deadline): number {
    return setAt + (at - this.#manual.now()) - monotonicNow();
  }
}
