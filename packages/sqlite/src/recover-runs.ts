import type { Liveness } from "./liveness.ts";
import type { Workers } from "./workers.ts";

interface RecoveryRequest {
  readonly now: number;
  readonly poisonAfter: number;
  readonly poisonError: string;
}

/** Looks for workers whose process is dead, and takes their runs over, each chunk in a transaction of its own. */
export async function recoverDeadWorkers(
  store: {
    readonly workers: Workers;
    readonly liveness: Liveness;
    readonly write: <Value>(run: () => Value) => Promise<Value>;
  },
  request: RecoveryRequest,
): Promise<{ readonly requeued: number; readonly poisoned: number }> {
  const { workers, liveness, write } = store;
  const counts = { requeued: 0, poisoned: 0 };
  for (const workerId of workers.listIds()) {
    const dead = liveness.probe(workerId);
    if (dead === null) continue;
    try {
      for (let isOver = false; !isOver;) {
        const taken = await write(() => workers.recover(workerId, request));
        counts.requeued += taken.requeued;
        counts.poisoned += taken.poisoned;
        isOver = taken.isOver;
      }
    } finally {
      dead.done();
    }
  }
  return counts;
}
