import type { TaskRecord, WaitTarget } from "../store/records.ts";

/** A step that has finished, unless `fields` say otherwise. */
export function task(id: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  return {
    id,
    parentId: null,
    kind: "task",
    name: id,
    ordinal: 1,
    endOrdinal: null,
    status: "SUCCESS",
    attempt: 1,
    output: '{"json":null}',
    error: null,
    childRunId: null,
    childJobId: null,
    childDigest: null,
    display: null,
    startedAt: 0,
    completedAt: null,
    wakeAt: null,
    wait: null,
    resolution: null,
    ...fields,
  };
}

export function failedTask(id: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  return task(id, { status: "FAILURE", output: null, error: '{"json":"no"}', ...fields });
}

/** A step that waits until `wakeAt`. */
export function waitUntil(id: string, wakeAt: number, fields: Partial<TaskRecord> = {}): TaskRecord {
  return waitFor(id, { kind: "time" }, { kind: "wait", wakeAt, ...fields });
}

/** A step that waits for these runs; with `wakeAt`, no longer than until then. */
export function waitForRuns(id: string, runIds: readonly string[], fields: Partial<TaskRecord> = {}): TaskRecord {
  return waitFor(id, { kind: "runs", runIds }, { kind: "result", childRunId: runIds[0] ?? null, ...fields });
}

export function waitForSignal(
  id: string,
  signal: { readonly name: string; readonly id?: string },
  fields: Partial<TaskRecord> = {},
): TaskRecord {
  return waitFor(id, { kind: "signal", name: signal.name, id: signal.id ?? null }, { kind: "signal", ...fields });
}

export function waitForRequest(id: string, token: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  return waitFor(id, { kind: "request", token }, { kind: "request", ...fields });
}

function waitFor(id: string, wait: WaitTarget, fields: Partial<TaskRecord>): TaskRecord {
  return task(id, { status: "WAITING", output: null, wait, ...fields });
}
