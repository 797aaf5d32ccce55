import { isTerminal } from "@beckon/core/runtime";
import type { CreateRunsOutcome, CreateRunsRequest } from "../../store/births.ts";
import type { ClaimedRun, NewRun } from "../../store/records.ts";
import { claimableRuns, claimRuns } from "./executions.ts";
import { findClaimed, type MemoryCommit, type MemoryRun, type MemoryState, toKeyId } from "./memory-state.ts";
import { assignPlaces } from "./places.ts";
import { enterStatus, lineUp } from "./status.ts";
import { recordTask } from "./waits.ts";

export const REQUEST_KEPT_MS = 24 * 60 * 60 * 1_000;

/** What becomes of one item: a run of its own, or one that is there (or comes earlier in the request). */
interface Plan {
  readonly item: NewRun;
  readonly adoptedId: string | null;
}

export function createRuns(commit: MemoryCommit, request: CreateRunsRequest): CreateRunsOutcome {
  const { state, now } = commit;
  const known = request.requestId === null ? undefined : state.requests.get(request.requestId);
  if (known !== undefined && now - known.at < REQUEST_KEPT_MS)
    return { kind: "created", runs: known.runIds.map((id) => ({ id, isAdopted: true })), claimed: [] };
  const parent = request.parent === null ? null : findClaimed(state, request.parent.claim);
  if (parent === undefined) return { kind: "lost" };
  const plans = planItems(state, request);
  if (!Array.isArray(plans)) return plans;

  const runs = plans.map(({ item, adoptedId }) => ({ id: adoptedId ?? item.id, isAdopted: adoptedId !== null }));
  for (const [index, plan] of plans.entries()) {
    const parentTaskId = request.parent?.steps[index]?.id ?? null;
    const maker = { parentRunId: parent?.id ?? null, parentTaskId };
    if (plan.adoptedId === null) bearRun(commit, plan.item, maker);
  }
  // Steps come after all births: one that already waits for its child finds it.
  for (const [index, step] of (request.parent?.steps ?? []).entries()) {
    if (parent !== null) recordTask(commit, parent, { ...step, childRunId: runs[index]?.id ?? null });
  }
  if (request.requestId !== null) state.requests.set(request.requestId, { runIds: runs.map(({ id }) => id), at: now });
  const newborns = new Set(runs.filter(({ isAdopted }) => !isAdopted).map(({ id }) => id));
  return { kind: "created", runs, claimed: request.claim ? claimNewborns(commit, newborns, request.claim) : [] };
}

/** What a claim would give: unless it would also give, or leave behind, anything else. */
function claimNewborns(
  commit: MemoryCommit,
  newborns: ReadonlySet<string>,
  claim: { readonly workerId: string; readonly limit: number },
): readonly ClaimedRun[] {
  assignPlaces(commit.state);
  const claimable = claimableRuns(commit, claim.workerId);
  if (claimable.length > claim.limit || claimable.some(({ id }) => !newborns.has(id))) return [];
  return claimRuns(commit, claim);
}

/** Decides every item before anything is written. */
function planItems(state: MemoryState, request: CreateRunsRequest): Plan[] | CreateRunsOutcome {
  const plans: Plan[] = [];
  const planned = new Map<string, { readonly runId: string; readonly digest: string }>();
  for (const [index, item] of request.runs.entries()) {
    if (item.idempotency === null) {
      plans.push({ item, adoptedId: null });
      continue;
    }
    const { key, digest } = item.idempotency;
    const keyId = toKeyId(item.jobId, key);
    const holder = planned.get(keyId) ?? findKeyHolder(state, keyId, request.now);
    if (holder !== undefined && holder.digest !== digest) return { kind: "conflict", index, runId: holder.runId };
    plans.push({ item, adoptedId: holder?.runId ?? null });
    planned.set(keyId, holder ?? { runId: item.id, digest });
  }
  return plans;
}

/** A key belongs to its run until it expires, and longer while that run is unfinished. */
export function findKeyHolder(
  state: MemoryState,
  keyId: string,
  now: number,
): { readonly runId: string; readonly digest: string } | undefined {
  const row = state.keys.get(keyId);
  const holder = row === undefined ? undefined : state.runs.get(row.runId);
  if (row === undefined || holder === undefined) return undefined;
  return row.expiresAt > now || !isTerminal(holder.status) ? row : undefined;
}

function bearRun(commit: MemoryCommit, item: NewRun, maker: Pick<MemoryRun, "parentRunId" | "parentTaskId">): void {
  const { state, now } = commit;
  const { limit, idempotency, startAt, ...facts } = item;
  const isDelayed = startAt !== null && startAt > now;
  const run: MemoryRun = {
    ...UNBORN,
    ...facts,
    ...maker,
    idempotency,
    idempotencyKey: idempotency?.key ?? null,
    limitId: limit?.id ?? null,
    tasks: new Map(),
    events: [],
    logCounts: new Map(),
    statuses: new Map(),
  };
  state.runs.set(run.id, run);
  if (limit !== null) state.limits.set(limit.id, limit.max);
  if (idempotency !== null) {
    state.keys.set(toKeyId(run.jobId, idempotency.key), {
      runId: run.id,
      digest: idempotency.digest,
      expiresAt: idempotency.expiresAt,
    });
  }
  if (isDelayed) run.wakeAt = startAt;
  else lineUp(run, now);
  enterStatus(commit, run, isDelayed ? "DELAYED" : "QUEUED");
}

/** How every run begins. */
const UNBORN = {
  status: "QUEUED",
  hold: null,
  queuedAt: null,
  wakeAt: null,
  expiresAt: null,
  startedAt: null,
  completedAt: null,
  attempt: 1,
  executionCount: 0,
  executionMs: 0,
  executionMsAtRetry: 0,
  crashCount: 0,
  eventCount: 0,
  output: null,
  error: null,
  payload: null,
  lease: 0,
  workerId: null,
  parkedOn: new Set<string>(),
} as const;
