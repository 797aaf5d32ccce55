import type { RunNotification, RunResult } from "@beckon/core/runtime";
import { DeliveryLine, type FailedDelivery } from "./delivery-line.ts";
import { toReason, toStoredError } from "./error-text.ts";
import type { EngineParts } from "./parts.ts";
import { readResults } from "./read-result.ts";
import type { Delivery } from "./store/records.ts";
import type { StoreChange } from "./store/store.ts";

/** Takes a run's result to its callback URL; rejects when it did not arrive. */
export type DeliverCallback = (delivery: {
  readonly url: string;
  readonly result: RunResult<unknown, unknown>;
}) => Promise<void>;

/** A hook that takes longer has failed: it would keep its place from others of its job for as long as the process lives. */
const HOOK_TIMEOUT_MS = 5 * 60_000;

interface Outside {
  readonly deliverCallback?: DeliverCallback | undefined;
  /** Is told of what did not arrive. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
}

/** Tells the outside about finished runs, at least once each: callback URLs, and the jobs' own hooks. */
export class Deliveries {
  readonly #parts: EngineParts;
  readonly #deliverCallback: DeliverCallback;
  readonly #lines: readonly DeliveryLine[];

  constructor(parts: EngineParts, { deliverCallback = refuseDelivery, onProblem = () => undefined }: Outside) {
    this.#parts = parts;
    this.#deliverCallback = deliverCallback;
    const onFailure = (failed: FailedDelivery): void => {
      const problem = toProblem(failed);
      if (problem !== null) onProblem(problem);
    };
    this.#lines = [
      new DeliveryLine(parts, "callback", { tell: (delivery) => this.#callBack(delivery), onFailure }),
      new DeliveryLine(parts, "hook", { tell: (delivery) => this.#callHook(delivery), onFailure }),
    ];
  }

  start(): void {
    for (const line of this.#lines) line.start();
  }

  /** Begins nothing more; resolves when what is being told has been told, or after `timeoutMs`: then a successor tells it again. */
  async stop(timeoutMs: number): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.stop(timeoutMs)));
  }

  onChange(change: StoreChange): void {
    if (change.hasDeliveries) for (const line of this.#lines) line.look();
  }

  async #callBack({ runId }: Delivery): Promise<void> {
    const result = await this.#readResult(runId);
    const url = (await this.#parts.store.readRun(runId))?.callbackUrl;
    if (result && url) await this.#deliverCallback({ url, result });
  }

  async #callHook({ runId }: Delivery): Promise<void> {
    const result = await this.#readResult(runId);
    if (!result) return;
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

  /** null: the run was opened again by hand. It is told of when it ends again. */
  async #readResult(runId: string): Promise<RunResult<unknown, unknown> | null> {
    return (await readResults(this.#parts.store, [runId]))[0] ?? null;
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    const { clock } = this.#parts;
    const late = Promise.withResolvers<never>();
    const fail = (): void => late.reject(new Error(`The hook did not end within ${HOOK_TIMEOUT_MS / 1_000} s.`));
    const stopTimer = clock.setTimer(clock.now() + HOOK_TIMEOUT_MS, fail, "deadline");
    await Promise.race([work, late.promise]).finally(stopTimer);
  }
}

function refuseDelivery(): Promise<never> {
  return Promise.reject(new Error("This engine was made without deliverCallback, so it cannot reach callback URLs."));
}

/** In a sentence for whoever runs the server. null: a receiver that is still away, of which it was told the first time. */
function toProblem({ delivery, error, retryAt }: FailedDelivery): Error | null {
  const { kind, attempt, jobId, runId } = delivery;
  if (kind === "callback" && attempt > 1 && retryAt !== null) return null;
  const next = retryAt === null ? "it is given up" : "it is tried again";
  const message = `The ${kind} of job "${jobId}" failed for run ${runId} (attempt ${attempt}; ${next}): ${toReason(toStoredError(error))}`;
  return new Error(message, { cause: error });
}
