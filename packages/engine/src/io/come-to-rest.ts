import type { Place } from "./frame.ts";

/** So long a task without a `timeout` is waited for: one that hangs does not keep what has failed beside it from ending. */
const LONGEST_REST_MS = 60_000;

/** A function that has thrown has not failed before the tasks that are at work in it have ended, or by `overAt`. */
export async function comeToRest({ frame, scope }: Place, overAt = Number.POSITIVE_INFINITY): Promise<void> {
  const rest = frame.comeToRest(scope)?.then(() => true);
  if (rest === undefined) return;
  const { clock } = frame.parts;
  for (;;) {
    const { promise: over, resolve } = Promise.withResolvers<boolean>();
    const at = Math.min(overAt, clock.now() + LONGEST_REST_MS);
    const stopTimer = clock.setTimer(at, () => resolve(at === overAt || !frame.functions.areBounded), "deadline");
    if (await Promise.race([rest, over]).finally(stopTimer)) return;
  }
}
