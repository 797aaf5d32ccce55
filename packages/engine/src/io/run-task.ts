import { asDecoded, decode, encode, retryDelayMs, UnserializableValueError } from "@beckon/core/runtime";
import type {
  IO,
  RetryPolicy,
  StepKey,
  Task,
  TaskErrorDecision,
  TaskErrorHandler,
  TaskOptions,
} from "@beckon/core/runtime";
import { decodeError, encodeError, redactError, toReason, toStoredError, toThrowable } from "../error-text.ts";
import type { TaskRecord } from "../store/records.ts";
import { comeToRest } from "./come-to-rest.ts";
import { forgetFailures, forgetLeftSignals } from "./forget-failures.ts";
import type { Place } from "./frame.ts";
import { tellOfFailedAttempt, writeMessage } from "./logger.ts";
import { Scope } from "./scope.ts";
import { StepBeginning } from "./step-beginning.ts";
import { toOwnStepId } from "./step-id.ts";
import { isFinished, saveStep, type StepChange, type StepIdentity } from "./step.ts";
import { type AttemptResult, runAttempt, TaskHandle } from "./task-attempt.ts";
import { checkTaskOptions, NO_OPTIONS, readTaskOptions } from "./task-options.ts";

const NO_PATHS: readonly string[] = [];

export interface TaskCall {
  readonly key: StepKey;
  readonly run: (task: Task, io: IO) => unknown;
  readonly options?: TaskOptions | undefined;
  readonly onError?: TaskErrorHandler | undefined;
}

/** A task's definition for one execution, options checked. */
interface PreparedTask {
  readonly place: Place;
  readonly identity: StepIdentity;
  readonly run: TaskCall["run"];
  readonly onError: TaskErrorHandler | undefined;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number | null;
  readonly display: string | null;
  /** What the log shows as little of as the record of the task. */
  readonly redact: readonly string[];
}

/** `io.runTask`: answers from the memo, or tries until the task succeeds or is given up. */
export function runTask(place: Place, call: TaskCall): Promise<unknown> {
  return place.frame.work(place.scope, () => answerOrTry(prepareTask(place, call)));
}

function prepareTask(place: Place, { key, run, options = NO_OPTIONS, onError }: TaskCall): PreparedTask {
  const { definition, parts } = place.frame;
  const id = place.scope.claimKey(key);
  if (place.frame.memo.get(id) === undefined) checkTaskOptions(key, options);
  const { name = typeof key === "string" ? key : id, policy, timeoutMs } = readTaskOptions(key, options);
  return {
    place,
    identity: { id, kind: "task", name },
    run: parts.replaceTask?.({ jobId: definition.id, taskId: id }) ?? run,
    onError,
    policy,
    timeoutMs,
    display: options === NO_OPTIONS ? null : displayOf(options),
    redact: options.redact ?? NO_PATHS,
  };
}

function answer(record: TaskRecord): unknown {
  if (record.status === "SUCCESS") return record.output === null ? undefined : decode(record.output);
  throw toThrowable(decodeError(record.error ?? '{"json":{"name":"Error","message":"The task failed."}}'));
}

async function answerOrTry(task: PreparedTask): Promise<unknown> {
  const { frame, scope } = task.place;
  const { id } = task.identity;
  const known = frame.memo.get(id);
  if (known !== undefined && isFinished(known)) {
    await frame.completions.turnOf(known);
    return answer(known);
  }
  let attempt = known?.attempt ?? 1;
  // A pause belongs to the failed attempt before it; a RUNNING record without one is the attempt that was in flight.
  let isInPause = known?.status === "WAITING" || known?.resolution === "due";
  for (;;) {
    if (isInPause) {
      await frame.waitFor(id, scope);
      await forgetFailures(frame, id);
      attempt += 1;
    }
    // Also where there is nothing to wait for: what follows the call must not see that it began, because on replay it does not.
    // And what the attempt enters is not to be around the caller.
    await frame.beforeNewStep(scope);
    const attemptScope = scopeOf(task, attempt);
    const overAt = task.timeoutMs === null ? undefined : frame.parts.clock.now() + task.timeoutMs;
    const result = await beginAttempt(task, attempt, attemptScope);
    frame.functions.end(task.timeoutMs);
    if (result.ok) attemptScope.noteReturn();
    // One that is over its time goes on, and nobody waits for what is at work in it.
    else if (!result.isOverTime) await comeToRest({ frame, scope: attemptScope }, overAt);
    frame.endScope(attemptScope);
    if (result.ok) {
      const output = encodeOutput(result.value, task.identity.name);
      if (output instanceof UnserializableValueError) return giveUp(task, attempt, output);
      const completedAt = frame.parts.clock.now();
      await saveEnd(task, { status: "SUCCESS", attempt, output, completedAt });
      // What every replay will see, in the first pass too.
      return asDecoded(result.value, output);
    }
    await failAttempt(task, result);
    isInPause = true;
  }
}

