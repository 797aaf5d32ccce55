import type { TaskRecord } from "@beckon/engine";
import { forEachRow, ManyRows, toParameterRows } from "./many-rows.ts";
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
const ALWAYS = "'SUCCESS', 'task', 1";

/*
 * Where claims are known to be good: a plain step of a claimed run is recorded; primary key. A third of the cost of the other
 * way is looking at the run.
 */
const GOOD_VALUE_COUNT = 8;
const GOOD_ROW = `(${forEachRow(GOOD_VALUE_COUNT, "?")}, ${ALWAYS})`;
const toManyGood = (rows: number): string => `${INSERT} VALUES ${forEachRow(rows, GOOD_ROW)} ON CONFLICT DO NOTHING`;

const VALUE_COUNT = 10;

// The same if the claim is good, and the run's row counts no more events than its holder knows of; primary keys.
const toMany = (rows: number): string => `${INSERT}
  SELECT column1, column2, column3, column4, column5, column6, column7, number, ${ALWAYS}
  FROM ${toParameterRows(rows, VALUE_COUNT)} CROSS JOIN runs ON number = column8
  WHERE runs.id = column9 AND lease = column10 AND status = 'EXECUTING' AND event_count < column7
  ON CONFLICT DO NOTHING`;

/**
 * The steps that most runs are made of: nothing is to be said of them but what they gave. A fifth of the cost of a step is
 * binding columns, a third opening and closing its statement.
 */
export class PlainSteps {
  readonly #session: Session;
  readonly #insert: ManyRows;
  readonly #insertGood: ManyRows;

  constructor(session: Session) {
    this.#session = session;
    this.#insert = new ManyRows(session, VALUE_COUNT, { one: toMany(1), many: toMany });
    this.#insertGood = new ManyRows(session, GOOD_VALUE_COUNT, { one: toManyGood(1), many: toManyGood });
  }

  /**
   * Whether all of them were written: one is not where its claim is not good, or its run's row counts more events. Of several
   * some may be written then all the same.
   */
  write(steps: readonly PlainStep[]): boolean {
    this.#session.noticeOthers();
    const { calm } = this.#session;
    const good: unknown[] = [];
    const doubted: unknown[] = [];
    for (const { task, seq, runId, lease, known } of steps) {
      const { id, ordinal, endOrdinal, output, startedAt, completedAt } = task;
      const isGood = known.goodIn === calm;
      const values = isGood ? good : doubted;
      values.push(id, ordinal, endOrdinal, output, startedAt, completedAt, seq, known.number);
      if (!isGood) values.push(runId, lease);
    }
    const written = this.#insertGood.run(good) + this.#insert.run(doubted);
    if (written < steps.length) return false;
    for (const { known } of steps) known.goodIn = calm;
    return true;
  }
}

/** Whether every column that is not written says nothing. */
export function isPlainStep({ id, parentId, kind, name, attempt, display }: TaskRecord): boolean {
  return kind === "task" && attempt === 1 && name === id && parentId === null && display === null;
}
