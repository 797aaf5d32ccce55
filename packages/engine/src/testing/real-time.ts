/** The longest delay that setTimeout keeps. */
const MAX_DELAY_MS = 2 ** 31 - 1;

// Taken when the module is loaded, so that fake timers of a test do not hold them.
const wait = setTimeout;
const stopWaiting = clearTimeout;
export const monotonicNow = performance.now.bind(performance);

/** Whether so many milliseconds are over before the change comes. */
export async function passBefore(change: Promise<void>, ms: number): Promise<boolean> {
  const { promise: passed, resolve } = Promise.withResolvers<boolean>();
  const timer = wait(() => resolve(true), Math.min(ms, MAX_DELAY_MS));
  const isOver = await Promise.race([change.then(() => false), passed]);
  stopWaiting(timer);
  return isOver;
}
