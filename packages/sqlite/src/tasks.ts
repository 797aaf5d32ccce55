import type { Resolution, TaskKind, TaskStatus } from "@beckon/core/runtime";
import type { TaskRecord, WaitTarget } from "@beckon/engine";
import type { Session } from "./session.ts";

export interface TaskRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly kind: TaskKind;
  readonly name: string;
  readonly ordinal: number;
  readonly end_ordinal: number | null;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly output: string | null;
  readonly error: string | null;
  readonly child_run_id: string | null;
  readonly child_job_id: string | null;
  readonly child_digest: string | null;
  readonly display: string | null;
  readonly started_at: number;
  readonly completed_at: number | null;
  readonly wake_at: number | null;
  readonly wait: string | null;
  readonly resolution: Resolution | null;
}

const FACTS = `ordinal, end_ordinal, status, attempt, output, error, child_run_id, child_job_id, child_digest, display,
  started_at, completed_at, wake_at, wait, resolution`;
const COLUMNS = `id, parent_id, kind, coalesce(name, id) AS name, ${FACTS}`;
const INSERT = `INSERT INTO tasks (run_number, id, parent_id, kind, name, ${FACTS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (run_number, id) DO UPDATE SET parent_id = excluded.parent_id, kind = excluded.kind, name = excluded.name,
    end_ordinal = excluded.end_ordinal, status = excluded.status, attempt = excluded.attempt, output = excluded.output,
    error = excluded.error, child_job_id = excluded.child_job_id, child_digest = excluded.child_digest,
    display = excluded.display, started_at = excluded.started_at, completed_at = excluded.completed_at,
    wake_at = excluded.wake_at, wait = excluded.wait, resolution = excluded.resolution`;
const OF_RUN = "run_number = (SELECT number FROM runs WHERE runs.id = @runId)";
const STEP = `${OF_RUN} AND id = @taskId`;

const HAS_FAILED = `(status = 'FAILURE' OR (
  kind IN ('child', 'result') AND child_run_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM runs WHERE runs.id = tasks.child_run_id AND runs.status IN ('FAILURE', 'TIMED_OUT', 'CANCELED', 'EXPIRED'))))`;

function prepare(session: Session) {
  return {
    // A step is recorded, or replaced but for its place in the run. Of one with another child nothing is written; primary key.
    write: session.hot(`${INSERT} WHERE child_run_id IS excluded.child_run_id`),
    // The same for that, which is rare; primary key, and tasks_of_child, of which a page would be written each time.
    exchange: session.hot(`${INSERT}, child_run_id = excluded.child_run_id`),
    // A run is claimed again or its steps are read; the run's id, and primary key.
    ofRun: session.hot<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE ${OF_RUN}`),
    find: session.hot<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE ${STEP}`),
    // WAITING → SUCCESS, or FAILURE when it timed out; a task whose pause is over goes on RUNNING; primary key.
    resolve: session.hot(`UPDATE tasks SET wait = NULL, wake_at = NULL, resolution = @resolution,
        output = CASE WHEN kind = 'task' THEN output ELSE @output END,
        status = CASE WHEN kind = 'task' THEN 'RUNNING' WHEN @resolution = 'timed-out' THEN 'FAILURE' ELSE 'SUCCESS' END,
        completed_at = CASE WHEN kind = 'task' THEN NULL ELSE @now END
      WHERE ${STEP}`),
    // A new attempt begins, of the run or of a task, and makes this step again; primary key.
    forgetOne: session.hot(`DELETE FROM tasks WHERE ${STEP}`),
    // A new attempt of the run begins, and is to look at what is around these; primary key.
    failedInside: session.hot<Pick<TaskRow, "id">>(
      `SELECT id FROM tasks WHERE run_number = ? AND instr(id, '/') > 0 AND ${HAS_FAILED}`,
    ),
    // A new attempt of the run begins: it keeps what went well; primary key.
    forget: session.hot(`DELETE FROM tasks WHERE run_number = ? AND ${HAS_FAILED}`),
  };
}

/** The steps of runs. */
export class Tasks {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  write(runNumber: number, task: TaskRecord): void {
    const values = [
      runNumber,
      task.id,
      task.parentId,
      task.kind,
      task.name === task.id ? null : task.name,
      task.ordinal,
      task.endOrdinal,
      task.status,
      task.attempt,
      task.output,
      task.error,
      task.childRunId,
      task.childJobId,
      task.childDigest,
      task.display,
      task.startedAt,
      task.completedAt,
      task.wakeAt,
      task.wait === null ? null : JSON.stringify(task.wait),
      task.resolution,
    ];
    if (this.#sql.write.run(...values).changes === 0) this.#sql.exchange.run(...values);
  }

  /** In the order of `ordinal`; of the given ids only, when there are any given. */
  ofRun(runId: string, taskIds?: readonly string[]): readonly TaskRecord[] {
    const rows = taskIds?.flatMap((taskId) => this.#sql.find.all({ runId, taskId })) ?? this.#sql.ofRun.all({ runId });
    return rows.map(toTaskRecord).toSorted((one, other) => one.ordinal - other.ordinal);
  }

  find(runId: string, taskId: string): TaskRecord | undefined {
    const row = this.#sql.find.get({ runId, taskId });
    return row && toTaskRecord(row);
  }

  resolve(
    step: { readonly runId: string; readonly taskId: string },
    answer: { readonly resolution: Resolution; readonly output: string | null; readonly now: number },
  ): void {
    this.#sql.resolve.run({ ...step, ...answer });
  }

  forget(runId: string, taskId: string): void {
    this.#sql.forgetOne.run({ runId, taskId });
  }

  /** The failed steps, and children that ended not ok, that are inside others. */
  listFailedInside(runNumber: number): readonly string[] {
    return this.#sql.failedInside.all(runNumber).map(({ id }) => id);
  }

  /** Forgets failed steps and children that ended not ok. */
  forgetFailed(runNumber: number): void {
    this.#sql.forget.run(runNumber);
  }
}

function toTaskRecord(row: TaskRow): TaskRecord {
  return {
    id: row.id,
    parentId: row.parent_id,
    kind: row.kind,
    name: row.name,
    ordinal: row.ordinal,
    endOrdinal: row.end_ordinal,
    status: row.status,
    attempt: row.attempt,
    output: row.output,
    error: row.error,
    childRunId: row.child_run_id,
    childJobId: row.child_job_id,
    childDigest: row.child_digest,
    display: row.display,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    wakeAt: row.wake_at,
    wait: row.wait === null ? null : (JSON.parse(row.wait) as WaitTarget),
    resolution: row.resolution,
  };
}
