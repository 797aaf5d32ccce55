import type { Clock } from "../clock.ts";
import type { ManualClock } from "./manual-clock.ts";

/** An instant of the test's clock. */
interface Deadline {
  readonly at: number;
  /** When it was set, in real time. */
  readonly setAt: number;
}

/** The longest delay that setTimeout keeps. */
const MAX_DELAY_MS = 2 ** 31 - 1;

// Taken when the module is loaded, so that fake timers of a test do not hold them.
const wait = setTimeout;
const stopWaiting = clearTimeout;
const monotonicNow = performance.now.bind(performance);

/**
 * The deadlines of user code at work: maximum durations and timeouts of tasks. A test's clock stands still while that
 * code is at work, so they would never be over; they take real time, as on a server.
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
    if (leftMs <= 0) return next;
    const passed = Promise.withResolvers<Deadline>();
    const timer = wait(() => passed.resolve(next), Math.min(leftMs, MAX_DELAY_MS));
    const first = await Promise.race([change.then(() => null), passed.promise]);
    stopWaiting(timer);
    return first;
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
