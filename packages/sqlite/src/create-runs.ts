import type { ClaimedRun, CreateRunsOutcome, CreateRunsRequest, NewRun } from "@beckon/engine";
import { type Bodies, isShort } from "./bodies.ts";
import { byTurn, type Claims } from "./claim-runs.ts";
import type { IdempotencyKeys, KeyHolder } from "./idempotency.ts";
import { type Maker, RunInserts, type Start } from "./insert-run.ts";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { LiveRuns } from "./live-run.ts";
import { NEWBORN_EVENTS, toNewbornClaim } from "./newborn-claim.ts";
import type { Newborns } from "./newborns.ts";
import type { Requests } from "./requests.ts";
import type { Session } from "./session.ts";
import type { ToldEvents } from "./told-events.ts";
import type { Waits } from "./waits.ts";

/** What becomes of one item: a run of its own, or one that is there or comes earlier in the request. */
interface Plan {
  readonly item: NewRun;
  readonly adoptedId: string | null;
}

/** What decides how the runs of one request begin. */
interface Circumstances {
  readonly now: number;
  /** The worker whose runs they become at once, where they are of these jobs and may start. */
  readonly worker: { readonly id: string; readonly jobIds: readonly string[] } | null;
}

function prepare(session: Session) {
  return {
    // A run can be found by its tags; primary key.
    tag: session.hot("INSERT OR IGNORE INTO run_tags (tag, run_id) VALUES (?, ?)"),
  };
}

interface BirthParts {
  readonly claims: Claims;
  readonly runs: LiveRuns;
  readonly bodies: Bodies;
  readonly keys: IdempotencyKeys;
  readonly requests: Requests;
  readonly limits: Limits;
  readonly line: Line;
  readonly waits: Waits;
  readonly told: ToldEvents;
  readonly newborns: Newborns;
}

/** The one place where runs are born. */
export class Births {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: BirthParts;
  readonly #inserts: RunInserts;
  /** What was asked already for the requests under way. */
  readonly #pausedJobs = new Map<string, boolean>();

  constructor(session: Session, parts: BirthParts) {
    this.#sql = prepare(session);
    this.#inserts = new RunInserts(session, parts.bodies);
    this.#session = session;
    this.#parts = parts;
  }

  /** One run that waits, with short texts: whoever makes runs for a free slot or for a parent looks at those that are there. */
  isPlain({ runs, claim, parent }: CreateRunsRequest): boolean {
    const [run] = runs;
    if (run === undefined || runs.length > 1 || claim || parent !== null) return false;
    return isShort(run.input) && isShort(run.context) && run.tags.length === 0;
  }

