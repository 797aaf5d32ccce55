import { isTerminal } from "@beckon/core/runtime";
import type { RunExplanation, RunReason } from "@beckon/core/runtime";
import { decodeError, toReason } from "./error-text.ts";
import { notFound } from "./read-result.ts";
import type { RunDetail, TaskRecord } from "./store/records.ts";
import type { QueueFacts, Store } from "./store/store.ts";

/** How many runs a sentence names. */
const MOST_NAMED = 5;

/** Why a run is not finished. `problem`: why its executor cannot save at the moment. @throws NotFoundError */
export async function explainRun(store: Store, runId: string, problem: string | null): Promise<RunExplanation> {
  const run = await store.readRun(runId);
  if (run === null) throw notFound(runId);
  const tasks = isTerminal(run.status) ? [] : await store.readTasks(runId);
  const facts = run.status === "QUEUED" ? await store.readQueueFacts(runId) : null;
  const reasons = [
    ...reasonsOf(run, tasks, facts),
    ...(problem === null ? [] : [{ kind: "cannot-save", message: problem } as const]),
  ];
  return { runId, status: run.status, summary: reasons.map(toSentence).join(" "), reasons };
}

function reasonsOf(run: RunDetail, tasks: readonly TaskRecord[], facts: QueueFacts | null): readonly RunReason[] {
  switch (run.status) {
    case "DELAYED": {
      const until = new Date(run.wakeAt ?? run.createdAt);
      return [run.attempt > 1 ? { kind: "retrying", until, attempt: run.attempt } : { kind: "delayed", until }];
    }
    case "QUEUED":
      return facts === null ? [] : queueReasons(run, facts);
    case "EXECUTING":
      return [{ kind: "executing", since: new Date(run.startedAt ?? run.createdAt), tasks: namesOf(tasks, "RUNNING") }];
    case "WAITING":
      return tasks.filter((task) => task.status === "WAITING").map(toWaitReason);
    default:
      return [{ kind: "finished", at: new Date(run.completedAt ?? run.createdAt) }];
  }
}

function queueReasons({ hold }: RunDetail, { ahead, limit, isPaused, hasWorker }: QueueFacts): readonly RunReason[] {
  const reasons: RunReason[] = [];
  if (isPaused) reasons.push({ kind: "paused" });
  if (!hasWorker) reasons.push({ kind: "no-worker" });
  // A run that is not held back has its place of the limit already.
  if (hold === "limit" && limit !== null) {
    const { id, taken, max } = limit;
    reasons.push({ kind: "limited", limit: id, taken, max, heldBy: limit.heldBy.toSorted() });
  }
  reasons.push({ kind: "queued", position: ahead + 1 });
  return reasons;
}

function namesOf(tasks: readonly TaskRecord[], status: TaskRecord["status"]): readonly string[] {
  return tasks.filter((task) => task.status === status).map(({ name }) => name);
}

function toWaitReason(task: TaskRecord): RunReason {
  if (task.kind === "task" && task.wait?.kind === "time") return toTaskRetryReason(task);
  const until = task.wakeAt === null ? null : new Date(task.wakeAt);
  const key = task.name;
  switch (task.wait?.kind) {
    case "runs":
      return { kind: "waiting-for-run", key, runId: task.wait.runIds.join(", "), until };
    case "signal":
      return { kind: "waiting-for-signal", key, signal: task.wait.name, id: task.wait.id, until };
    case "request":
      return { kind: "waiting-for-request", key, until };
    default:
      return { kind: "waiting-until", key, until: until ?? new Date(task.startedAt) };
  }
}

/** A task waits for time only between its attempts. */
function toTaskRetryReason({ name, error, attempt, wakeAt, startedAt }: TaskRecord): RunReason {
  const message = error === null ? "no reason was kept" : toReason(decodeError(error));
  return { kind: "retrying-task", key: name, message, attempt: attempt + 1, until: new Date(wakeAt ?? startedAt) };
}

function toSentence(reason: RunReason): string {
  switch (reason.kind) {
    case "delayed":
      return `It is delayed until ${reason.until.toISOString()}.`;
    case "retrying":
      return `Its last attempt failed; attempt ${reason.attempt} starts at ${reason.until.toISOString()}.`;
    case "retrying-task":
      return `"${reason.key}" failed (${reason.message}); attempt ${reason.attempt} starts at ${reason.until.toISOString()}.`;
    case "queued":
      return reason.position === 1 ? "It is next in line." : `It is number ${reason.position} in line.`;
    case "limited":
      return `Limit "${reason.limit}" is at ${reason.taken}/${reason.max}, held by ${toShortList(reason.heldBy)}.`;
    case "paused":
      return "Its job is paused.";
    case "no-worker":
      return "No running server defines its job: deploy one that does.";
    case "executing":
      return `It is executing since ${reason.since.toISOString()}${reason.tasks.length > 0 ? `, in ${reason.tasks.join(", ")}` : ""}.`;
    case "waiting-until":
      return `It waits in "${reason.key}" until ${reason.until.toISOString()}.`;
    case "waiting-for-run":
      return `It waits in "${reason.key}" for ${reason.runId}${orUntil(reason.until)}.`;
    case "waiting-for-signal":
      return `It waits in "${reason.key}" for the signal "${reason.signal}"${withId(reason.id)}${orUntil(reason.until)}.`;
    case "waiting-for-request":
      return `It waits in "${reason.key}" for a request to its URL${orUntil(reason.until)}.`;
    case "cannot-save":
      return `Its results cannot be saved at the moment: ${reason.message}`;
    case "finished":
      return `It finished at ${reason.at.toISOString()}.`;
  }
}

function toShortList(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  return more <= 0 ? ids.join(", ") : `${ids.slice(0, MOST_NAMED).join(", ")} and ${more} more`;
}

function withId(id: string | null): string {
  return id === null ? "" : ` with the id "${id}"`;
}

function orUntil(until: Date | null): string {
  return until === null ? "" : `, at the latest until ${until.toISOString()}`;
}
