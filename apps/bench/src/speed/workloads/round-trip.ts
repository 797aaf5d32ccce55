import type { Driver, JobKind } from "../driver.ts";
import { need } from "./need.ts";
import { HTTP_WARM_UP_MS, WARM_UP_MS } from "./warm-up.ts";
import type { Figures } from "./workload.ts";

/** More than a second of a fast system: one slow moment of the machine should not decide. */
const MOST_CALLS = 3_000;
/** A system that takes long for each is asked fewer times. */
const MEASURED_MS = 6_000;
const CONCURRENCY = 10;

/** W4: one caller invokes a job, waits for its result, and only then invokes the next. */
export async function roundTrips(driver: Driver, kind: JobKind, warmUpMs = WARM_UP_MS): Promise<Figures> {
  const roundTrip = need(driver.roundTrip, "roundTrip");
  const stop = await driver.startWorker?.({ concurrency: CONCURRENCY, onBegin: () => undefined });
  await callFor(Number.POSITIVE_INFINITY, warmUpMs, (n) => roundTrip(kind, n));
  const times = await callFor(MOST_CALLS, MEASURED_MS, (n) => roundTrip(kind, n));
  await stop?.();
  return percentilesOf(times);
}

/** W4 over HTTP: client and server share the process, so their work adds up. A bare server answers both calls at once. */
export async function httpRoundTrips(driver: Driver): Promise<Figures> {
  const httpRoundTrip = need(driver.httpRoundTrip, "httpRoundTrip");
  return roundTrips({ ...driver, roundTrip: (_kind, n) => httpRoundTrip(n) }, "noop", HTTP_WARM_UP_MS);
}

/** Calls one after the other, and says how long each took, in milliseconds. */
async function callFor(
  most: number,
  durationMs: number,
  call: (n: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  while (times.length < most && performance.now() - startedAt < durationMs) {
    const calledAt = performance.now();
    await call(times.length);
    times.push(performance.now() - calledAt);
  }
  return times;
}

function percentilesOf(times: readonly number[]): Figures {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { "p50 ms": at(0.5), "p99 ms": at(0.99) };
}
