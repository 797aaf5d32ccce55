import type { RunNotification, RunResult } from "@beckon/core/runtime";
import type { EngineParts } from "./parts.ts";
import { readResults } from "./read-result.ts";
import type { Delivery } from "./store/records.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { StoreChange } from "./store/store.ts";
import { untilStored } from "./until-stored.ts";

/** Takes a run's result to its callback URL; rejects when it did not arrive. */
export type DeliverCallback = (delivery: {
  readonly url: string;
  readonly result: RunResult<unknown, unknown>;
}) => Promise<void>;

/** A receiver that is slow to answer holds one of these, and the others go on. */
const MOST_AT_ONCE = 20;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** After this long a delivery is given up; the run itself is not touched. */
export const GIVE_UP_MS = 24 * 60 * 60_000;
/** A hook is code of this deployment: failing this often it will fail again. */
const HOOK_ATTEMPTS = 5;
/** A hook that takes longer has failed: it would keep its place from others, callbacks among them, for as long as the process lives. */
const HOOK_TIMEOUT_MS = 5 * 60_000;

/** Tells the outside about finished runs, at least once each: callback URLs, and the jobs' own hooks. */
export class Deliveries {
  readonly #parts: EngineParts;
  readonly #deliverCallback: DeliverCallback;
  #isStarted = false;
  /** The deadline of stopping is over: a successor tells what was being told, and the store may be closed. */
  #isOverdue = false;
  #isBusy = false;
  #isAgain = false;
  /** How many receivers are being told. */
  #telling = 0;
  readonly #underWay = new Set<Promise<void>>();
  #stopTimer: () => void = () => undefined;

  constructor(parts: EngineParts, deliverCallback: DeliverCallback) {
    this.#parts = parts;
    this.#deliverCallback = deliverCallback;
  }

  start(): void {
    this.#isStarted = true;
    this.#isOverdue = false;
    this.look();
  }

  /** Begins nothing more; resolves when what is being told has been told, or after `timeoutMs`: then a successor tells it again. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStarted = false;
    this.#stopTimer();
    const { clock } = this.#parts;
    const deadline = Promise.withResolvers<void>();
    const stopTimer = clock.setTimer(clock.now() + timeoutMs, deadline.resolve);
    await Promise.race([this.#untilTold(), deadline.promise]);
    this.#isOverdue = this.#underWay.size > 0;
    stopTimer();
  }

  async #untilTold(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  onChange(change: StoreChange): void {
    if (change.hasDeliveries) this.look();
  }

  look(): void {
    if (!this.#isStarted) return;
    if (this.#isBusy) {
      this.#isAgain = true;
      return;
    }
    this.#isBusy = true;
    this.#track(
      this.#tellDue().finally(() => {
        this.#isBusy = false;
        if (!this.#isAgain) return;
        this.#isAgain = false;
        this.look();
      }),
    );
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    const forget = (): void => void this.#underWay.delete(work);
    void work.then(forget, (error: unknown) => {
      forget();
      if (!this.#isOverdue) throw error;
    });
  }

  async #tellDue(): Promise<void> {
    const { store, clock, workerId } = this.#parts;
    const limit = MOST_AT_ONCE - this.#telling;
    if (limit <= 0) return;
    try {
      const { deliveries, nextAt } = await store.claimDeliveries({ workerId, limit, now: clock.now() });
      for (const delivery of deliveries) this.#track(this.#deliver(delivery));
      this.#wakeAt(nextAt);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#wakeAt(clock.now() + FIRST_PAUSE_MS);
    }
  }

  #wakeAt(at: number | null): void {
    this.#stopTimer();
    if (at !== null && this.#isStarted) this.#stopTimer = this.#parts.clock.setTimer(at, () => this.look());
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { store, clock } = this.#parts;
    this.#telling += 1;
    const retryAt = await this.#tell(delivery).then(
      () => null,
      // What the receiver threw is its own matter: it is told again, and the run is not touched.
      () => nextAttemptAt(delivery, clock.now()),
    );
    if (!this.#isOverdue) await untilStored(() => store.finishDelivery({ delivery, retryAt }), clock, null);
    this.#telling -= 1;
    this.look();
  }

  async #tell({ runId, kind }: Delivery): Promise<void> {
    const [result] = await readResults(this.#parts.store, [runId]);
    // Opened again by hand: it is told of when it ends again.
    if (!result) return;
    if (kind === "hook") return this.#callHook(result);
    const url = (await this.#parts.store.readRun(runId))?.callbackUrl;
    if (url) await this.#deliverCallback({ url, result });
  }

  async #callHook(result: RunResult<unknown, unknown>): Promise<void> {
    const definition = this.#parts.jobs.get(result.job.id)?.definition;
    const hook = result.ok ? definition?.onSuccess : definition?.onFailure;
    if (definition === undefined || hook === undefined) return;
    const { id, name, version } = definition;
    const notification: RunNotification<typeof result> = {
      result,
      job: { id, name, version },
      run: { id: result.id, isTest: result.isTest },
    };
    await this.#inTime(Promise.resolve(hook(notification)));
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    const { clock } = this.#parts;
    const late = Promise.withResolvers<never>();
    const fail = (): void => late.reject(new Error(`The hook did not end within ${HOOK_TIMEOUT_MS / 1_000} s.`));
    const stopTimer = clock.setTimer(clock.now() + HOOK_TIMEOUT_MS, fail, "deadline");
    await Promise.race([work, late.promise]).finally(stopTimer);
  }
}

/** Pure: when to tell again, or null to give up. */
function nextAttemptAt(delivery: Delivery, now: number): number | null {
  if (delivery.kind === "hook" && delivery.attempt >= HOOK_ATTEMPTS) return null;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (delivery.attempt - 1), LONGEST_PAUSE_MS);
  return now + pauseMs - delivery.createdAt > GIVE_UP_MS ? null : now + pauseMs;
}
