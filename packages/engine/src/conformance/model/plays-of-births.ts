import { expect } from "vitest";
import type { ClaimedRun, NewRun } from "../../store/records.ts";
import { CRASHES_AFTER_PROGRESS } from "../../store/suspects.ts";
import { task } from "../task-records.ts";
import { pick, type Play } from "./command.ts";
import type { LimitId, Model, ModelRun } from "./model.ts";
import type { Playground } from "./playground.ts";

/** What is drawn for a run to be made. */
export interface Birth {
  readonly desk: number;
  readonly jobId: string;
  readonly priority: number;
  readonly limitId: LimitId | null;
  readonly key: string | null;
  readonly digest: string;
  readonly delayMs: number | null;
  readonly ttlMs: number | null;
  readonly isDetached: boolean;
  /** How many free slots the desk's worker has for it. */
  readonly slots: number | null;
}

export function invoke(birth: Birth): Play {
  return {
    name: `invoke ${JSON.stringify(birth)}`,
    isPossible: () => true,
    run: (model, real) => bear(birth, { model, real, parent: null }),
  };
}

export function invokeChild(birth: Birth, index: number): Play {
  return {
    name: `invoke from executing run ${index} ${JSON.stringify(birth)}`,
    // A run that adopts itself waits for itself: that is for the engine to report.
    isPossible: (model) => isAnyExecuting(model) && holderOf(birth, model) !== pick(model.all("EXECUTING"), index),
    run: (model, real) => bear(birth, { model, real, parent: pick(model.all("EXECUTING"), index) }),
  };
}

function isAnyExecuting(model: Readonly<Model>): boolean {
  return model.all("EXECUTING").length > 0;
}

function keyIdOf(birth: Birth): string | null {
  return birth.key === null ? null : `${birth.jobId} ${birth.key}`;
}

function holderOf(birth: Birth, model: Readonly<Model>): ModelRun | undefined {
  const keyId = keyIdOf(birth);
  return keyId === null ? undefined : model.keys.get(keyId);
}

interface Place {
  readonly model: Model;
  readonly real: Playground;
  readonly parent: ModelRun | null;
}

async function bear(birth: Birth, { model, real, parent }: Place): Promise<void> {
  const item = toNewRun(birth, real.mintId("run"), { model, real, parent });
  const step = task(real.mintId("child"), { kind: "child", ordinal: 1 });
  const { store, workerId } = real.desk(birth.desk);
  const outcome = await store.createRuns({
    runs: [item],
    requestId: null,
    parent: parent?.claim ? { claim: parent.claim, steps: [step] } : null,
    claim: birth.slots === null ? null : { workerId, limit: birth.slots },
    now: model.now,
  });
  const [keyId, holder] = [keyIdOf(birth), holderOf(birth, model)];
  if (holder !== undefined && holder.digest !== birth.digest) {
    expect(outcome).toEqual({ kind: "conflict", index: 0, runId: holder.id });
    return;
  }
  const run = holder ?? toModelRun(birth, item, { keyId, parentId: parent?.id ?? null });
  expect(outcome).toMatchObject({ kind: "created", runs: [{ id: run.id, isAdopted: holder !== undefined }] });
  parent?.children.set(step.id, run.id);
  if (parent !== null) parent.crashes = Math.min(parent.crashes, CRASHES_AFTER_PROGRESS);
  if (holder === undefined) {
    model.runs.set(run.id, run);
    if (keyId !== null) model.keys.set(keyId, run);
    if (item.startAt === null) model.lineUp(run, model.now);
  }
  const claimed = outcome.kind === "created" ? outcome.claimed : [];
  handOver(model, { run, isNew: holder === undefined, slots: birth.slots ?? 0, workerId, claimed });
}

interface HandedOver {
  readonly run: ModelRun;
  readonly isNew: boolean;
  readonly slots: number;
  readonly workerId: string;
  readonly claimed: readonly ClaimedRun[];
}

/** A store may leave the run to a claim; what it claims at birth is new, and the whole line. */
function handOver(model: Model, { run, isNew, slots, workerId, claimed }: HandedOver): void {
  if (claimed.length === 0) return;
  const ready = model.line().filter(({ hold }) => hold === null);
  expect([isNew, slots > 0, claimed.map(({ claim }) => claim.runId)]).toEqual([true, true, [run.id]]);
  expect(ready.map((place) => place.run.id)).toEqual([run.id]);
  for (const { claim } of claimed) model.start(run, claim, workerId);
}

function toNewRun(birth: Birth, id: string, { model, real, parent }: Place): NewRun {
  const { key, digest } = birth;
  return {
    id,
    jobId: birth.jobId,
    jobVersion: "1.0.0",
    input: '{"json":null}',
    context: null,
    accountId: null,
    callbackUrl: null,
    hasHooks: false,
    tags: [],
    priority: birth.priority,
    isTest: false,
    replayOf: null,
    isDetached: birth.isDetached,
    parentJobId: parent?.jobId ?? null,
    concurrencyKey: null,
    limit: real.limitOf(birth.limitId),
    idempotency: key === null ? null : { key, digest, expiresAt: Number.MAX_SAFE_INTEGER },
    createdAt: model.now,
    startAt: birth.delayMs === null ? null : model.now + birth.delayMs,
    ttlMs: birth.ttlMs,
    maxDurationMs: null,
  };
}

function toModelRun(
  birth: Birth,
  item: NewRun,
  { keyId, parentId }: { keyId: string | null; parentId: string | null },
): ModelRun {
  return {
    id: item.id,
    jobId: birth.jobId,
    priority: birth.priority,
    limitId: birth.limitId,
    key: keyId,
    digest: birth.digest,
    ttlMs: birth.ttlMs,
    parentId,
    isDetached: birth.isDetached,
    status: "DELAYED",
    attempt: 1,
    crashes: 0,
    hasStarted: false,
    dueAt: item.startAt,
    queuedAt: null,
    claim: null,
    workerId: null,
    done: new Set(),
    failed: new Set(),
    children: new Map(),
    wait: null,
  };
}