/** Each attempt is a scope of its own. */
function scopeOf({ place, identity: { id } }: PreparedTask, attempt: number): Scope {
  const { run } = place.frame.claimed;
  return new Scope({ id, parent: place.scope, kind: "task", attempts: { run: run.attempt, task: attempt } });
}

function beginAttempt({ place, identity, display, timeoutMs, run }: PreparedTask, attempt: number, scope: Scope) {
  const { frame } = place;
  frame.writer.noteBeginning(new StepBeginning(place, identity, { attempt, display }));
  const handle = new TaskHandle(frame.claimed.claim.runId, { id: identity.id, attempt, signal: frame.signal });
  const { clock } = frame.parts;
  frame.functions.begin(timeoutMs);
  return runAttempt(run, { handle, io: frame.enter({ frame, scope }), timeoutMs, clock });
}

function encodeOutput(value: unknown, name: string): string | UnserializableValueError {
  const root = `The result of task "${name}"`;
  try {
    return encode(value, root);
  } catch (error) {
    // A value that answers otherwise when it is read again.
    return error instanceof UnserializableValueError
      ? error
      : new UnserializableValueError(root, "a value that changes");
  }
}

type FailedAttempt = AttemptResult & { readonly ok: false };

/** Resolves when the pause before the next attempt is on disk. @throws what the task fails with, when there is none */
async function failAttempt(task: PreparedTask, failed: FailedAttempt): Promise<void> {
  const { frame } = task.place;
  if (frame.isClosed) throw failed.error;
  const around = handlerPlaceOf(task, failed.handle.attempt);
  const decision = await askErrorHandler(task, failed, around);
  if (decision instanceof Error) return giveUp(task, failed.handle.attempt, decision);
  if (decision && "skipRetrying" in decision) return giveUp(task, failed.handle.attempt, failed.error);
  const now = frame.parts.clock.now();
  const delayMs = retryDelayMs(task.policy, failed.handle.attempt, () => frame.parts.randomness.next());
  const policyAt = delayMs === null ? null : now + delayMs;
  const wakeAt = decision && "retryAt" in decision ? toRetryAt(decision.retryAt, task.identity.name, around) : policyAt;
  if (wakeAt === null) return giveUp(task, failed.handle.attempt, failed.error);
  const { attempt } = failed.handle;
  const error = toStoredError(failed.error);
  tellOfFailedAttempt(
    { frame, scope: scopeOf(task, attempt) },
    { attempt, nextAt: wakeAt, reason: toReason(error), error: redactError(error, task.redact) },
  );
  await saveStep(task.place, task.identity, {
    status: "WAITING",
    attempt,
    error: encodeError(error),
    wakeAt,
    wait: { kind: "time" },
  });
}

/** null: that is no instant, which plain JavaScript may give. The error that the task has failed with is what matters then. */
function toRetryAt(retryAt: unknown, taskName: string, around: Place): number | null {
  const at = retryAt instanceof Date ? retryAt.getTime() : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const message = `The onError of task "${taskName}" gave a retryAt that is no valid Date, so the task is given up.`;
  writeMessage(around, { level: "warn", message, data: undefined });
  return null;
}

/**
 * Where an `onError` is called: in a scope of its own. It is not called again on replay, so nothing around it may count its
 * messages and calls.
 */
function handlerPlaceOf({ place, identity }: PreparedTask, attempt: number): Place {
  const { frame, scope: parent } = place;
  const id = toOwnStepId(identity.id, `onError:${attempt}`);
  const attempts = { run: frame.claimed.run.attempt };
  return { frame, scope: new Scope({ id, parent, kind: "task", attempts, shownIn: identity.id }) };
}

/** An `onError` that throws replaces the error by what it threw. */
async function askErrorHandler(
  { onError }: PreparedTask,
  { error, handle }: FailedAttempt,
  around: Place,
): Promise<TaskErrorDecision> {
  if (onError === undefined) return undefined;
  try {
    const decision: unknown = await onError(error, handle, around.frame.enter(around));
    around.scope.noteReturn();
    // An arrow function of plain JavaScript may give what its expression does, such as a number.
    return typeof decision === "object" && decision !== null ? (decision as TaskErrorDecision) : undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } finally {
    around.frame.endScope(around.scope);
  }
}

async function giveUp(task: PreparedTask, attempt: number, error: unknown): Promise<never> {
  const stored = toStoredError(error);
  const completedAt = task.place.frame.parts.clock.now();
  await saveEnd(task, { status: "FAILURE", attempt, error: encodeError(stored), completedAt });
  throw toThrowable(stored);
}

function saveEnd({ place, identity }: PreparedTask, end: StepChange): Promise<void> {
  // Where a later attempt of a task around it is under way, that may wait there.
  if (!place.scope.isOver) forgetLeftSignals(place.frame, identity.id);
  return saveStep(place, identity, end);
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
