import type { Session } from "./session.ts";

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** How many one transaction looks at, so that it stays short even where each has the ids of a large batch. */
const CHUNK = 250;
/** So many times as long as a chunk took, the next is waited for. */
const REST = 9;
/** How often all of them are looked through: the more of those that lie together are over, the fewer pages are written for each. */
const SWEEP_MS = 8 * 60 * 60 * 1_000;

/*
 * The seventh migration. Ids are random, so that answers which are over in the order of time lie all over the file, a page for
 * each: they go in the order of their ids, and no index tells of time.
 */
export const REQUESTS_IN_PLACE = "DROP INDEX requests_expiring;";

function prepare(session: Session) {
  return {
    // A client may send its request again; primary key.
    find: session.hot<{ readonly run_ids: string }>(
      "SELECT run_ids FROM requests WHERE request_id = ? AND expires_at > ?",
    ),
    keep: session.hot("REPLACE INTO requests (request_id, run_ids, expires_at) VALUES (?, ?, ?)"),
    // Upkeep: where the next so many end; primary key.
    chunk: session.rare<{ readonly last: string | null; readonly count: number }>(`SELECT max(request_id) AS last,
      count(*) AS count FROM (SELECT request_id FROM requests WHERE request_id > ? ORDER BY request_id LIMIT ?)`),
    // Those of them that are over; primary key.
    dropExpired: session.rare("DELETE FROM requests WHERE request_id > ? AND request_id <= ? AND expires_at <= ?"),
  };
}

/** Answers to requests, kept so that one that is sent again makes no second run. */
export class Requests {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  find(requestId: string, now: number): readonly string[] | null {
    const row = this.#sql.find.get(requestId, now);
    return row === undefined ? null : (JSON.parse(row.run_ids) as readonly string[]);
  }

  keep(requestId: string, runIds: readonly string[], now: number): void {
    this.#sql.keep.run(requestId, JSON.stringify(runIds), now + KEPT_MS);
  }

  /** Looks at those that come next by their ids, and forgets the ones that are over; gives the last of them, or null at the end. */
  dropExpired(after: string, now: number): string | null {
    const { last = null, count = 0 } = this.#sql.chunk.get(after, CHUNK) ?? {};
    if (last !== null) this.#sql.dropExpired.run(after, last, now);
    return count === CHUNK ? last : null;
  }
}

/** Forgets what is over, little by little beside all other work: every request of a client leaves an answer. */
export class Forgetting {
  readonly #requests: Requests;
  readonly #write: <Value>(run: () => Value) => Promise<Value>;
  #now = 0;
  /** When all of them began to be looked through. */
  #beganAt = Number.NEGATIVE_INFINITY;
  #isUnderWay = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(requests: Requests, write: <Value>(run: () => Value) => Promise<Value>) {
    this.#requests = requests;
    this.#write = write;
  }

  /** Forgets what is over at `now`, unless it is at that already or was lately; whoever asks does not wait for it. */
  begin(now: number): void {
    this.#now = now;
    // A clock that was set back must not hold it up.
    if (this.#isUnderWay || this.#isStopped || Math.abs(now - this.#beganAt) < SWEEP_MS) return;
    this.#isUnderWay = true;
    this.#beganAt = now;
    void this.#forgetNext("");
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #forgetNext(after: string): Promise<void> {
    const startedAt = performance.now();
    const last = await this.#write(() => this.#requests.dropExpired(after, this.#now)).catch(() => {
      // While the store cannot be written they stay: an answer that is over is given to nobody, and `begin` comes again.
      this.#beganAt = Number.NEGATIVE_INFINITY;
      return null;
    });
    this.#isUnderWay = last !== null && !this.#isStopped;
    if (last === null || !this.#isUnderWay) return;
    this.#timer = setTimeout(() => void this.#forgetNext(last), REST * (performance.now() - startedAt)).unref();
  }
}
