import type { TaskRecord } from "@beckon/engine";
import { ManyRows, toParameterRows } from "./many-rows.ts";
import type { Session } from "./session.ts";
import type { KnownRun } from "./sqlite-claim.ts";

/** A task that has succeeded at once, and what its holder knows of its run. */
export interface PlainStep {
  readonly task: TaskRecord;
  /** Of the event that the row tells. */
  readonly seq: number;
  readonly runId: string;
  readonly lease: number;
  readonly known: KnownRun;
}

const INSERT = `INSERT INTO tasks (id, ordinal, end_ordinal, output, started_at, completed_at, told_seq,
  run_number, status, kind, attempt)`;
const VALUE_COUNT = 11;

// A plain step of a claimed run is recorded; primary keys.
const ONE = `${INSERT} SELECT ?, ?, ?, ?, ?, ?, ?, number, 'SUCCESS', 'task', 1
  FROM runs WHERE number = ? AND id = ? AND lease = ? AND status = 'EXECUTING' AND event_count <= ?
  ON CONFLICT DO NOTHING`;

const toMany = (rows: number): string => `${INSERT}
  SELECT column1, column2, column3, column4, column5, column6, column7, number, 'SUCCESS', 'task', 1
  FROM ${toParameterRows(rows, VALUE_COUNT)} CROSS JOIN runs ON number = column8
  WHERE runs.id = column9 AND lease = column10 AND status = 'EXECUTING' AND event_count <= column11
  ON CONFLICT DO NOTHING`;

/**
 * The steps that most runs are made of: nothing is to be said of them but what they gave. A fifth of the cost of a step is
 * binding columns, a third opening and closing its statement.
 */
export class PlainSteps {
  readonly #insert: ManyRows;

  constructor(session: Session) {
    this.#insert = new ManyRows(session, VALUE_COUNT, { one: ONE, many: toMany });
  }

  /**
   * Writes those whose claim is good, and whose run's row counts no more events than its holder knows of; gives how many
   * these were.
   */
  write(steps: readonly PlainStep[]): number {
    const values: unknown[] = [];
    for (const { task, seq, runId, lease, known } of steps) {
      const { id, ordinal, endOrdinal, output, startedAt, completedAt } = task;
      values.push(id, ordinal, endOrdinal, output, startedAt, completedAt, seq, known.number, runId, lease, seq - 1);
    }
    return this.#insert.run(values);
  }
}

/** Whether every column that is not written says nothing. */
export function isPlainStep({ id, parentId, kind, name, attempt, display }: TaskRecord): boolean {
  return kind === "task" && attempt === 1 && name === id && parentId === null && display === null;
}
