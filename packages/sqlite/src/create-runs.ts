import type { CreateRunsOutcome, CreateRunsRequest, NewRun } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { IdempotencyKeys, KeyHolder } from "./idempotency.ts";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { LiveRun, LiveRuns } from "./live-run.ts";
import type { Requests } from "./requests.ts";
import type { Session } from "./session.ts";
import type { Waits } from "./waits.ts";

/** What becomes of one item: a run of its own, or one that is there or comes earlier in the request. */
interface Plan {
  readonly item: NewRun;
  readonly adoptedId: string | null;
}

/** The run that makes the new one, and the step that does. */
interface Maker {
  readonly run: LiveRun | null;
  readonly taskId: string | null;
}

function prepare(session: Session) {
  return {
    // birth → QUEUED or DELAYED; rowid.
    insert: session.hot(`INSERT INTO runs (
        id, job_id, job_version, status, hold, priority, tags,
        is_test, replay_of, parent_run_id, parent_job_id, parent_task_id,
        is_detached, account_id, callback_url, has_hooks,
        idempotency_key, idempotency_digest, idempotency_expires_at,
        concurrency_key, limit_id, limit_max, holds_place, created_at, queued_at, wake_at,
        expires_at, ttl_ms, max_duration_ms,
        born_delayed, input, context, beside,
        attempt, execution_count, execution_ms, crash_count, event_count, lease)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        1, 0, 0, 0, 1, 0)`),
    // The same for a run of which nothing else is to be said: a third of the cost of a birth is binding columns; rowid.
    insertPlain: session.hot(`INSERT INTO runs (
        id, job_id, job_version, status, hold, priority, created_at, queued_at, input, beside,
        is_test, is_detached, has_hooks, holds_place, born_delayed,
        attempt, execution_count, execution_ms, crash_count, event_count, lease)
      VALUES (?, ?, ?, 'QUEUED', ?, ?, ?, ?, ?, ?,
        0, 0, 0, 0, 0,
        1, 0, 0, 0, 1, 0)`),
    // A run can be found by its tags; primary key.
    tag: session.hot("INSERT OR IGNORE INTO run_tags (tag, run_id) VALUES (?, ?)"),
  };
}

interface BirthParts {
  readonly runs: LiveRuns;
  readonly bodies: Bodies;
  readonly keys: IdempotencyKeys;
  readonly requests: Requests;
  readonly limits: Limits;
  readonly line: Line;
  readonly waits: Waits;
}

/** The one place where runs are born. */
export class Births {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: BirthParts;

  constructor(session: Session, parts: BirthParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  /** Decides every item before anything is written, so that a refusal leaves nothing behind. */
  createRuns(request: CreateRunsRequest): CreateRunsOutcome {
    const { requestId, now } = request;
    const answered = requestId === null ? null : this.#parts.requests.find(requestId, now);
    if (answered !== null) return { kind: "created", runs: answered.map((id) => ({ id, isAdopted: true })) };
    const parent = request.parent === null ? null : this.#parts.runs.findClaimed(request.parent.claim);
    if (parent === undefined) return { kind: "lost" };
    const plans = this.#plan(request);
    if ("kind" in plans) return plans;

    // Asked once for each job: a batch is a thousand runs of one.
    const jobIds = new Set(request.runs.map(({ jobId }) => jobId));
    const pausedJobs = new Set([...jobIds].filter((jobId) => this.#parts.line.isPaused(jobId)));
    for (const [index, { item, adoptedId }] of plans.entries()) {
      const maker: Maker = { run: parent, taskId: request.parent?.steps[index]?.id ?? null };
      if (adoptedId === null) this.#bear(item, maker, this.#startOf(item, now, pausedJobs));
    }
    const runs = plans.map(({ item, adoptedId }) => ({ id: adoptedId ?? item.id, isAdopted: adoptedId !== null }));
    // Steps come after all births: one that already waits for its child finds it.
    for (const [index, step] of (request.parent?.steps ?? []).entries()) {
      if (parent !== null) this.#parts.waits.record(parent, { ...step, childRunId: runs[index]?.id ?? null }, now);
    }
    if (requestId !== null)
      this.#parts.requests.keep(
        requestId,
        runs.map(({ id }) => id),
        now,
      );
    return { kind: "created", runs };
  }

  #plan({ runs, now }: CreateRunsRequest): readonly Plan[] | Extract<CreateRunsOutcome, { kind: "conflict" }> {
    const plans: Plan[] = [];
    const planned = new Map<string, KeyHolder>();
    for (const [index, item] of runs.entries()) {
      if (item.idempotency === null) {
        plans.push({ item, adoptedId: null });
        continue;
      }
      const { key, digest } = item.idempotency;
      const name = JSON.stringify([item.jobId, key]);
      const holder = planned.get(name) ?? this.#parts.keys.find({ jobId: item.jobId, key }, now);
      if (holder !== undefined && holder.digest !== digest) return { kind: "conflict", index, runId: holder.run_id };
      plans.push({ item, adoptedId: holder?.run_id ?? null });
      planned.set(name, holder ?? { run_id: item.id, digest });
    }
    return plans;
  }

  #bear(item: NewRun, maker: Maker, start: Start): void {
    const { id, jobId, idempotency } = item;
    if (idempotency !== null) {
      const { key, digest, expiresAt } = idempotency;
      this.#parts.keys.take({ jobId, key }, { run_id: id, digest, expires_at: expiresAt });
    }
    for (const tag of item.tags) this.#sql.tag.run(tag, id);
    this.#insert(item, maker, start);
  }