  /** Requests that follow each other, all of them plain when they are several; gives the outcome of each. */
  createAll(requests: readonly CreateRunsRequest[]): readonly CreateRunsOutcome[] {
    this.#inserts.begin();
    this.#pausedJobs.clear();
    const outcomes = requests.map((request) => this.#create(request));
    this.#inserts.flush();
    return outcomes;
  }

  /** Decides every item before anything is written, so that a refusal leaves nothing behind. */
  #create(request: CreateRunsRequest): CreateRunsOutcome {
    const { requestId, now } = request;
    const answered = requestId === null ? null : this.#parts.requests.find(requestId, now);
    if (answered !== null)
      return { kind: "created", runs: answered.map((id) => ({ id, isAdopted: true })), claimed: [] };
    const parent = request.parent === null ? null : this.#parts.runs.findClaimed(request.parent.claim);
    if (parent === undefined) return { kind: "lost" };
    const plans = this.#plan(request);
    if ("kind" in plans) return plans;

    const newborns = plans.flatMap(({ item, adoptedId }) => (adoptedId === null ? [item] : []));
    const circumstances = this.#lookAround(newborns, request);
    const claimed: ClaimedRun[] = [];
    for (const [index, { item, adoptedId }] of plans.entries()) {
      if (adoptedId !== null) continue;
      const maker: Maker = { run: parent, taskId: request.parent?.steps[index]?.id ?? null };
      const { number, start } = this.#bear(item, maker, circumstances);
      if (start.status === "EXECUTING" && number !== null)
        claimed.push(toNewbornClaim(item, { maker, start, known: this.#parts.told.know(number, NEWBORN_EVENTS) }));
    }
    const runs = plans.map(({ item, adoptedId }) => ({ id: adoptedId ?? item.id, isAdopted: adoptedId !== null }));
    // Steps come after all births: one that already waits for its child finds it.
    for (const [index, step] of (request.parent?.steps ?? []).entries()) {
      if (parent !== null) this.#parts.waits.record(parent, { ...step, childRunId: runs[index]?.id ?? null }, now);
    }
    if (request.parent !== null) this.#parts.told.doubt(request.parent.claim);
    if (requestId !== null)
      this.#parts.requests.keep(
        requestId,
        runs.map(({ id }) => id),
        now,
      );
    return { kind: "created", runs, claimed: claimed.toSorted(byTurn) };
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

  /** What they find when they are born. */
  #lookAround(runs: readonly NewRun[], { claim, now }: CreateRunsRequest): Circumstances {
    // Before the line is looked at: a limit that has another size by now may bring runs into it.
    for (const { limit, concurrencyKey } of runs) if (limit !== null) this.#parts.limits.ensure(limit, concurrencyKey);
    if (!claim || !isSimple(runs, claim.limit)) return { now, worker: null };
    const worker = { id: claim.workerId, jobIds: this.#parts.claims.jobsWithoutLine(claim.workerId, now) };
    return { now, worker };
  }

  /** Asked once by one call, in which nothing else happens: a batch is a thousand runs of one job. */
  #isPaused(jobId: string): boolean {
    const known = this.#pausedJobs.get(jobId);
    if (known !== undefined) return known;
    const isPaused = this.#parts.line.isPaused(jobId);
    this.#pausedJobs.set(jobId, isPaused);
    return isPaused;
  }

  #bear(
    item: NewRun,
    maker: Maker,
    circumstances: Circumstances,
  ): { readonly number: number | null; readonly start: Start } {
    const { id, jobId, idempotency } = item;
    if (idempotency !== null) {
      const { key, digest, expiresAt } = idempotency;
      this.#parts.keys.take({ jobId, key }, { run_id: id, digest, expires_at: expiresAt });
    }
    for (const tag of item.tags) this.#sql.tag.run(tag, id);
    const start = this.#startOf(item, circumstances);
    const number = this.#inserts.insert(item, maker, start);
    if (start.workerId !== null && number !== null) this.#parts.newborns.add(start.workerId, number);
    return { number, start };
  }

  #startOf(item: NewRun, { now, worker }: Circumstances): Start {
    if (item.startAt !== null && item.startAt > now) return { ...NOT_QUEUED, status: "DELAYED", wakeAt: item.startAt };
    const standing = { id: item.id, priority: item.priority, queued_at: now };
    const place = { ...standing, job_id: item.jobId, limit_id: item.limit?.id ?? null, crash_count: 0 };
    const hold = this.#parts.line.admit(place, this.#isPaused(item.jobId));
    const expiresAt = item.ttlMs === null ? null : now + item.ttlMs;
    const holdsPlace = hold === null && item.limit !== null ? 1 : 0;
    const queued = { hold, holdsPlace, queuedAt: now, wakeAt: null, expiresAt } as const;
    const mayStart = hold === null && (expiresAt === null || expiresAt > now);
    if (mayStart && worker?.jobIds.includes(item.jobId) === true)
      return { ...queued, status: "EXECUTING", workerId: worker.id };
    if (hold === null) this.#session.changes.noteReady();
    return { ...queued, status: "QUEUED", workerId: null };
  }
}

const NOT_QUEUED = { hold: null, holdsPlace: 0, queuedAt: null, expiresAt: null, workerId: null } as const;

/**
 * Whether all the worker takes is all there is, so that none of them goes before another. Several that count against
 * limits compete for places by their turns: that is left to the line.
 */
function isSimple(runs: readonly NewRun[], limit: number): boolean {
  return runs.length <= limit && (runs.length === 1 || runs.every((run) => run.limit === null));
}
