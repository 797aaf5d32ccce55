/**
 * How long every system does what is measured before it is measured. What is asked is how fast a server is that has been
 * up for a while: V8 compiles in steps, the last of them after some ten thousand calls.
 */
export const WARM_UP_MS = 1_000;

/** A request goes through ten times the code of a call, of every server that was measured: none was at its pace before. */
export const HTTP_WARM_UP_MS = 4_000;
