/** Where the engine's time comes from: code below reads no other clock, so that tests can move it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Calls `run` once, in a later turn, when the clock has reached `at` (epoch milliseconds), however far
   * away that is; an instant in the past is due at once. The returned function cancels and may be called again.
   * A `deadline` is for user code at work: it ends what takes too long. On a clock that stands still while such code is at work it
   * would never be over, so a test's clock has to know.
   */
  setTimer(at: number, run: () => void, purpose?: "deadline"): () => void;
}

/** Timers stand still while the machine is suspended, and do not hear of a clock that was set: none sleeps for longer than this. */
const MAX_DELAY_MS = 30_000;

/** The machine's clock. Its timers do not keep a process alive: what must stay alive holds a socket or a file. */
export const systemClock: Clock = {
  now: () => Date.now(), // oxlint-disable-line house/no-ambient-time -- this is the clock that everything else is handed
  setTimer(at, run) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.min(Math.max(at - systemClock.now(), 0), MAX_DELAY_MS);
      // oxlint-disable-next-line house/no-ambient-time -- this is the clock that everything else is handed
      timer = setTimeout(fire, delayMs).unref();
    };
    // Fires early after a clamped delay, or when the machine's time was set back: it looks again.
    const fire = (): void => (systemClock.now() < at ? arm() : run());
    arm();
    return () => clearTimeout(timer);
  },
};
