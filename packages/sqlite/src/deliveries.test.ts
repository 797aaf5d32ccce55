import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { Deliveries } from "./deliveries.ts";
import { MIGRATIONS } from "./migrations.ts";
import { Session } from "./session.ts";

const NOW = 1_000_000;
const IN_AN_HOUR = NOW + 3_600_000;
const REQUEST = { workerId: "worker-1", kind: "callback", limitOfReceiver: 2, now: NOW } as const;

/** SQLite calls `looked_at` for each open delivery that it looks at, also for those that it passes by within a statement. */
class CountedSession extends Session {
  lookedAt = 0;

  constructor(db: Database.Database) {
    super(db);
    db.function("looked_at", (_dueAt) => {
      this.lookedAt += 1;
      return 1;
    });
  }

  override hot<Row = unknown>(sql: string) {
    return super.hot<Row>(sql.replaceAll("worker_id IS NULL", "worker_id IS NULL AND looked_at(due_at)"));
  }
}

interface Line {
  readonly receiver: string;
  /** `mail`, unless it is one that the worker does not define. */
  readonly jobId?: string;
  readonly dueAt: readonly number[];
  /** How many the worker is telling. */
  readonly underWay?: number;
}

const times = (count: number, dueAt = 0): readonly number[] => Array.from({ length: count }, () => dueAt);
const FULL: Line = { receiver: "full", dueAt: times(10_000), underWay: 2 };
const PAUSING: readonly Line[] = Array.from({ length: 10_000 }, (_, index) => ({
  receiver: `pausing-${index}`,
  dueAt: [IN_AN_HOUR],
}));

/** Claims once; each delivery is named after its receiver and place in the line. */
function claim(lines: readonly Line[], { limit = 10 }: { readonly limit?: number } = {}) {
  const db = new Database(":memory:");
  for (const migration of MIGRATIONS) db.exec(migration);
  db.exec("INSERT INTO worker_jobs (worker_id, job_id) VALUES ('worker-1', 'mail')");
  const insert =
    db.prepare(`INSERT INTO deliveries (run_id, kind, job_id, receiver, attempt, created_at, due_at, worker_id)
    VALUES (?, 'callback', ?, ?, 1, 0, ?, ?)`);
  db.exec("BEGIN");
  for (const { receiver, jobId = "mail", dueAt, underWay = 0 } of lines) {
    for (let index = 0; index < underWay; index += 1)
      insert.run(`${receiver} told ${index}`, jobId, receiver, 0, "worker-1");
    for (const [index, at] of dueAt.entries()) insert.run(`${receiver} ${index}`, jobId, receiver, at, null);
  }
  const session = new CountedSession(db);
  const { deliveries, nextAt } = new Deliveries(session).claim({ ...REQUEST, limit });
  const marked = db.prepare("SELECT count(*) FROM deliveries WHERE worker_id = 'worker-1'").pluck().get();
  db.close();
  const told = lines.reduce((sum, { underWay = 0 }) => sum + underWay, 0);
  expect(marked).toBe(told + deliveries.length);
  return { taken: deliveries.map(({ runId }) => runId), nextAt, lookedAt: session.lookedAt };
}

test("a look for deliveries looks at what it takes and at the next, however many receivers wait for a later attempt", () => {
  const healthy = { receiver: "healthy", dueAt: [5] };
  expect(claim(PAUSING)).toEqual({ taken: [], nextAt: IN_AN_HOUR, lookedAt: 1 });
  expect(claim([...PAUSING, healthy])).toEqual({ taken: ["healthy 0"], nextAt: IN_AN_HOUR, lookedAt: 2 });
});

test.for([
  { name: "is full", line: FULL, taken: [] },
  { name: "gets full", line: { ...FULL, underWay: 1 }, taken: ["full 0"] },
  { name: "is full and waits for later attempts", line: { ...FULL, dueAt: times(10_000, IN_AN_HOUR) }, taken: [] },
])("a look for deliveries passes by little of a long line of a receiver that $name", ({ line, taken }) => {
  const healthy = { receiver: "healthy", dueAt: [5] };
  const late = { receiver: "late", dueAt: [IN_AN_HOUR + 5] };
  const found = claim([line, healthy, late]);
  expect(found).toMatchObject({ taken: [...taken, "healthy 0"], nextAt: IN_AN_HOUR + 5 });
  expect(found.lookedAt).toBeLessThan(300);
});

test.for<{ name: string; lines: readonly Line[]; limit?: number; taken: readonly string[]; nextAt: number | null }>([
  { name: "nothing else is open", lines: [], taken: [], nextAt: null },
  {
    name: "others are due: the longest due come first, as many as each has room for",
    lines: [
      { receiver: "a", dueAt: [3, 5, 6] },
      { receiver: "b", dueAt: [4, 7], underWay: 1 },
      { receiver: "c", dueAt: [2] },
    ],
    taken: ["c 0", "a 0", "b 0", "a 1"],
    nextAt: null,
  },
  {
    name: "more is due of others than may be taken",
    lines: [
      { receiver: "a", dueAt: [3, 5] },
      { receiver: "b", dueAt: [4] },
      { receiver: "c", dueAt: [6] },
    ],
    limit: 2,
    taken: ["a 0", "b 0"],
    nextAt: 5,
  },
  {
    name: "more receivers have something due than may be taken",
    lines: [
      { receiver: "a", dueAt: [3] },
      { receiver: "b", dueAt: [4] },
      { receiver: "c", dueAt: [6] },
    ],
    limit: 2,
    taken: ["a 0", "b 0"],
    nextAt: 6,
  },
  {
    name: "what comes next of a receiver that has room is due later",
    lines: [{ receiver: "a", dueAt: [3, IN_AN_HOUR] }],
    taken: ["a 0"],
    nextAt: IN_AN_HOUR,
  },
  {
    name: "some is of a job of other workers",
    lines: [
      { receiver: "a", jobId: "report", dueAt: [3] },
      { receiver: "b", dueAt: [4] },
    ],
    taken: ["b 0"],
    nextAt: null,
  },
  {
    name: "others are due later",
    lines: [
      { receiver: "a", dueAt: [IN_AN_HOUR + 1] },
      { receiver: "b", dueAt: [IN_AN_HOUR] },
    ],
    taken: [],
    nextAt: IN_AN_HOUR,
  },
])("behind a long line of a full receiver as without it, where $name", ({ lines, limit = 10, taken, nextAt }) => {
  expect(claim(lines, { limit })).toMatchObject({ taken, nextAt });
  expect(claim([FULL, ...lines], { limit })).toMatchObject({ taken, nextAt });
});
