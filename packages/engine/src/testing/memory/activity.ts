import { isTerminal } from "@beckon/core/runtime";
import { durationClassOf } from "../../activity/duration-class.ts";
import type { ActivityVerbs, EndedCount, LimitFacts } from "../../store/activity.ts";
import type { MemoryRun, MemoryState } from "./memory-state.ts";
import { maxOf, placeHolders } from "./places.ts";

type Counting = Parameters<ActivityVerbs["countEnded"]>[0];

export function countEnded(state: MemoryState, { from, to, stretchMs }: Counting): EndedCount[] {
  const counts = new Map<string, EndedCount>();
  for (const run of state.runs.values()) {
    if (run.completedAt === null || !isTerminal(run.status)) continue;
    if (run.completedAt < from || run.completedAt >= to) continue;
    const kind = {
      from: Math.floor(run.completedAt / stretchMs) * stretchMs,
      jobId: run.jobId,
      status: run.status,
      durationClass: run.startedAt === null ? 0 : durationClassOf(run.completedAt - run.startedAt),
    };
    const name = JSON.stringify(kind);
    const known = counts.get(name) ?? { ...kind, count: 0, queuedMs: 0 };
    counts.set(name, { ...known, count: known.count + 1, queuedMs: known.queuedMs + queuedMsOf(run) });
  }
  return [...counts.values()];
}

function queuedMsOf({ startedAt, queuedAt }: MemoryRun): number {
  return startedAt === null || queuedAt === null ? 0 : Math.max(startedAt - queuedAt, 0);
}

export function listLimits(
  state: MemoryState,
  { limit, countTo }: { readonly limit: number; readonly countTo: number },
): LimitFacts[] {
  const waiting = [...state.live].filter((run) => run.hold === "limit");
  return [...state.limits.keys()]
    .map((id) => ({
      id,
      max: maxOf(state, id),
      taken: placeHolders(state, id).length,
      waiting: Math.min(waiting.filter((run) => run.limitId === id).length, countTo),
    }))
    .toSorted((one, other) => other.taken - one.taken)
    .slice(0, limit);
}
