import type { Session } from "./session.ts";

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** How many one transaction forgets, so that it stays short: they lie all over the file. */
const CHUNK = 50;
/** So many times as long as a chunk took, the next is waited for. */
const REST = 9;

function prepare(session: Session) {
  return {
    // A client may send its request again; primary key.
    find: session.hot<{ readonly run_ids: string }>(
      "SELECT run_ids FROM requests WHERE request_id = ? AND expires_at > ?",
    ),
    keep: session.hot("REPLACE INTO requests (request_id, run_ids, expires_at) VALUES (?, ?, ?)"),
    // Upkeep; requests_expiring.
    dropExpired: session.rare(`DELETE FROM requests WHERE request_id IN (
      SELECT request_id FROM requests WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`),
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

  /** Forgets the next of those that nobody is given any more; false: there are no more. */
  dropExpired(now: number): boolean {
    return this.#sql.dropExpired.run(now, CHUNK).changes === CHUNK;
  }
}

/** Forgets what is over, little by little beside all other work: every request of a client leaves an answer. */
export class Forgetting {
  readonly #requests: Requests;
  readonly #write: <Value>(run: () => Value) => Promise<Value>;
  #isUnderWay = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(requests: Requests, write: <Value>(run: () => Value) => Promise<Value>) {
    this.#requests = requests;
    this.#write = write;
  }

  /** Forgets what is over at `now`, unless it is at that already; whoever asks does not wait for it. */
  begin(now: number): void {
    if (this.#isUnderWay || this.#isStopped) return;
    this.#isUnderWay = true;
    void this.#forgetNext(now);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #forgetNext(now: number): Promise<void> {
    const startedAt = performance.now();
    // While the store cannot be written they stay: an answer that is over is given to nobody, and `begin` comes again.
    const hasMore = await this.#write(() => this.#requests.dropExpired(now)).catch(() => false);
    this.#isUnderWay = hasMore && !this.#isStopped;
    if (!this.#isUnderWay) return;
    this.#timer = setTimeout(() => void this.#forgetNext(now), REST * (performance.now() - startedAt)).unref();
  }
}
