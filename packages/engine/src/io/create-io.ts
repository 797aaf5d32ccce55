import { createJobCalls } from "@beckon/core/runtime";
import type { IO, RunScope } from "@beckon/core/runtime";
import { placeOf, withAmbience } from "./ambient.ts";
import { invokeChildren } from "./child-steps.ts";
import type { Place } from "./frame.ts";
import { createKeyValueStores } from "./key-value.ts";
import { createLogger } from "./logger.ts";
import { runParallel } from "./parallel-steps.ts";
import { awaitRuns } from "./result-steps.ts";
import { runTask } from "./run-task.ts";
import { createStatusCalls } from "./status-steps.ts";
import { createValueCalls } from "./value-steps.ts";
import { createWaitCalls } from "./wait-steps.ts";

/** Runs user code at a place, handing it an `io` of that place; job handles called inside find it too. */
export function enterPlace<Value>(place: Place, run: (io: IO) => Value): Value {
  const io = createIo(place);
  return withAmbience(place, createRunScope(place), () => run(io));
}

function createIo(own: Place): IO {
  const place = (): Place => placeOf(own);
  return {
    // What the task's function returned is what comes back: the one cast where the dynamic meets the typed.
    // oxlint-disable-next-line max-params -- the contract gives runTask four
    runTask: async (key, run, options = {}, onError) =>
      (await runTask(place(), { key, run, options, onError })) as never,
    ...createWaitCalls(place),
    ...createStatusCalls(place),
    ...createValueCalls(place),
    logger: createLogger(place),
    store: createKeyValueStores(place),
    parallel: (key, items, run) => runParallel(place(), key, { items, run }),
    try: async (run, onCatch) => {
      try {
        return await run();
      } catch (error) {
        return onCatch(error);
      }
    },
    invoke: (job, payload, options) => {
      // The handle it gives belongs to this run, too, wherever it is asked for its result.
      const callPlace = { scope: () => createRunScope(place()), transport: () => own.frame.parts.transport };
      const calls: typeof job = { ...createJobCalls(job.id, callPlace), id: job.id };
      // A rest argument that may be left out cannot be spread from a generic: with both given it is the same call.
      return calls.invoke(...([payload, options] as Parameters<typeof job.invoke>));
    },
  };
}

function createRunScope(place: Place): RunScope {
  return {
    transport: place.frame.parts.transport,
    invoke: (request) => invokeChildren(place, request),
    results: (request) => awaitRuns(place, request),
  };
}
