import { createJobCalls, RunStateError } from "@beckon/core/runtime";
import type { InvokeRequest, IO, Logger, RunScope, Transport } from "@beckon/core/runtime";
import { type Ambience, enterAmbience, placeOf } from "./ambient.ts";
import { type CancelRequest, cancelInside } from "./cancel-steps.ts";
import { invokeChildren } from "./child-steps.ts";
import type { Place } from "./frame.ts";
import { createKeyValueStores } from "./key-value.ts";
import { createLogger } from "./logger.ts";
import { runParallel } from "./parallel-steps.ts";
import { awaitRuns, type ResultsRequest } from "./result-steps.ts";
import { runTask } from "./run-task.ts";
import { createStatus } from "./status-steps.ts";
import { rememberNow, rememberRandom, rememberUuid } from "./value-steps.ts";
import { sendSignal, wait, waitForRequest, waitForSignal } from "./wait-steps.ts";

/** @see EnterPlace */
export function enterPlace(place: Place): IO {
  enterAmbience(new PlaceScope(place));
  return new PlaceIo(place);
}

/**
 * One is made for every run and every task, which use one or two of its calls: each call is made when it is asked for.
 * They are no methods, because `const { runTask } = io` has to work.
 */
class PlaceIo implements IO {
  readonly #own: Place;

  constructor(own: Place) {
    this.#own = own;
  }

  get #place(): Place {
    return placeOf(this.#own);
  }

  get runTask(): IO["runTask"] {
    // What the task's function returned is what comes back: the one cast where the dynamic meets the typed.
    // oxlint-disable-next-line max-params -- the contract gives runTask four
    return (key, run, options, onError) => runTask(this.#place, { key, run, options, onError }) as Promise<never>;
  }

  get wait(): IO["wait"] {
    return (key, until) => wait(this.#place, key, until);
  }

  get waitForSignal(): IO["waitForSignal"] {
    // The signal's payload is what the schema says, or unknown: as with the result of a task.
    return (key, name, options) => waitForSignal(this.#place, key, { ...options, name }) as Promise<never>;
  }

  get sendSignal(): IO["sendSignal"] {
    return (key, name, options) => sendSignal(this.#place, key, { ...options, name });
  }

  get waitForRequest(): IO["waitForRequest"] {
    return (key, send, options) => waitForRequest(this.#place, { key, send, options });
  }

  get createStatus(): IO["createStatus"] {
    return (key, status) => createStatus(() => this.#place, key, status);
  }

  get random(): IO["random"] {
    return (key, options) => rememberRandom(this.#place, key, options);
  }

  get now(): IO["now"] {
    return (key) => rememberNow(this.#place, key);
  }

  get uuid(): IO["uuid"] {
    return (key) => rememberUuid(this.#place, key);
  }

  get logger(): Logger {
    return createLogger(() => this.#place);
  }

  get store(): IO["store"] {
    return createKeyValueStores(() => this.#place);
  }

  get parallel(): IO["parallel"] {
    return (key, items, run) => runParallel(this.#place, key, { items, run });
  }

  get try(): IO["try"] {
    return tryCatch;
  }

  get invoke(): IO["invoke"] {
    return (job, payload, options) => {
      // The handle it gives belongs to this run, too, wherever it is asked for its result.
      const callPlace = { scope: () => new PlaceScope(this.#place), transport: () => this.#own.frame.parts.transport };
      const calls: typeof job = { ...createJobCalls(job.id, callPlace), id: job.id };
      // A rest argument that may be left out cannot be spread from a generic: with both given it is the same call.
      return calls.invoke(...([payload, options] as Parameters<typeof job.invoke>));
    };
  }
}

const tryCatch: IO["try"] = async (run, onCatch) => {
  try {
    return await run();
  } catch (error) {
    return onCatch(error);
  }
};

/** A place, as the handles of jobs see it. */
class PlaceScope implements Ambience {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  get transport(): Transport {
    return this.place.frame.parts.transport;
  }

  // What a function has left behind that has returned, such as a timer that others share, is no part of its run any more: no
  // replay would make its calls, so they are made as from outside.
  get #isLeftBehind(): boolean {
    const { frame, scope } = this.place;
    return scope.hasReturned && !frame.isAborted;
  }

  invoke(request: InvokeRequest): ReturnType<RunScope["invoke"]> {
    return this.#isLeftBehind
      ? this.transport.invoke(request)
      : this.#inTime(() => invokeChildren(this.place, request));
  }

  results(request: ResultsRequest): ReturnType<RunScope["results"]> {
    if (!this.#isLeftBehind) return this.#inTime(() => awaitRuns(this.place, request));
    const { jobId, runIds, timeoutMs } = request;
    return Promise.all(runIds.map((runId) => this.transport.result({ jobId, runId, timeoutMs })));
  }

  /** Of a function that has thrown nobody can tell what it would have left behind from what its next attempt does: it is told so. */
  #inTime<Value>(call: () => Promise<Value>): Promise<Value> {
    const { isLetGo, interruption, claimed } = this.place.frame;
    const hasEnded = isLetGo && interruption.current === null;
    return hasEnded ? Promise.reject(tooLate(claimed.claim.runId)) : call();
  }

  cancel(request: CancelRequest): Promise<void> {
    return cancelInside(this.place, request);
  }
}

function tooLate(runId: string): RunStateError {
  return new RunStateError(
    `Run ${runId} has failed, or its attempt has, before this call: code that runs share, such as a timer, is set going outside of them.`,
  );
}
