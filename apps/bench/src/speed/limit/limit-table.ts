import Database from "better-sqlite3";

/*
 * The least that a durable queue on SQLite can do: a row with an id that a caller can ask for is inserted,
 * claimed and completed, with one partial index to find the next. No validation, no events, no leases.
 */
export class LimitTable {
  readonly #db: Database.Database;
  readonly #insert;
  readonly #claim;
  readonly #complete;
  readonly #recordStep;
  readonly #countQueued;
  readonly #begin;
  readonly #commit;
  /** By kind. */
  readonly #inserted = new Map<string, number>();
  #made = 0;
  #executing = 0;

  constructor(path: string, durability: string) {
    const db = new Database(path);
    this.#db = db;
    db.pragma("journal_mode = WAL");
    db.pragma(`synchronous = ${durability}`);
    db.exec(`
      CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        status TEXT NOT NULL, payload TEXT NOT NULL, created_at INTEGER NOT NULL, completed_at INTEGER, output TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS runs_ready ON runs (created_at, id) WHERE status = 'QUEUED';
      CREATE TABLE IF NOT EXISTS steps (run_id TEXT NOT NULL, key TEXT NOT NULL, output TEXT NOT NULL,
        PRIMARY KEY (run_id, key)) STRICT, WITHOUT ROWID;`);
    this.#insert = db.prepare("INSERT INTO runs (id, kind, status, payload, created_at) VALUES (?, ?, 'QUEUED', ?, ?)");
    this.#claim = db
      .prepare<[number], string>(
        `UPDATE runs SET status = 'EXECUTING' WHERE number IN
           (SELECT number FROM runs WHERE status = 'QUEUED' ORDER BY created_at, id LIMIT ?) RETURNING id`,
      )
      .pluck();
    this.#complete = db.prepare("UPDATE runs SET status = 'SUCCESS', completed_at = ?, output = ? WHERE id = ?");
    this.#recordStep = db.prepare("INSERT INTO steps (run_id, key, output) VALUES (?, ?, ?)");
    this.#countQueued = db
      .prepare<[string], number>("SELECT count(*) FROM runs WHERE status = 'QUEUED' AND kind = ?")
      .pluck();
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
  }

  insert(kind: string, n: number): void {
    this.#made += 1;
    this.#inserted.set(kind, (this.#inserted.get(kind) ?? 0) + 1);
    const now = Date.now();
    this.#insert.run(`run_${now}${String(this.#made).padStart(12, "0")}`, kind, JSON.stringify({ n }), now);
  }

  claim(count: number): readonly string[] {
    const ids = this.#claim.all(count);
    this.#executing += ids.length;
    return ids;
  }

  complete(id: string): void {
    this.#complete.run(Date.now(), "null", id);
    this.#executing -= 1;
  }

  recordStep(runId: string, key: string, output: unknown): void {
    this.#recordStep.run(runId, key, JSON.stringify(output));
  }

  countQueued(kind: string): number {
    return this.#countQueued.get(kind) ?? 0;
  }

  /**
   * Of those of this kind that were inserted here. Found from what is left, which an index serves: to count what is finished
   * would read the whole table inside of a drain's clock. All that execute are of one kind.
   */
  countFinished(kind: string): number {
    return (this.#inserted.get(kind) ?? 0) - this.countQueued(kind) - this.#executing;
  }

  /** Makes what `work` writes one commit. */
  together<Value>(work: () => Value): Value {
    this.#begin.run();
    const value = work();
    this.#commit.run();
    return value;
  }

  close(): void {
    this.#db.close();
  }
}
