import type { Driver, JobKind } from "../driver.ts";
import { need } from "./need.ts";
import { type Done, isWarm } from "./warm-up.ts";
import type { Figures } from "./workload.ts";

/** More than a second of a fast system: one slow moment of the machine should not decide. */
const MOST_CALLS = 2_000;
/** A system that takes long for each is asked fewer times. */
const MEASURED_MS = 6_000;
const CONCURRENCY = 10;
/** Of fewer calls the slowest in a hundred are none, or one. */
const TAIL_CALLS = 200;

/** W4: one caller invokes a job, waits for its result, and only then invokes the next. */
export async function roundTrips(driver: Driver, kind: JobKind): Promise<Figures> {
  const roundTrip = need(driver.roundTrip, "roundTrip");
  const stop = await driver.startWorker?.({ concurrency: CONCURRENCY, onBegin: () => undefined });
  await callUntil(isWarm, (n) => roundTrip(kind, n));
  const times = await callUntil(isMeasured, (n) => roundTrip(kind, n));
  await stop?.();
  return percentilesOf(times);
}

/** W4 over HTTP: client and server share the process, so their work adds up. A bare server answers at once. */
export async function httpRoundTrips(driver: Driver): Promise<Figures> {
  const httpRoundTrip = need(driver.httpRoundTrip, "httpRoundTrip");
  return roundTrips({ ...driver, roundTrip: (_kind, n) => httpRoundTrip(n) }, "noop");
}

const isMeasured: IsEnough = ({ calls, tookMs }) => calls >= MOST_CALLS || tookMs >= MEASURED_MS;

type IsEnough = (done: Done) => boolean;

/** Calls one after the other, and says how long each took, in milliseconds. */
async function callUntil(isEnough: IsEnough, call: (n: number) => Promise<unknown>): Promise<readonly number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  while (!isEnough({ calls: times.length, tookMs: performance.now() - startedAt })) {
    const calledAt = performance.now();
    await call(times.length);
    times.push(performance.now() - calledAt);
  }
  return times;
}

function percentilesOf(times: readonly number[]): Figures {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return times.length < TAIL_CALLS ? { "p50 ms": at(0.5) } : { "p50 ms": at(0.5), "p99 ms": at(0.99) };
}
