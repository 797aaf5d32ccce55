import type { Clock } from "./clock.ts";
import type { Claim, ClaimedRun } from "./store/records.ts";

/** The longest a run may lie claimed before it starts, in milliseconds: time in which another process could have begun it. */
const LONGEST_LIE_MS = 15;
const MOST_AHEAD = 300;
/** Those that still lie there after this long are given back: a slot turned out to be busy for longer. */
const GIVE_BACK_AFTER_MS = 50;
/** How much the newest execution counts in the average. */
const NEWEST_SHARE = 0.1;

/**
 * Runs without a limit and a ttl that were claimed before their slot was free, so that a slot which falls free
 * goes on in the same turn and one commit serves many runs. Only while runs are short: how many are worth
 * taking follows from how long they have lately taken. A run that is taken over after a crash before it began has
 * lost nothing, but the crash counts as one under it: that it had not begun was nowhere written. So a suspect is never among them.
 */
export class ClaimedAhead {
  readonly #clock: Clock;
  readonly #onDropped: (runs: readonly ClaimedRun[]) => void;
  #runs: ClaimedRun[] = [];
  #averageMs = Number.POSITIVE_INFINITY;
  #stopTimer: () => void = () => undefined;

  /** `onDropped` gives them back: a deploy may have put them under a limit, and one that has ended keeps its place till then. */
  constructor(clock: Clock, onDropped: (runs: readonly ClaimedRun[]) => void) {
    this.#clock = clock;
    this.#onDropped = onDropped;
  }

  /** The priority of the run that would go last; null: there is none. */
  get lowestPriority(): number | null {
    return this.#runs.length === 0 ? null : Math.min(...this.#runs.map(({ run }) => run.priority));
  }

  get claims(): readonly Claim[] {
    return this.#runs.map(({ claim }) => claim);
  }

  /** An execution took this long. */
  note(executedMs: number): void {
    const isFirst = this.#averageMs === Number.POSITIVE_INFINITY;
    this.#averageMs = isFirst ? executedMs : this.#averageMs + (executedMs - this.#averageMs) * NEWEST_SHARE;
  }

  /** How many more runs are worth claiming beyond the free slots. */
  wanted(slots: number): number {
    const started = (slots * LONGEST_LIE_MS) / Math.max(this.#averageMs, LONGEST_LIE_MS / MOST_AHEAD);
    return Math.max(0, Math.min(MOST_AHEAD, Math.floor(started)) - this.#runs.length);
  }

  add(runs: readonly ClaimedRun[]): void {
    if (runs.length === 0) return;
    this.#runs.push(...runs);
    this.#stopTimer();
    this.#stopTimer = this.#clock.setTimer(this.#clock.now() + GIVE_BACK_AFTER_MS, () => this.giveBack());
  }

  next(): ClaimedRun | undefined {
    return this.#runs.shift();
  }

  /** Takes out a run that ended while it lay here. */
  drop(runId: string): void {
    this.#drop(({ claim }) => claim.runId === runId);
  }

  /** Takes out a run whose claim is no longer good: given back meanwhile, it may lie here by another. */
  dropClaim({ runId, lease }: Claim): void {
    this.#drop(({ claim }) => claim.runId === runId && claim.lease === lease);
  }

  /** Takes out all of them. */
  giveBack(): void {
    this.#stopTimer();
    this.#onDropped(this.#runs.splice(0));
  }

  #drop(isMeant: (run: ClaimedRun) => boolean): void {
    const dropped = this.#runs.filter(isMeant);
    if (dropped.length === 0) return;
    this.#runs = this.#runs.filter((run) => !isMeant(run));
    this.#onDropped(dropped);
  }
}
