import type { DeliveryRequest } from "../../store/deliveries.ts";
import { toReceiver } from "../../store/receiver.ts";
import type { Delivery } from "../../store/records.ts";
import type { MemoryCommit, MemoryDelivery, MemoryRun, MemoryState } from "./memory-state.ts";
import { toDelivery } from "./snapshots.ts";

export function addDelivery({ state, now }: MemoryCommit, run: MemoryRun, kind: Delivery["kind"]): void {
  state.deliveries.add({
    runId: run.id,
    jobId: run.jobId,
    kind,
    attempt: 1,
    createdAt: now,
    dueAt: now,
    receiver: toReceiver(kind, run),
    workerId: null,
  });
}

export function claimDeliveries(
  { state, now }: MemoryCommit,
  { workerId, kind, limit, limitOfReceiver }: Omit<DeliveryRequest, "now">,
): { deliveries: Delivery[]; nextAt: number | null } {
  const jobIds = new Set(state.workers.get(workerId)?.jobs.map((job) => job.id));
  const ofKind = [...state.deliveries].filter((delivery) => delivery.kind === kind);
  const isFull = ({ receiver }: MemoryDelivery): boolean =>
    ofKind.filter((other) => other.workerId === workerId && other.receiver === receiver).length >= limitOfReceiver;
  const open = ofKind
    .filter((delivery) => delivery.workerId === null && jobIds.has(delivery.jobId))
    .toSorted((one, other) => one.dueAt - other.dueAt);
  const claimed: MemoryDelivery[] = [];
  for (const delivery of open) {
    if (claimed.length === limit || delivery.dueAt > now) break;
    if (isFull(delivery)) continue;
    delivery.workerId = workerId;
    claimed.push(delivery);
  }
  const next = open.find((delivery) => delivery.workerId === null && !isFull(delivery));
  return { deliveries: claimed.map(toDelivery), nextAt: next?.dueAt ?? null };
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
