import type { LiveRun } from "./live-run.ts";
import type { Session } from "./session.ts";

/** Where a run stands in its limit's line. */
export interface Standing {
  readonly id: string;
  readonly priority: number;
  readonly queued_at: number | null;
}

/** The runs to which so many freed places of a limit go: fewer, where more were taken than there are. */
export const HEIRS = `SELECT number FROM runs WHERE limit_id = @limitId AND status = 'QUEUED' AND hold = 'limit'
  ORDER BY priority DESC, queued_at, id
  LIMIT max(0, min(@freed, coalesce((SELECT max - taken + @freed FROM limits WHERE limits.id = @limitId), 0)))`;

function prepare(session: Session) {
  return {
    // A run of this limit is born, perhaps with another size of it; primary key.
    ensure: session.hot(`INSERT INTO limits (id, max, taken, is_share) VALUES (?, ?, 0, ?)
      ON CONFLICT (id) DO UPDATE SET max = excluded.max WHERE max <> excluded.max`),
    // A run takes a place, if one is left; primary key.
    take: session.hot("UPDATE limits SET taken = taken + 1 WHERE id = ? AND taken < max"),
    // What executes moves here, whether there is a place or not; primary key.
    occupy: session.hot("UPDATE limits SET taken = taken + 1 WHERE id = ?"),
    // Places are freed and nobody waits for them; primary key.
    free: session.hot("UPDATE limits SET taken = taken - ? WHERE id = ?"),
    find: session.hot<{ readonly max: number; readonly taken: number }>("SELECT max, taken FROM limits WHERE id = ?"),
    // Who gives way to a run that comes before it; runs_places.
    lastReady: session.hot<Standing & { readonly number: number }>(`SELECT number, id, priority, queued_at FROM runs
      WHERE limit_id = ? AND status = 'QUEUED' AND holds_place = 1
      ORDER BY priority, queued_at DESC, id DESC LIMIT 1`),
    // backlog → ready for the first of it; runs_backlog.
    promote: session.hot(`UPDATE runs SET hold = NULL, holds_place = 1 WHERE number IN (${HEIRS})`),
    // ready → backlog, or out of line where a pause has not come to it yet; primary key.
    demote: session.hot(`UPDATE runs SET holds_place = 0, hold = CASE
      WHEN EXISTS (SELECT 1 FROM jobs WHERE jobs.id = runs.job_id AND is_paused = 1) THEN 'paused' ELSE 'limit' END
      WHERE number = ?`),
    // A run that is opened again counts against a share that was forgotten: as large as the limit by now; primary key.
    restore: session.hot(`INSERT INTO limits (id, max, taken, is_share)
      VALUES (@id, coalesce((SELECT max FROM limits WHERE id = @whole), @max), 0, 1) ON CONFLICT (id) DO NOTHING`),
    // A run of this share has ended, perhaps the last one; primary key, runs_of_limit.
    drop: session.hot(`DELETE FROM limits WHERE id = @id AND taken = 0 AND is_share = 1
      AND NOT EXISTS (SELECT 1 FROM runs INDEXED BY runs_of_limit
        WHERE limit_id = @id AND concurrency_key IS NOT NULL AND completed_at IS NULL)`),
    // A worker came with another size, for the limit and its shares by concurrency key; primary key.
    resize: session.rare<{ readonly id: string }>(`UPDATE limits SET max = @max
      WHERE (id = @id OR (id >= @id || ':' AND id < @id || ';')) AND max <> @max RETURNING id`),
  };
}

/*
 * A limit has `max` places, and `taken` counts those that are in use: by runs that may start or are executing
 * (`holds_place` in their row) and by functions that outlive their run (`lingering`). The ready runs of a limit are
 * always the first of its line: priority, then `queued_at`, then id. The rest are its backlog.
 *
 * Everything here is part of the transaction that takes or frees the place, so the count is exact. Within it a place
 * that fell free stays counted until somebody looks at the line, or the transaction ends: a claim that comes first takes
 * it over, and the run does not become ready in between.
 */
export class Limits {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;

  constructor(session: Session) {
    this.#sql = prepare(session);
    this.#session = session;
  }

