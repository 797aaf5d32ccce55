import type { Clock } from "../clock.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves the clock by `ms`, as `advanceTo` does. */
  advance(ms: number): Promise<void>;
  /**
   * Moves the clock to `at`. Timers fire in order, each at its own instant, and what they start is given
   * time to settle before the next; timers set on the way fire too when they are due by `at`.
   */
  advanceTo(at: number): Promise<void>;
  /** Lets started work settle, the clock standing still. */
  tick(): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** 2026-01-01T00:00:00Z: a round instant that reads well in failures. */
const DEFAULT_START = Date.UTC(2026, 0, 1);

// Taken when the module is loaded, so that fake timers of a test do not hold it.
const inNextTurn = setImmediate;

/** How many turns of the event loop started work gets: enough for a chain of several commits. */
const TURNS = 20;

export function createManualClock(startAt: number = DEFAULT_START): ManualClock {
  let now = startAt;
  // In the order they were set: a stable search for the earliest keeps that order among equals.
  const timers = new Set<Timer>();

  const fire = (timer: Timer): void => {
    if (timers.delete(timer)) timer.run();
  };

  const clock: ManualClock = {
    now: () => now,
    setTimer(at, run) {
      const timer = { at, run };
      timers.add(timer);
      // As on the machine's clock, what is due already needs no advance, only the next turn.
      if (at <= now) inNextTurn(fire, timer);
      return () => void timers.delete(timer);
    },
    advance: (ms) => clock.advanceTo(now + ms),
    async advanceTo(at) {
      await settle();
      for (let timer = earliest(timers, at); timer !== undefined; timer = earliest(timers, at)) {
        now = Math.max(now, timer.at);
        fire(timer);
        await settle();
      }
      now = Math.max(now, at);
      await settle();
    },
    tick: settle,
  };
  return clock;
}

function earliest(timers: ReadonlySet<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
  }
  return first;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => inNextTurn(resolve));
}
