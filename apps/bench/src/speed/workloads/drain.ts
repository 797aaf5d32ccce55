import { setTimeout as pause } from "node:timers/promises";
import { spreadOf } from "../../scale/median.ts";
import { type Driver, type JobKind, STEPS } from "../driver.ts";
import { need } from "./need.ts";
import { MOST_PASSES, PASSES_MS } from "./passes.ts";
import { isWarm } from "./warm-up.ts";
import type { Figures } from "./workload.ts";

/** How long a drain may go on without an end before it counts as failed. */
const PATIENCE_MS = 110_000;
/** The part of a drain's jobs with which warming up begins; it goes on with twice as many. */
const WARM_UP_SHARE = 0.1;
/** How often the store is asked for the last jobs: asking all the time would take the time that they need. */
const ASK_EVERY_MS = 1;

export interface DrainRequest {
  readonly kind: JobKind;
  readonly count: number;
  readonly concurrency: number;
}

/**
 * W3 and W5: executes jobs that lie ready. The clock runs from the first job that begins to the moment when the
 * store has the last one as finished. The middle of several passes counts.
 */
export async function drain(driver: Driver, request: DrainRequest): Promise<{ readonly perSecond: number }> {
  await warmUp(driver, request);
  const passes: number[] = [];
  for (let tookMs = 0; passes.length < MOST_PASSES && tookMs < PASSES_MS; tookMs += passes.at(-1) ?? 0)
    passes.push(await drainOnce(driver, request));
  return { perSecond: (request.count * 1_000) / spreadOf(passes).median };
}

async function warmUp(driver: Driver, request: DrainRequest): Promise<void> {
  const done = { calls: 0, tookMs: 0 };
  const callsOf = (count: number): number => (request.kind === "steps" ? count * STEPS : count);
  for (
    let count = Math.ceil(request.count * WARM_UP_SHARE);
    !isWarm(done);
    count = Math.min(request.count, count * 2)
  ) {
    done.tookMs += await drainOnce(driver, { ...request, count });
    done.calls += callsOf(count);
  }
}

export async function drainNoops(driver: Driver, concurrency: number, count: number): Promise<Figures> {
  const { perSecond } = await drain(driver, { kind: "noop", count, concurrency });
  return { "jobs/s": perSecond };
}

/** Makes the jobs and executes them; gives how long that took, in milliseconds, from the first that began. */
export async function drainOnce(driver: Driver, { kind, count, concurrency }: DrainRequest): Promise<number> {
  const enqueueMany = need(driver.enqueueMany, "enqueueMany");
  const startWorker = need(driver.startWorker, "startWorker");
  const countFinished = need(driver.countFinished, "countFinished");
  const finishedBefore = await countFinished(kind);
  await enqueueMany(kind, count);
  let begun = 0;
  let firstAt = 0;
  const allBegun = Promise.withResolvers<void>();
  const stop = await startWorker({
    concurrency,
    onBegin: () => {
      if (begun === 0) firstAt = performance.now();
      begun += 1;
      if (begun === count) allBegun.resolve();
    },
  });
  const patience = new AbortController();
  const gaveUp = pause(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`after ${PATIENCE_MS / 1_000} s ${begun} of ${count} jobs had begun, and not all were finished`);
  });
  await Promise.race([allBegun.promise, gaveUp]);
  while ((await countFinished(kind)) < finishedBefore + count) await Promise.race([pause(ASK_EVERY_MS), gaveUp]);
  const tookMs = performance.now() - firstAt;
  patience.abort();
  await gaveUp.catch(() => undefined);
  await stop();
  return tookMs;
}
