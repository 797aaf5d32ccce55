import type { Delivery } from "../../store/records.ts";
import type { MemoryCommit, MemoryState } from "./memory-state.ts";
import { toDelivery } from "./snapshots.ts";

export function claimDeliveries(
  { state, now }: MemoryCommit,
  { workerId, limit }: { readonly workerId: string; readonly limit: number },
): { deliveries: Delivery[]; nextAt: number | null } {
  const jobIds = new Set(state.workers.get(workerId)?.jobs.map((job) => job.id));
  const open = [...state.deliveries].filter((delivery) => delivery.workerId === null && jobIds.has(delivery.jobId));
  const claimed = open.filter((delivery) => delivery.dueAt <= now).slice(0, limit);
  for (const delivery of claimed) delivery.workerId = workerId;
  const left = open.filter((delivery) => delivery.workerId === null).map((delivery) => delivery.dueAt);
  return { deliveries: claimed.map(toDelivery), nextAt: left.length === 0 ? null : Math.min(...left) };
}

export function finishDelivery(
  state: MemoryState,
  { delivery, retryAt }: { readonly delivery: Delivery; readonly retryAt: number | null },
): void {
  const { runId, kind, attempt, createdAt } = delivery;
  for (const found of state.deliveries) {
    if (found.runId !== runId || found.kind !== kind) continue;
    if (found.attempt !== attempt || found.createdAt !== createdAt) continue;
    if (retryAt === null) {
      state.deliveries.delete(found);
      continue;
    }
    found.attempt += 1;
    found.dueAt = retryAt;
    found.workerId = null;
  }
}
