/*
 * Every system does what is measured for a while before it is measured: what is asked is how fast a server is that has been
 * up for some time. V8 compiles in steps, the last of them after some ten thousand calls; a system that makes fewer in four
 * seconds is measured after these.
 */
const LEAST_MS = 1_000;
const MOST_MS = 4_000;
const CALLS = 10_000;

/** A request goes through ten times the code of a call, of every server that was measured: all of them take the whole time. */
export const HTTP_WARM_UP_MS = MOST_MS;

/** What was done so far. */
export interface Done {
  readonly calls: number;
  readonly tookMs: number;
}

/** Whether it is enough. */
export function isWarm(done: Done): boolean {
  return done.tookMs >= MOST_MS || (done.tookMs >= LEAST_MS && done.calls >= CALLS);
}
