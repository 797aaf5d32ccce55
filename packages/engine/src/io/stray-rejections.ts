import { AbortReason } from "@beckon/core/runtime";
import { currentPlace } from "./ambient.ts";
import { writeMessage } from "./logger.ts";

/** On the process, because two copies of this package must share one listener. */
const SLOT = Symbol.for("beckon.stray-rejections");

type Finder = (reason: unknown) => boolean;

/**
 * A promise that a run's code rejected and did not wait for, such as `Promise.all` over calls of a run that was
 * canceled, is that run's matter: it must not end the process and every other run in it. Rejections from
 * elsewhere end the process as they do without us, unless the host listens for them itself.
 */
export function keepStrayRejectionsInRuns(): void {
  const finders: Set<Finder> = Reflect.get(globalThis, SLOT) ?? listen();
  finders.add(takeStrayRejection);
}

function listen(): Set<Finder> {
  const finders = new Set<Finder>();
  Reflect.set(globalThis, SLOT, finders);
  process.on("unhandledRejection", (reason) => {
    if ([...finders].some((find) => find(reason))) return;
    if (process.listenerCount("unhandledRejection") === 1) throw reason;
  });
  return finders;
}

/** Node calls the listener in the async context that the promise was made in. */
function takeStrayRejection(reason: unknown): boolean {
  const place = currentPlace();
  if (place === undefined) return false;
  if (!(reason instanceof AbortReason)) {
    const text = (reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)).replace(/\.$/, "");
    const message = `A promise was rejected and nothing waited for it: ${text}. Await every call, or catch its errors.`;
    // The log of a run whose function has ended is complete.
    if (place.frame.isLetGo) process.emitWarning(message);
    else writeMessage(place, { level: "error", message, data: undefined });
  }
  return true;
}
