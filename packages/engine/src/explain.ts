import { isTerminal } from "@beckon/core/runtime";
import type { RunExplanation, RunReason } from "@beckon/core/runtime";
import { decodeError, toReason } from "./error-text.ts";
import { notFound } from "./read-result.ts";
import type { RunDetail, TaskRecord } from "./store/records.ts";
import type { QueueFacts, Store } from "./store/store.ts";

/** How many runs a sentence names. */
const MOST_NAMED = 5;

/** How many events are looked through for the beginning of an execution before it is looked for in ten times as many. */
const LOOK_BACK = 1_000;

/** Reasons, and the sentence in which they are told: all runs that one step waits for have one. */
interface Told {
  readonly reasons: readonly RunReason[];
  readonly sentence: string;
}

/** Why a run is not finished. `problem`: why its executor cannot save at the moment. @throws NotFoundError */
export async function explainRun(store: Store, runId: string, problem: string | null): Promise<RunExplanation> {
  const run = await store.readRun(runId);
  if (run === null) throw notFound(runId);
  const tasks = isTerminal(run.status) ? [] : await store.readTasks(runId);
  const told = [
    ...(await tellOf(run, tasks, store)),
    ...(problem === null ? [] : [tell({ kind: "cannot-save", message: problem })]),
  ];
  const reasons = told.flatMap((one) => one.reasons);
  return { runId, status: run.status, summary: told.map(({ sentence }) => sentence).join(" "), reasons };
}

async function tellOf(run: RunDetail, tasks: readonly TaskRecord[], store: Store): Promise<readonly Told[]> {
  switch (run.status) {
    case "DELAYED": {
      const until = new Date(run.wakeAt ?? run.createdAt);
      return [tell(run.attempt > 1 ? { kind: "retrying", until, attempt: run.attempt } : { kind: "delayed", until })];
    }
    case "QUEUED": {
      const facts = await store.readQueueFacts(run.id);
      return facts === null ? [] : queueReasons(run, facts).map(tell);
    }
    case "EXECUTING": {
      const since = new Date(await readBeginning(run, store));
      return [tell({ kind: "executing", since, tasks: namesOf(tasks, "RUNNING") })];
    }
    case "WAITING": {
      const unfinished = new Set(await store.readAwaitedRuns(run.id));
      return tasks.filter((task) => task.status === "WAITING").map((task) => tellOfWait(task, unfinished));
    }
    default:
      return [tell({ kind: "finished", at: new Date(run.completedAt ?? run.createdAt) })];
  }
}

function tell(reason: RunReason): Told {
  return { reasons: [reason], sentence: toSentence(reason) };
}

/** When the execution that is under way began. A run's row tells only of its first. */
async function readBeginning(run: RunDetail, store: Store): Promise<number> {
  const first = run.startedAt ?? run.createdAt;
  if (run.executionCount <= 1) return first;
  for (let limit = LOOK_BACK; ; limit *= 10) {
    const after = Math.max(0, run.eventCount - limit);
    const events = await store.readEvents({ runId: run.id, after, limit, type: "status" });
    const last = events.findLast((event) => event.type === "status" && event.status === "EXECUTING");
    if (last !== undefined || after === 0) return last?.at ?? first;
  }
}

function queueReasons(
  { hold, crashCount }: RunDetail,
  { ahead, limit, isPaused, hasWorker }: QueueFacts,
): readonly RunReason[] {
  const reasons: RunReason[] = [];
  if (isPaused) reasons.push({ kind: "paused" });
  if (!hasWorker) reasons.push({ kind: "no-worker" });
  // A run that is not held back has its place of the limit already.
  if (hold === "limit" && limit !== null) {
    const { id, taken, max } = limit;
    reasons.push({ kind: "limited", limit: id, taken, max, heldBy: limit.heldBy.toSorted() });
  }
  if (hold === "suspect") reasons.push({ kind: "suspect", crashes: crashCount });
  reasons.push({ kind: "queued", position: ahead + 1 });
  return reasons;
}

function namesOf(tasks: readonly TaskRecord[], status: TaskRecord["status"]): readonly string[] {
  return tasks.filter((task) => task.status === status).map(({ name }) => name);
}

function tellOfWait(task: TaskRecord, unfinished: ReadonlySet<string>): Told {
  if (task.kind === "task" && task.wait?.kind === "time") return tell(toTaskRetryReason(task));
  const until = task.wakeAt === null ? null : new Date(task.wakeAt);
  const key = task.name;
  switch (task.wait?.kind) {
    case "runs": {
      const left = task.wait.runIds.filter((runId) => unfinished.has(runId));
      // The last of them may have ended since the step was read.
      return tellOfRuns(key, left.length === 0 ? task.wait.runIds : left, until);
    }
    case "signal":
      return tell({ kind: "waiting-for-signal", key, signal: task.wait.name, id: task.wait.id, until });
    case "request":
      return tell({ kind: "waiting-for-request", key, until });
    default:
      return tell({ kind: "waiting-until", key, until: until ?? new Date(task.startedAt) });
  }
}

/** A batch may have a thousand: a few of them are named, and the others counted. */
function tellOfRuns(key: string, runIds: readonly string[], until: Date | null): Told {
  const named = runIds.slice(0, MOST_NAMED);
  return {
    reasons: named.map((runId) => ({ kind: "waiting-for-run", key, runId, until })),
    sentence: toSentenceOfRuns(key, runIds, until),
  };
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
    case "suspect":
      return `Its process died under it ${reason.crashes} times in a row: each server executes one such run at a time.`;
    case "no-worker":
      return "No running server defines its job: deploy one that does.";
    case "executing":
      return `It is executing since ${reason.since.toISOString()}${reason.tasks.length > 0 ? `, in ${reason.tasks.join(", ")}` : ""}.`;
    case "waiting-until":
      return `It waits in "${reason.key}" until ${reason.until.toISOString()}.`;
    case "waiting-for-run":
      return toSentenceOfRuns(reason.key, [reason.runId], reason.until);
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

function toSentenceOfRuns(key: string, runIds: readonly string[], until: Date | null): string {
  return `It waits in "${key}" for ${toShortList(runIds)}${orUntil(until)}.`;
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
