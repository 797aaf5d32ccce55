import { isTerminal, type Resolution, type SignalOutcome } from "@beckon/core/runtime";
import type { SignalWrite, TaskRecord, WaitTarget } from "../../store/records.ts";
import { CRASHES_AFTER_PROGRESS, isProgress } from "../../store/suspects.ts";
import { toTaskEvent } from "../../store/task-event.ts";
import type { MemoryCommit, MemoryRun, MemoryState, Mutable } from "./memory-state.ts";
import { appendEvent, transition } from "./status.ts";

export interface WaitingStep {
  readonly run: MemoryRun;
  readonly task: Mutable<TaskRecord>;
}

interface Answer {
  readonly resolution: Resolution;
  readonly output: string | null;
}

/** The waiting steps of unfinished runs, oldest first; of one kind of wait when it is given. */
export function waitingSteps(state: MemoryState, kind?: WaitTarget["kind"]): WaitingStep[] {
  const steps: WaitingStep[] = [];
  for (const run of state.live) {
    for (const task of run.tasks.values()) {
      if (task.status === "WAITING" && (kind === undefined || task.wait?.kind === kind)) steps.push({ run, task });
    }
  }
  return steps.toSorted(
    (left, right) => left.task.startedAt - right.task.startedAt || (left.run.id < right.run.id ? -1 : 1),
  );
}

/** Inserts or replaces a step, whose end takes crashes back. Gives it when it waits for what is there already. */
export function recordTask(commit: MemoryCommit, run: MemoryRun, record: TaskRecord): TaskRecord | null {
  const task = { ...record, ordinal: run.tasks.get(record.id)?.ordinal ?? record.ordinal };
  run.tasks.set(task.id, task);
  if (isProgress(task)) run.crashCount = Math.min(run.crashCount, CRASHES_AFTER_PROGRESS);
  const answer = task.status === "WAITING" && task.wait !== null ? findAnswer(commit, task, task.wait) : null;
  if (answer === null) return null;
  resolveStep(commit, { run, task }, answer);
  return { ...task };
}

function findAnswer(commit: MemoryCommit, task: TaskRecord, wait: WaitTarget): Answer | null {
  switch (wait.kind) {
    case "time":
      return task.wakeAt !== null && task.wakeAt <= commit.now ? { resolution: "due", output: null } : null;
    case "runs":
      return wait.runIds.every((id) => hasEnded(commit.state, id)) ? { resolution: "ended", output: null } : null;
    case "signal": {
      const kept = takeKeptSignal(commit.state, wait);
      return kept === undefined ? null : { resolution: "delivered", output: kept.payload };
    }
    case "request":
      break;
  }
  return null;
}

function hasEnded(state: MemoryState, runId: string): boolean {
  const run = state.runs.get(runId);
  return run === undefined || isTerminal(run.status);
}

function takeKeptSignal(
  state: MemoryState,
  wanted: { readonly name: string; readonly id: string | null },
): SignalWrite | undefined {
  const kept = [...state.keptSignals].find((signal) => signal.name === wanted.name && signal.id === wanted.id);
  if (kept !== undefined) state.keptSignals.delete(kept);
  return kept;
}

/** Answers a waiting step, and wakes its run when that is parked on it. */
export function resolveStep(commit: MemoryCommit, { run, task }: WaitingStep, { resolution, output }: Answer): void {
  const isPauseOfTask = task.wait?.kind === "time" && task.kind === "task";
  task.wait = null;
  task.wakeAt = null;
  task.resolution = resolution;
  if (isPauseOfTask) {
    task.status = "RUNNING";
  } else {
    task.status = resolution === "timed-out" ? "FAILURE" : "SUCCESS";
    task.completedAt = commit.now;
    task.output = output;
    appendEvent(commit, run, toTaskEvent(task, commit.now));
  }
  if (run.status === "WAITING" && run.parkedOn.has(task.id)) transition(commit, run, "wake");
  // An executing run may wait for this step without being parked, as inside a task: its frame listens for the change.
  else commit.changed.add(run);
}

/** Answers every step that waited for this run and now waits for no other. */
export function tellOfEnd(commit: MemoryCommit, ended: MemoryRun): void {
  for (const step of waitingSteps(commit.state, "runs")) {
    const wait = step.task.wait;
    if (wait?.kind !== "runs" || !wait.runIds.includes(ended.id)) continue;
    if (wait.runIds.every((id) => hasEnded(commit.state, id)))
      resolveStep(commit, step, { resolution: "ended", output: null });
  }
}

export function deliverSignal(commit: MemoryCommit, signal: SignalWrite): SignalOutcome {
  const step = waitingSteps(commit.state, "signal").find(
    ({ task: { wait } }) => wait?.kind === "signal" && wait.name === signal.name && wait.id === signal.id,
  );
  if (step === undefined) {
    commit.state.keptSignals.add(signal);
    return "kept";
  }
  resolveStep(commit, step, { resolution: "delivered", output: signal.payload });
  return "delivered";
}

/** The step that handed out this token, while it waits. */
export function findRequest(state: MemoryState, token: string): WaitingStep | undefined {
  return waitingSteps(state, "request").find(({ task: { wait } }) => wait?.kind === "request" && wait.token === token);
}

export function deliverRequest(commit: MemoryCommit, token: string, body: string): "delivered" | "not-found" {
  const step = findRequest(commit.state, token);
  if (step === undefined) return "not-found";
  resolveStep(commit, step, { resolution: "delivered", output: body });
  return "delivered";
}
