import type { EngineParts } from "./parts.ts";
import type { Delivery } from "./store/records.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import { untilStored } from "./until-stored.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** After this long a delivery is given up; the run itself is not touched. */
export const GIVE_UP_MS = 24 * 60 * 60_000;
/** A hook is code of this deployment: failing this often it will fail again. */
const HOOK_ATTEMPTS = 5;

interface Places {
  readonly atOnce: number;
  /** Of which one receiver, slow to answer or not there, holds so many, and the others go on. */
  readonly ofReceiver: number;
}

/** A delivery that failed, and when it is tried again; null: it is given up. */
export interface FailedDelivery {
  readonly delivery: Delivery;
  readonly error: unknown;
  readonly retryAt: number | null;
}

interface Receivers {
  /** Resolves when the receiver has been told; rejects when it is to be told again. */
  readonly tell: (delivery: Delivery) => Promise<void>;
  readonly onFailure: (failed: FailedDelivery) => void;
}

/** Callbacks wait for others; hooks are code of this process. Neither holds a place of the other. */
const PLACES: Readonly<Record<Delivery["kind"], Places>> = {
  callback: { atOnce: 50, ofReceiver: 5 },
  hook: { atOnce: 20, ofReceiver: 5 },
};

/** Makes the deliveries of one kind, as many at once as it has places. */
export class DeliveryLine {
  readonly #parts: EngineParts;
  readonly #kind: Delivery["kind"];
  readonly #receivers: Receivers;
  #isStarted = false;
  /** The deadline of stopping is over: a successor tells what was being told, and the store may be closed. */
  #isOverdue = false;
  #isBusy = false;
  #isAgain = false;
  /** How many receivers are being told. */
  #telling = 0;
  readonly #underWay = new Set<Promise<void>>();
  #stopTimer: () => void = () => undefined;

  constructor(parts: EngineParts, kind: Delivery["kind"], receivers: Receivers) {
    this.#parts = parts;
    this.#kind = kind;
    this.#receivers = receivers;
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
    const { atOnce, ofReceiver: limitOfReceiver } = PLACES[this.#kind];
    const limit = atOnce - this.#telling;
    if (limit <= 0) return;
    const request = { workerId, kind: this.#kind, limit, limitOfReceiver, now: clock.now() };
    try {
      const { deliveries, nextAt } = await store.claimDeliveries(request);
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
    // What the receiver threw is its own matter: it is told again, and the run is not touched.
    const failed = await this.#receivers.tell(delivery).then(
      () => null,
      (error: unknown) => ({ delivery, error, retryAt: nextAttemptAt(delivery, clock.now()) }),
    );
    const retryAt = failed?.retryAt ?? null;
    if (!this.#isOverdue) await untilStored(() => store.finishDelivery({ delivery, retryAt }), clock, null);
    this.#telling -= 1;
    this.look();
    if (failed !== null) this.#receivers.onFailure(failed);
  }
}

/** Pure: when to tell again, or null to give up. */
function nextAttemptAt(delivery: Delivery, now: number): number | null {
  if (delivery.kind === "hook" && delivery.attempt >= HOOK_ATTEMPTS) return null;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (delivery.attempt - 1), LONGEST_PAUSE_MS);
  return now + pauseMs - delivery.createdAt > GIVE_UP_MS ? null : now + pauseMs;
}
