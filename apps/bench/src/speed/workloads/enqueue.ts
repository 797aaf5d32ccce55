import { spreadOf } from "../../scale/median.ts";
import type { Driver } from "../driver.ts";
import { need } from "./need.ts";
import { WARM_UP_MS } from "./warm-up.ts";
import type { Figures } from "./workload.ts";

const MEASURED_MS = 1_500;
const BULK_PASSES = 5;

/** W1: every caller enqueues one job after the other, and waits for each to be acknowledged. */
export async function enqueueAlone(driver: Driver, callers: number): Promise<Figures> {
  const enqueue = need(driver.enqueue, "enqueue");
  await callFor(WARM_UP_MS, callers, enqueue);
  const { calls, tookMs } = await callFor(MEASURED_MS, callers, enqueue);
  return { "jobs/s": (calls * 1_000) / tookMs };
}

/** W2: ten thousand jobs, of slow systems fewer, through the bulk call; the middle of several passes. */
export async function enqueueInBulk(driver: Driver, count: number): Promise<Figures> {
  const enqueueMany = need(driver.enqueueMany, "enqueueMany");
  const warmFrom = performance.now();
  while (performance.now() - warmFrom < WARM_UP_MS) await enqueueMany("noop", count);
  const passes: number[] = [];
  for (let pass = 0; pass < BULK_PASSES; pass += 1) {
    const startedAt = performance.now();
    await enqueueMany("noop", count);
    passes.push((count * 1_000) / (performance.now() - startedAt));
  }
  return { "jobs/s": spreadOf(passes).median };
}

async function callFor(
  durationMs: number,
  callers: number,
  call: (n: number) => Promise<unknown>,
): Promise<{ readonly calls: number; readonly tookMs: number }> {
  const startedAt = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startedAt < durationMs) {
      await call(calls);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { calls, tookMs: performance.now() - startedAt };
}
