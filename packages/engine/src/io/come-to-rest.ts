import type { Place } from "./frame.ts";

/** So long what is at work beside a failure is waited for: one that hangs does not keep what has failed from ending. */
const LONGEST_REST_MS = 60_000;

/** A function that has thrown has not failed before the tasks that are at work in it have ended, or by `overAt`. */
export async function comeToRest({ frame, scope }: Place, overAt = Number.POSITIVE_INFINITY): Promise<void> {
  const rest = frame.comeToRest(scope);
  if (rest === undefined) return;
  const { clock } = frame.parts;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const stopTimer = clock.setTimer(Math.min(overAt, clock.now() + LONGEST_REST_MS), resolve, "deadline");
  await Promise.race([rest, over]).finally(stopTimer);
}
