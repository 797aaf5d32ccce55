import { encode } from "@beckon/core/runtime";
import { GIVE_UP_MS } from "./delivery-line.ts";
import type { EngineParts } from "./parts.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { Store } from "./store/store.ts";

/** The most of each kind of due work in one transaction. */
const BATCH = 500;
const PRUNE_MS = 60 * 60_000;
const PRUNE_BATCH = 500;
const POISON_AFTER = 5;

type Duty = (store: Store, now: number) => Promise<number | null>;

interface TimekeeperPeriods {
  /** How long finished runs are kept; null: for ever. */
  readonly retentionMs: number | null;
  /** How often the runs of dead processes are looked for. */
  readonly recoveryMs: number;
}

interface TimekeeperOptions extends TimekeeperPeriods {
  /** Is told why a duty cannot be done for now, once for each reason. */
  readonly onProblem?: ((problem: StoreUnavailableError) => void) | undefined;
}

/** Does what time alone makes due: delays, waits, expiry, the runs of dead processes, retention. Sleeps until the next of it. */
export class Timekeeper {
  readonly #parts: EngineParts;
  readonly #periods: TimekeeperPeriods;
  readonly #timers = new Map<Duty, () => void>();
  readonly #busy = new Map<Duty, Promise<unknown>>();
  readonly #again = new Set<Duty>();
  /** What keeps a duty from being done. */
  readonly #problems = new Map<Duty, string>();
  readonly #onProblem: (problem: StoreUnavailableError) => void;
  #isStarted = false;
  /** When `advance` is armed for. */
  #nextAt: number | null = null;
  /** When the deletion that is under way began: it is over when nothing is left that was old then. */
  #pruningSince: number | null = null;

  constructor(parts: EngineParts, { onProblem = () => undefined, ...periods }: TimekeeperOptions) {
    this.#parts = parts;
    this.#periods = periods;
    this.#onProblem = onProblem;
  }

  /** Why what is due cannot be written at the moment: a sentence for people. */
  get problem(): string | null {
    return this.#problems.get(this.#advance) ?? null;
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#do(this.#recover);
    await this.#do(this.#advance);
    void this.#do(this.#prune);
  }

  /** Something that becomes due at `at` is being written. */
  expect(at: number): void {
    if (this.#isStarted && (this.#nextAt === null || at < this.#nextAt)) this.#arm(this.#advance, at);
  }

  /** Another process wrote: what is due next has to be read again. */
  lookAgain(): void {
    if (this.#isStarted) void this.#do(this.#advance);
  }

  /** Begins nothing more; resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await Promise.all(this.#busy.values());
  }

  /** Does a duty now, one call at a time, and again when it says. A store that cannot write is asked again later. */
  async #do(duty: Duty): Promise<void> {
    if (this.#busy.has(duty)) {
      this.#again.add(duty);
      return;
    }
    const { store, clock } = this.#parts;
    let nextAt: number | null;
    let problem: StoreUnavailableError | null = null;
    try {
      const work = duty(store, clock.now());
      this.#busy.set(
        duty,
        work.catch(() => undefined),
      );
      nextAt = await work;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      problem = error;
      nextAt = clock.now() + 1_000;
    } finally {
      this.#busy.delete(duty);
    }
    if (this.#again.delete(duty)) nextAt = clock.now();
    this.#arm(duty, nextAt);
    this.#tell(duty, problem);
  }

  #tell(duty: Duty, problem: StoreUnavailableError | null): void {
    const known = this.#problems.get(duty);
    if (problem === null) this.#problems.delete(duty);
    else this.#problems.set(duty, problem.message);
    if (problem !== null && problem.message !== known) this.#onProblem(problem);
  }

  #arm(duty: Duty, nextAt: number | null): void {
    this.#timers.get(duty)?.();
    this.#timers.delete(duty);
    if (duty === this.#advance) this.#nextAt = nextAt;
    if (!this.#isStarted || nextAt === null) return;
    this.#timers.set(
      duty,
      this.#parts.clock.setTimer(nextAt, () => void this.#do(duty)),
    );
  }

  readonly #advance: Duty = async (store, now) => {
    // What is announced from here on may not be there yet when the store looks, and is kept.
    this.#nextAt = null;
    const { nextAt } = await store.advanceTime({ now, limit: BATCH });
    const announced = this.#nextAt;
    if (announced === null || nextAt === null) return announced ?? nextAt;
    return Math.min(announced, nextAt);
  };

  readonly #recover: Duty = async (store, now) => {
    const poisonError = encode(
      {
        code: "POISONED",
        message: `The process died under this run ${POISON_AFTER} times in a row, and no step of it ended in between, so it is not started again.`,
      },
      "error",
    );
    await store.recoverRuns({ now, poisonAfter: POISON_AFTER, poisonError });
    return now + this.#periods.recoveryMs;
  };

  readonly #prune: Duty = async (store, now) => {
    const { retentionMs } = this.#periods;
    // What becomes old meanwhile is left to the next hour: on a busy server there would always be some.
    const since = (this.#pruningSince ??= now);
    // Where no run is ever deleted, there is upkeep all the same: no run ended before the epoch.
    const endedBefore = retentionMs === null ? 0 : since - retentionMs;
    const pruned = await store.prune({ endedBefore, giveUpBefore: since - GIVE_UP_MS, limit: PRUNE_BATCH, now });
    // Few does not mean the last: another process may delete the others of a batch, and finds as few itself.
    if (pruned > 0) return now;
    this.#pruningSince = null;
    return since + PRUNE_MS;
  };
}