  #startOf(item: NewRun, now: number, pausedJobs: ReadonlySet<string>): Start {
    if (item.limit !== null) this.#parts.limits.ensure(item.limit, item.concurrencyKey);
    if (item.startAt !== null && item.startAt > now) return { ...NOT_QUEUED, status: "DELAYED", wakeAt: item.startAt };
    const standing = { id: item.id, priority: item.priority, queued_at: now };
    const place = { ...standing, job_id: item.jobId, limit_id: item.limit?.id ?? null };
    const hold = this.#parts.line.enter(place, pausedJobs.has(item.jobId));
    const expiresAt = item.ttlMs === null ? null : now + item.ttlMs;
    const holdsPlace = hold === null && item.limit !== null ? 1 : 0;
    return { status: "QUEUED", hold, holdsPlace, queuedAt: now, wakeAt: null, expiresAt };
  }

  #insert(item: NewRun, maker: Maker, start: Start): void {
    const { id, input, context } = item;
    const beside = this.#parts.bodies.store(id, 0, { input, context });
    if (isPlain(item, maker, start)) {
      const { jobId, jobVersion, priority, createdAt } = item;
      const { hold, queuedAt } = start;
      this.#sql.insertPlain.run(id, jobId, jobVersion, hold, priority, createdAt, queuedAt, inline(input), beside);
    } else {
      this.#sql.insert.run(...toColumns(item, maker, start), inline(input), inline(context), beside);
    }
    this.#session.changes.note(id, start.status);
  }
}

/** Whether every column that `insertPlain` leaves out is empty. */
function isPlain(item: NewRun, maker: Maker, start: Start): boolean {
  return (
    start.status === "QUEUED" &&
    maker.run === null &&
    item.limit === null &&
    item.context === null &&
    item.idempotency === null &&
    item.concurrencyKey === null &&
    item.accountId === null &&
    item.callbackUrl === null &&
    item.replayOf === null &&
    item.ttlMs === null &&
    item.maxDurationMs === null &&
    item.tags.length === 0 &&
    !(item.isTest || item.isDetached || item.hasHooks)
  );
}

/** What `insert` says before the texts, in its order, line by line. */
function toColumns(item: NewRun, maker: Maker, start: Start): readonly unknown[] {
  const { idempotency, limit } = item;
  return [
    [item.id, item.jobId, item.jobVersion, start.status, start.hold, item.priority, toTagText(item.tags)],
    [Number(item.isTest), item.replayOf, maker.run?.id ?? null, maker.run?.job_id ?? null, maker.taskId],
    [Number(item.isDetached), item.accountId, item.callbackUrl, Number(item.hasHooks)],
    [idempotency?.key ?? null, idempotency?.digest ?? null, idempotency?.expiresAt ?? null],
    [item.concurrencyKey, limit?.id ?? null, limit?.max ?? null],
    [start.holdsPlace, item.createdAt, start.queuedAt, start.wakeAt],
    [start.expiresAt, item.ttlMs, item.maxDurationMs],
    [start.status === "DELAYED" ? 1 : 0],
  ].flat();
}

interface Start {
  readonly status: "QUEUED" | "DELAYED";
  readonly hold: LiveRun["hold"];
  readonly holdsPlace: 0 | 1;
  readonly queuedAt: number | null;
  readonly wakeAt: number | null;
  readonly expiresAt: number | null;
}

const NOT_QUEUED = { hold: null, holdsPlace: 0, queuedAt: null, expiresAt: null } as const;

function toTagText(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}