  /** `concurrencyKey`: the limit is this key's share of another. */
  ensure(limit: { readonly id: string; readonly max: number }, concurrencyKey: string | null): void {
    this.fillFreed();
    const isShare = concurrencyKey === null ? 0 : 1;
    if (this.#sql.ensure.run(limit.id, limit.max, isShare).changes === 1) this.#level(limit.id);
  }

  /** The share that a finished run counted against, which may have been forgotten. */
  restore(share: { readonly id: string; readonly max: number }, concurrencyKey: string): void {
    this.#sql.restore.run({ ...share, whole: share.id.slice(0, -`:${concurrencyKey}`.length) });
  }

  /** Tells whether the run got a place: a free one, or that of a ready run which comes after it. */
  take(limitId: string, run: Standing): boolean {
    this.fillFreed();
    if (this.#sql.take.run(limitId).changes === 1) return true;
    const last = this.findLastReady(limitId);
    if (last === undefined || !comesBefore(run, last)) return false;
    this.#sql.demote.run(last.number);
    return true;
  }

  /** Who gives way, where the limit is full, to a run that comes before it. */
  findLastReady(limitId: string): (Standing & { readonly number: number }) | undefined {
    return this.#sql.lastReady.get(limitId);
  }

  /** For a run that executes already: it has a place, though there be none, and who has not begun gives way. */
  occupy(limitId: string): void {
    this.fillFreed();
    this.#sql.occupy.run(limitId);
    this.#level(limitId);
  }

  /** A place is free: a claim in this transaction takes it over, or `fillFreed` gives it to the first of the backlog. */
  free(limitId: string): void {
    const { freedPlaces } = this.#session;
    freedPlaces.set(limitId, (freedPlaces.get(limitId) ?? 0) + 1);
  }

  /** Makes the first of the backlogs ready, where places fell free. */
  fillFreed(): void {
    const { freedPlaces } = this.#session;
    if (freedPlaces.size === 0) return;
    for (const [limitId, freed] of freedPlaces) {
      const promoted = this.#promote(limitId, freed);
      if (promoted < freed) this.#sql.free.run(freed - promoted, limitId);
    }
    freedPlaces.clear();
  }

  /** Frees the place of a run that stops being ready or executing. */
  freePlaceOf(run: LiveRun): void {
    if (run.holds_place === 0 || run.limit_id === null) return;
    this.free(run.limit_id);
    // A suspect may have it, who stands in no backlog. Where an execution ends, its worker looks anyway.
    if (run.status === "QUEUED") this.#session.changes.noteReady();
  }

  /** Forgets a share that no unfinished run counts against: keys come and go. */
  dropUnused(limitId: string): void {
    this.fillFreed();
    this.#sql.drop.run({ id: limitId });
  }

  /** Applies the size that a deploy gave the limit: promotes where it grew, demotes where it shrank. */
  resize(limit: { readonly id: string; readonly max: number }): void {
    this.ensure(limit, null);
    for (const { id } of this.#sql.resize.all(limit)) this.#level(id);
  }

  #level(limitId: string): void {
    const limit = this.#sql.find.get(limitId);
    if (limit === undefined) return;
    for (let left = limit.max - limit.taken; left > 0 && this.#promote(limitId, 1) === 1; left -= 1)
      this.#sql.take.run(limitId);
    for (let over = limit.taken - limit.max; over > 0 && this.#demoteLast(limitId); over -= 1)
      this.#sql.free.run(1, limitId);
  }

  #promote(limitId: string, freed: number): number {
    const promoted = this.#sql.promote.run({ limitId, freed }).changes;
    if (promoted > 0) this.#session.changes.noteReady();
    return promoted;
  }

  #demoteLast(limitId: string): boolean {
    const last = this.findLastReady(limitId);
    if (last === undefined) return false;
    this.#sql.demote.run(last.number);
    return true;
  }
}

export function comesBefore(run: Standing, other: Standing): boolean {
  if (run.priority !== other.priority) return run.priority > other.priority;
  const queuedAt = run.queued_at ?? 0;
  const otherQueuedAt = other.queued_at ?? 0;
  return queuedAt === otherQueuedAt ? run.id < other.id : queuedAt < otherQueuedAt;
}
