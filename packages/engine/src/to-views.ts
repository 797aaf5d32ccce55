import {
  decode,
  type LogView,
  type RunSummary,
  type RunView,
  type StepOutline,
  type TaskView,
} from "@beckon/core/runtime";
import { decodeError } from "./error-text.ts";
import { toWrittenKey } from "./idempotency-key.ts";
import { decodeOptional, errorOf, toDate, toStatusRecord } from "./read-result.ts";
import { redact, redactAll } from "./redact.ts";
import type { RunDetail, RunRecord, StatusWrite, StoredEvent, TaskRecord } from "./store/records.ts";

/** A run as lists show it. */
export function toRunSummary(run: RunRecord): RunSummary {
  return {
    id: run.id,
    job: { id: run.jobId, version: run.jobVersion },
    status: run.status,
    hold: run.hold,
    priority: run.priority,
    tags: run.tags,
    isTest: run.isTest,
    replayOf: run.replayOf,
    parentRunId: run.parentRunId,
    accountId: run.accountId,
    idempotencyKey: run.idempotencyKey === null ? null : toWrittenKey(run.idempotencyKey),
    concurrencyKey: run.concurrencyKey,
    createdAt: new Date(run.createdAt),
    queuedAt: toDate(run.queuedAt),
    startAt: toDate(run.status === "DELAYED" ? run.wakeAt : null),
    startedAt: toDate(run.startedAt),
    completedAt: toDate(run.completedAt),
    attempt: run.attempt,
    executionCount: run.executionCount,
    executionDurationInMs: run.executionMs,
  };
}

/** A run as its page shows it. */
export function toRunView(run: RunDetail, statuses: readonly StatusWrite[]): RunView {
  const hasFailed =
    run.status === "FAILURE" || run.status === "TIMED_OUT" || run.status === "CANCELED" || run.status === "EXPIRED";
  return {
    ...toRunSummary(run),
    payload: decode(run.input),
    context: decodeOptional(run.context),
    output: decodeOptional(run.output),
    error: run.error !== null || hasFailed ? errorOf(run) : null,
    statuses: statuses.map(toStatusRecord),
    callbackUrl: run.callbackUrl,
    isDetached: run.isDetached,
    eventCount: run.eventCount,
  };
}

interface TaskDisplay {
  readonly icon?: string;
  readonly description?: string;
  readonly params?: unknown;
  readonly properties?: TaskView["properties"];
  /** A text alone is what older servers took from plain JavaScript: it is one path. */
  readonly redact?: readonly string[] | string;
}

/** The steps that have one that redacts in them. An item of `io.parallel` holds what that gave, and has no paths of its own. */
export function findAroundRedacted(tasks: readonly TaskRecord[]): ReadonlySet<string> {
  const around = new Set<string>();
  for (const task of tasks) {
    if (hiddenIn(displayOf(task)).length === 0) continue;
    for (let { id } = task; id.includes("/");) {
      id = id.slice(0, id.lastIndexOf("/"));
      around.add(id);
    }
  }
  return around;
}

function displayOf({ display }: TaskRecord): TaskDisplay {
  return (display === null ? {} : decode(display)) as TaskDisplay;
}

function hiddenIn({ redact: paths }: TaskDisplay): readonly string[] {
  return typeof paths === "string" ? [paths] : (paths ?? []);
}

/** A step as people see it: what the task asked to have redacted is not there. */
export function toTaskView(task: TaskRecord, aroundRedacted: ReadonlySet<string>): TaskView {
  const display = displayOf(task);
  const hidden = hiddenIn(display);
  const output = decodeOptional(task.output);
  return {
    id: task.id,
    parentId: task.parentId,
    kind: task.kind,
    name: task.name,
    status: task.status,
    attempt: task.attempt,
    output: task.kind === "branch" && aroundRedacted.has(task.id) ? redactAll(output) : redact(output, hidden),
    error: task.error === null ? null : toErrorView(task.error),
    childRunId: task.childRunId,
    params: redact(display.params, hidden),
    icon: display.icon ?? null,
    description: display.description ?? null,
    properties: display.properties ?? [],
    startedAt: new Date(task.startedAt),
    completedAt: toDate(task.completedAt),
    wakeAt: toDate(task.wakeAt),
    resolution: task.resolution,
  };
}

export function toStepOutline(task: TaskRecord): StepOutline {
  const { id, parentId, kind, name, status, attempt, childRunId, startedAt, completedAt } = task;
  return { id, parentId, kind, name, status, attempt, childRunId, startedAt, completedAt };
}

function toErrorView(text: string): TaskView["error"] {
  const { name, message, stack } = decodeError(text);
  return { name, message, ...(stack === undefined ? {} : { stack }) };
}

export function toLogView(event: StoredEvent & { readonly type: "log" }): LogView {
  const { seq, taskId, level, message, data } = event;
  return { seq, at: new Date(event.at), taskId, level, message, data: decodeOptional(data) };
}
