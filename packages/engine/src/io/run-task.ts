import { decode, encode, retryDelayMs, toMs, toRetryPolicy, UnserializableValueError } from "@beckon/core/runtime";
import type {
  IO,
  RetryPolicy,
  StepKey,
  Task,
  TaskErrorDecision,
  TaskErrorHandler,
  TaskOptions,
} from "@beckon/core/runtime";
import { digestOf } from "../digest.ts";
import { decodeError, encodeError, toStoredError, toThrowable } from "../error-text.ts";
import type { TaskRecord } from "../store/records.ts";
import { forgetFailures } from "./forget-failures.ts";
import type { Place } from "./frame.ts";
import { Scope } from "./scope.ts";
import { finished, noteStep, saveStep, type StepIdentity } from "./step.ts";
import { runAttempt } from "./task-attempt.ts";

export interface TaskCall {
  readonly key: StepKey;
  readonly run: (task: Task, io: IO) => unknown;
  readonly options: TaskOptions;
  readonly onError: TaskErrorHandler | undefined;
}

/** A task's definition for one execution, options checked. */
interface PreparedTask extends TaskCall {
  readonly place: Place;
  readonly identity: StepIdentity;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number | null;
  readonly display: string | null;
}

/** `io.runTask`: answers from the memo, or tries until the task succeeds or is given up. */
export async function runTask(place: Place, call: TaskCall): Promise<unknown> {
  const id = place.scope.claimKey(call.key);
  const { name = typeof call.key === "string" ? call.key : id, retry, timeout } = call.options;
  const task: PreparedTask = {
    ...call,
    run: place.frame.parts.replaceTask?.({ jobId: place.frame.definition.id, taskId: id }) ?? call.run,
    place,
    identity: { id, kind: "task", name },
    policy: toRetryPolicy(retry),
    timeoutMs: timeout === undefined ? null : toMs(timeout, "timeout"),
    display: displayOf(call.options),
  };
  return place.frame.work(async () => {
    const known = place.frame.memo.get(id);
    if (known !== undefined && isFinished(known)) {
      await place.frame.completions.turnOf(known);
      return answer(known);
    }
    return tryTask(task, known);
  });
}

/** A pause before the next attempt is resolved as `due`: the task goes on then, it has not finished. */
function isFinished(record: TaskRecord): boolean {
  return record.resolution !== "due" && (record.status === "SUCCESS" || record.status === "FAILURE");
}

function answer(record: TaskRecord): unknown {
  if (record.status === "SUCCESS") return record.output === null ? undefined : decode(record.output);
  throw toThrowable(decodeError(record.error ?? '{"json":{"name":"Error","message":"The task failed."}}'));
}

async function tryTask(task: PreparedTask, known: TaskRecord | undefined): Promise<unknown> {
  const { frame } = task.place;
  const { id } = task.identity;
  let attempt = known?.attempt ?? 1;
  // A pause belongs to the failed attempt before it; a RUNNING record without one is the attempt that was in flight.
  let isInPause = known?.status === "WAITING" || known?.resolution === "due";
  for (;;) {
    if (isInPause) {
      await frame.waitFor(id, task.place.scope);
      await forgetFailures(frame, id);
      attempt += 1;
    }
    await frame.beforeNewStep(task.place.scope);
    const outcome = await attemptTask(task, attempt);
    if (outcome.kind === "done") return outcome.value;
    isInPause = true;
  }
}

type AttemptOutcome = { readonly kind: "done"; readonly value: unknown } | { readonly kind: "again" };

async function attemptTask(task: PreparedTask, attempt: number): Promise<AttemptOutcome> {
  const { place, identity, display } = task;
  noteStep(place, identity, { status: "RUNNING", attempt, display });
  const handle = toTask(task, attempt);
  const scope = new Scope({
    id: identity.id,
    parent: place.scope,
    kind: "task",
    logScope: logScopeOf(task, attempt),
  });
  const { timeoutMs, run } = task;
  const { clock } = place.frame.parts;
  const { io, result } = await place.frame.enter({ frame: place.frame, scope }, async (taskIo) => ({
    io: taskIo,
    result: await runAttempt(run, { handle, io: taskIo, timeoutMs, clock }),
  }));
  if (!result.ok) return failAttempt(task, { handle, io, error: result.error });
  const output = encodeOutput(result.value, identity.name);
  if (output instanceof UnserializableValueError) return giveUp(task, attempt, output);
  await saveStep(place, identity, { ...finished(place, output), attempt });
  // The decoded text, not the value itself: the first pass sees what every replay will see.
  return { kind: "done", value: decode(output) };
}

function encodeOutput(value: unknown, name: string): string | UnserializableValueError {
  try {
    return encode(value, `The result of task "${name}"`);
  } catch (error) {
    if (error instanceof UnserializableValueError) return error;
    throw error;
  }
}

interface FailedAttempt {
  readonly handle: Task;
  readonly io: IO;
  readonly error: unknown;
}

async function failAttempt(task: PreparedTask, failed: FailedAttempt): Promise<AttemptOutcome> {
  const { frame } = task.place;
  if (frame.signal.aborted) throw failed.error;
  const decision = await askErrorHandler(task, failed);
  if (decision instanceof Error) return giveUp(task, failed.handle.attempt, decision);
  if (decision && "skipRetrying" in decision) return giveUp(task, failed.handle.attempt, failed.error);
  const now = frame.parts.clock.now();
  const delayMs = retryDelayMs(task.policy, failed.handle.attempt, () => frame.parts.randomness.next());
  const policyAt = delayMs === null ? null : now + delayMs;
  const wakeAt = decision && "retryAt" in decision ? decision.retryAt.getTime() : policyAt;
  if (wakeAt === null || Number.isNaN(wakeAt)) return giveUp(task, failed.handle.attempt, failed.error);
  await saveStep(task.place, task.identity, {
    status: "WAITING",
    attempt: failed.handle.attempt,
    error: encodeError(toStoredError(failed.error)),
    wakeAt,
    wait: { kind: "time" },
  });
  return { kind: "again" };
}

/** An `onError` that throws replaces the error by what it threw. */
async function askErrorHandler(task: PreparedTask, failed: FailedAttempt): Promise<TaskErrorDecision> {
  if (task.onError === undefined) return undefined;
  try {
    return await task.onError(failed.error, failed.handle, failed.io);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function giveUp(task: PreparedTask, attempt: number, error: unknown): Promise<never> {
  const stored = toStoredError(error);
  const completedAt = task.place.frame.parts.clock.now();
  await saveStep(task.place, task.identity, { status: "FAILURE", attempt, error: encodeError(stored), completedAt });
  throw toThrowable(stored);
}

function toTask(task: PreparedTask, attempt: number): Task {
  const { frame } = task.place;
  return {
    id: task.identity.id,
    attempt,
    idempotencyKey: digestOf([frame.claimed.claim.runId, task.identity.id]),
    // A getter: most tasks never look, and a signal of its own is made only where there is a timeout.
    get signal() {
      return frame.signal;
    },
  };
}

function logScopeOf(task: PreparedTask, attempt: number): string {
  return `${task.identity.id}@${task.place.frame.claimed.run.attempt}.${attempt}`;
}

function displayOf(options: TaskOptions): string | null {
  const { icon, description, params, properties, redact } = options;
  if (
    icon === undefined &&
    description === undefined &&
    params === undefined &&
    properties === undefined &&
    redact === undefined
  )
    return null;
  return encode({ icon, description, params, properties, redact }, "The options of a task");
}
