import type { LiveCounts, QueueSample } from "@beckon/core/runtime";

const SHORTEST_MS = 5_000;
const KEPT_MS = 3_600_000;

/** How full the queues were, since this process runs. */
export class QueueHistory {
  #samples: QueueSample[] = [];

  /** Takes a sample, unless there is a fresh one; forgets those of more than an hour ago. */
  add(sample: QueueSample): readonly QueueSample[] {
    const now = sample.at.getTime();
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at.getTime() >= SHORTEST_MS) this.#samples.push(sample);
    this.#samples = this.#samples.filter(({ at }) => at.getTime() > now - KEPT_MS);
    return [...this.#samples];
  }
}

export function addLive(counts: readonly LiveCounts[]): LiveCounts {
  const total = { DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 0 };
  for (const one of counts) {
    total.DELAYED += one.DELAYED;
    total.QUEUED += one.QUEUED;
    total.EXECUTING += one.EXECUTING;
    total.WAITING += one.WAITING;
  }
  return total;
}
