import { spreadOf } from "../../scale/median.ts";
import type { Driver } from "../driver.ts";
import { need } from "./need.ts";
import { MOST_PASSES, PASSES_MS } from "./passes.ts";
import { type Done, isWarm } from "./warm-up.ts";
import type { Figures } from "./workload.ts";

const MEASURED_MS = 1_500;

/** W1: every caller enqueues one job after the other, and waits for each to be acknowledged. */
export async function enqueueAlone(driver: Driver, callers: number): Promise<Figures> {
  const enqueue = need(driver.enqueue, "enqueue");
  await callUntil(isWarm, callers, enqueue);
  const { calls, tookMs } = await callUntil((done) => done.tookMs >= MEASURED_MS, callers, enqueue);
  return { "jobs/s": (calls * 1_000) / tookMs };
}

/** W2: so many jobs through the bulk call; the middle of several passes. */
export async function enqueueInBulk(driver: Driver, count: number): Promise<Figures> {
  const enqueueMany = need(driver.enqueueMany, "enqueueMany");
  const passOnce = async (): Promise<number> => {
    const startedAt = performance.now();
    await enqueueMany("noop", count);
    return performance.now() - startedAt;
  };
  const done = { calls: 0, tookMs: 0 };
  while (!isWarm(done)) {
    done.tookMs += await passOnce();
    done.calls += count;
  }
  const passes: number[] = [];
  for (let tookMs = 0; passes.length < MOST_PASSES && tookMs < PASSES_MS; tookMs += passes.at(-1) ?? 0)
    passes.push(await passOnce());
  return { "jobs/s": (count * 1_000) / spreadOf(passes).median };
}

async function callUntil(
  isEnough: (done: Done) => boolean,
  callers: number,
  call: (n: number) => Promise<unknown>,
): Promise<Done> {
  const startedAt = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (!isEnough({ calls, tookMs: performance.now() - startedAt })) {
      await call(calls);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { calls, tookMs: performance.now() - startedAt };
}
