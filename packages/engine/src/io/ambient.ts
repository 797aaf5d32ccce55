import { AsyncLocalStorage } from "node:async_hooks";
import { installRunScope } from "@beckon/core/runtime";
import type { RunScope } from "@beckon/core/runtime";
import type { Place } from "./frame.ts";

/** What lies around user code: the place its calls happen at, as the handles of jobs see it. */
export interface Ambience extends RunScope {
  readonly place: Place;
}

/** The execution and scope around the current call, across awaits. */
const ambience = new AsyncLocalStorage<Ambience | null | undefined>();

/**
 * Makes core's `job.invoke` find the run it is called in. Installing it again changes nothing.
 *
 * Before Node 24 the storage follows promises only from its first use on, and what is entered in one that it does not follow
 * (nodejs/node#53037) stays for the whole process: so it is used once here.
 */
export function installAmbience(): void {
  ambience.run(null, () => undefined);
  installRunScope(() => ambience.getStore() ?? undefined);
}

/** The place around the current call, of whichever execution. */
export function currentPlace(): Place | undefined {
  return ambience.getStore()?.place;
}

/** Runs what belongs to no run, such as the engine's own work and hooks, though a run's call is what set it going. */
export function withoutAmbience<Value>(run: () => Value): Value {
  return ambience.run(undefined, run);
}

/**
 * From here on what is called is part of an execution, as far as the async function goes that is under way. That has to be one of
 * the engine's, which has awaited something: nobody else is in there then, so that it need not be left, which would cost as much
 * once more.
 */
export function enterAmbience(around: Ambience): void {
  ambience.enterWith(around);
}

/**
 * Where a call on an `io` happens: the scope around the call, if that lies in the scope the `io` was made
 * for; so the outer `io` used inside a task's callback counts as the callback's own. Where a library has lost
 * the async context, the scope of the `io`; also where a queue that was set going in a task works on after that.
 */
export function placeOf(own: Place): Place {
  const around = ambience.getStore()?.place;
  if (around === undefined || around.frame !== own.frame || !around.scope.isWithin(own.scope)) return own;
  return around.scope.isOver && !own.scope.isOver ? own : around;
}
