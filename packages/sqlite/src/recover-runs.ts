import { StoreUnavailableError } from "@beckon/engine";
import { handOverLimits, type JobLimits } from "./job-limits.ts";
import type { Liveness } from "./liveness.ts";
import type { Workers } from "./workers.ts";

interface RecoveryRequest {
  readonly now: number;
  readonly poisonAfter: number;
  readonly poisonError: string;
}

interface Recovering {
  readonly workers: Workers;
  readonly jobLimits: JobLimits;
  readonly liveness: Liveness;
  readonly write: <Value>(run: () => Value) => Promise<Value>;
}

/**
 * Looks for workers whose process is dead, and takes their runs over, each chunk in a transaction of its own. What they made by
 * limits that others have exchanged since is handed over as they would have done themselves.
 * @throws StoreUnavailableError when the lock of one cannot be looked at; those of the others are taken over all the same
 */
export async function recoverDeadWorkers(
  store: Recovering,
  request: RecoveryRequest,
): Promise<{ readonly requeued: number; readonly poisoned: number }> {
  const { workers, liveness, write } = store;
  const counts = { requeued: 0, poisoned: 0 };
  const failures: unknown[] = [];
  const recovered: string[] = [];
  for (const workerId of await write(() => workers.listIds())) {
    const dead = probe(liveness, workerId);
    if (dead instanceof StoreUnavailableError) failures.push(dead);
    if (dead === null || dead instanceof StoreUnavailableError) continue;
    try {
      for (let isOver = false; !isOver;) {
        const taken = await write(() => workers.recover(workerId, request));
        counts.requeued += taken.requeued;
        counts.poisoned += taken.poisoned;
        isOver = taken.isOver;
      }
      recovered.push(workerId);
    } finally {
      dead.done();
    }
  }
  // Behind the runs that are executed again, which do not wait for it.
  for (const workerId of recovered) await handOver(workerId, store).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return counts;
}

/** Hands over what a dead worker made, and forgets it, unless it is alive again: a host may start what it has stopped. */
async function handOver(workerId: string, { workers, jobLimits, liveness, write }: Recovering): Promise<void> {
  const dead = probe(liveness, workerId);
  if (dead instanceof StoreUnavailableError) throw dead;
  try {
    if (dead === null || !(await handOverLimits(workerId, jobLimits, write))) return;
    await write(() => workers.forget(workerId));
  } finally {
    dead?.done();
  }
}

/** A worker of which nobody can tell whether it lives is left alone: its runs may be executing. */
function probe(liveness: Liveness, workerId: string): ReturnType<Liveness["probe"]> | StoreUnavailableError {
  try {
    return liveness.probe(workerId);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "Check who may open its lock file, and how many files this process may have open.";
    return new StoreUnavailableError(`Whether worker ${workerId} lives cannot be told: ${reason}. ${remedy}`, {
      cause,
    });
  }
}
