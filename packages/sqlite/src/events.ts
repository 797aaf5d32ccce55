import type { LogLevel, RunStatus } from "@beckon/core/runtime";
import { type LogWrite, type NewEvent, type StoredEvent, toLogKey, toTaskEvent } from "@beckon/engine";
import type { Session } from "./session.ts";
import type { ToldEvents } from "./told-events.ts";

interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: StoredEvent["type"];
  readonly status: RunStatus | null;
  readonly task_id: string | null;
  readonly level: LogLevel | null;
  readonly message: string | null;
  readonly data: string | null;
}

/** What a run's own row tells of its events. */
interface Milestones {
  readonly status: RunStatus;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly event_count: number;
  readonly born_delayed: number;
  readonly started_seq: number | null;
}

function prepare(session: Session) {
  return {
    // An execution wrote something; primary key.
    append: session.hot(`INSERT INTO events (run_id, seq, at, type, task_id, level, message, data, scope)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    // A run changed its status in a way its row does not tell; primary key.
    appendStatus: session.hot("INSERT INTO events (run_id, seq, at, type, status) VALUES (?, ?, ?, 'status', ?)"),
    // A reader asks for events; the run's id.
    milestones:
      session.hot<Milestones>(`SELECT status, created_at, started_at, completed_at, event_count, born_delayed, started_seq
      FROM runs WHERE id = ?`),
    // A reader asks for events; primary key.
    read: session.hot<EventRow>(`SELECT seq, at, type, status, task_id, level, message, data FROM events
      WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?`),
    // A reader asks for the events of one type; primary key.
    readOfType: session.hot<EventRow>(`SELECT seq, at, type, status, task_id, level, message, data FROM events
      WHERE run_id = ? AND seq > ? AND type = ? ORDER BY seq LIMIT ?`),
    // A run is claimed again and must not repeat what it logged; primary key.
    logs: session.hot<Pick<LogWrite, "scope" | "level">>(
      "SELECT scope, level FROM events WHERE run_id = ? AND type = 'log'",
    ),
  };
}

/*
 * A run's events count from 1 without gaps. Three that nearly every run has are not stored but read off its
 * row: birth (always 1), the first EXECUTING (`started_seq`) and the end (always the last). Others are read off the
 * rows of steps (ToldEvents).
 */
export class Events {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #told: ToldEvents;

  constructor(session: Session, parts: { readonly told: ToldEvents }) {
    this.#sql = prepare(session);
    this.#told = parts.told;
  }

  /** The caller keeps the run's number of events in its row. */
  append(runId: string, seq: number, event: NewEvent): void {
    const { taskId, level, message, data, scope } = toColumns(event);
    this.#sql.append.run(runId, seq, event.at, event.type, taskId, level, message, data, scope);
  }

  appendStatus(runId: string, seq: number, event: { readonly at: number; readonly status: RunStatus }): void {
    this.#sql.appendStatus.run(runId, seq, event.at, event.status);
  }

  countLogs(runId: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const log of this.#sql.logs.all(runId)) {
      const key = toLogKey(log);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  read(request: {
    readonly runId: string;
    readonly after: number;
    readonly limit: number;
    readonly type?: StoredEvent["type"] | undefined;
  }): readonly StoredEvent[] {
    const { runId, after, limit, type } = request;
    const rows =
      type === undefined
        ? this.#sql.read.all(runId, after, limit)
        : this.#sql.readOfType.all(runId, after, type, limit);
    const told = type === undefined || type === "task" ? this.#told.read(runId, after) : [];
    const milestones = type === undefined || type === "status" ? this.#milestones(runId, after) : [];
    const events = [...rows.map(toStoredEvent), ...told, ...milestones];
    return events.toSorted((one, other) => one.seq - other.seq).slice(0, limit);
  }

  #milestones(runId: string, after: number): readonly StoredEvent[] {
    const run = this.#sql.milestones.get(runId);
    return run === undefined ? [] : toMilestoneEvents(run).filter((event) => event.seq > after);
  }
}

function toColumns(event: NewEvent): {
  readonly taskId: string | null;
  readonly level: LogLevel | null;
  readonly message: string | null;
  readonly data: string | null;
  readonly scope: string | null;
} {
  switch (event.type) {
    case "log":
      return event;
    case "task":
      return { ...toTaskEvent(event.task, event.at), level: null, message: null, scope: null };
    case "status-record":
      return { taskId: null, level: null, message: null, data: event.data, scope: null };
  }
}

function toMilestoneEvents(run: Milestones): StoredEvent[] {
  const born = run.born_delayed === 1 ? "DELAYED" : "QUEUED";
  const events: StoredEvent[] = [{ seq: 1, at: run.created_at, type: "status", status: born }];
  if (run.started_seq !== null && run.started_at !== null) {
    events.push({ seq: run.started_seq, at: run.started_at, type: "status", status: "EXECUTING" });
  }
  if (run.completed_at !== null) {
    events.push({ seq: run.event_count, at: run.completed_at, type: "status", status: run.status });
  }
  return events;
}

function toStoredEvent(row: EventRow): StoredEvent {
  const { seq, at } = row;
  switch (row.type) {
    case "status":
      return { seq, at, type: "status", status: row.status ?? "QUEUED" };
    case "task":
      return { seq, at, type: "task", taskId: row.task_id ?? "", data: row.data ?? "" };
    case "log":
      return {
        seq,
        at,
        type: "log",
        taskId: row.task_id,
        level: row.level ?? "info",
        message: row.message ?? "",
        data: row.data,
      };
    case "status-record":
      return { seq, at, type: "status-record", data: row.data ?? "" };
  }
}
