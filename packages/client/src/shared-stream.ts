import type { RunEvent } from "@beckon/core/runtime";
import { CallFailure, toFailure } from "./call-failure.ts";
import { openStream, type Told } from "./open-stream.ts";
import { toWire } from "./procedure-calls.ts";
import type { ServerRequests } from "./server-requests.ts";

/** A run, and what the caller knows of it. */
export interface Followed {
  readonly runId: string;
  /** The `seq` of the last event that the caller has; undefined: only that the run has ended matters. */
  readonly after: number | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Follower {
  readonly runId: string;
  after: number | undefined;
  readonly told: Told<RunEvent>[];
  failure: Error | undefined;
  wake: () => void;
}

/** As `runs.follow` tells it: of the run at this place of the input. */
interface FollowedEvent {
  readonly index: number;
  readonly event: RunEvent | null;
}

/** After a request told its first or broke off, what joins within this time waits for the next, which is made for all of it. */
const SPACING_MS = 250;

/** A request that has told nothing for so long may be dead. */
const LONGEST_OPENING_MS = 10_000;

/**
 * Follows any number of runs in one request: a page has six connections to a server, and a request that stays open takes one.
 * Where a run joins, the request begins anew, for each run after the last event that came.
 */
export class SharedStream {
  readonly #requests: ServerRequests;
  readonly #followers = new Set<Follower>();
  #opened = new AbortController();
  /** Before then no request is made: one that is made anew each time that a run joins would tell none of them anything. */
  #notBefore = 0;
  #isOpenDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasRefused = false;
  /** Twice in a row: the server is an older one, or what it is mounted in lets no such request through. Once is a mishap. */
  isRefused = false;

  constructor(requests: ServerRequests) {
    this.#requests = requests;
  }

  /** What is told of a run, up to "end"; nothing more once the signal aborts. @throws CallFailure where the stream breaks off */
  async *follow({ runId, after, signal }: Followed): AsyncGenerator<Told<RunEvent>> {
    const follower: Follower = { runId, after, told: [], failure: undefined, wake: () => undefined };
    const wake = (): void => follower.wake();
    signal?.addEventListener("abort", wake);
    this.#join(follower);
    try {
      for (;;) {
        if (signal?.aborted) return;
        const next = follower.told.shift();
        if (next !== undefined) yield next;
        else if (follower.failure !== undefined) throw follower.failure;
        else await new Promise<void>((resolve) => void (follower.wake = resolve));
        if (next === "end") return;
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      this.#leave(follower);
    }
  }

  #join(follower: Follower): void {
    this.#followers.add(follower);
    if (this.#isOpenDue) return;
    this.#isOpenDue = true;
    if (this.#notBefore > performance.now()) this.#openLater();
    // Those that join together share the request that is made for them.
    else queueMicrotask(() => void this.#open());
  }

  #leave(follower: Follower): void {
    if (this.#followers.delete(follower)) this.#closeUnlessFollowed();
  }

  #closeUnlessFollowed(): void {
    if (this.#followers.size > 0) return;
    this.#opened.abort();
    this.#rest(SPACING_MS);
  }

  /** No request is made for so long. */
  #rest(ms: number): void {
    this.#notBefore = performance.now() + ms;
    if (this.#timer !== undefined) this.#openLater();
  }

  #openLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), this.#notBefore - performance.now());
  }

  async #open(): Promise<void> {
    this.#timer = undefined;
    this.#isOpenDue = false;
    const followers = [...this.#followers];
    if (followers.length === 0) return;
    this.#opened.abort();
    this.#opened = new AbortController();
    const { signal } = this.#opened;
    this.#rest(LONGEST_OPENING_MS);
    try {
      await this.#read(followers, signal);
      if (!signal.aborted) throw new Error("the stream was closed");
    } catch (error) {
      if (signal.aborted) return;
      this.#rest(SPACING_MS);
      const failure = this.#toFailure(error);
      for (const follower of followers) this.#fail(follower, failure);
    }
  }

  async #read(followers: readonly Follower[], signal: AbortSignal): Promise<void> {
    let isFirst = true;
    for await (const message of this.#stream(followers, signal)) {
      if (signal.aborted) return;
      if (isFirst) this.#rest(SPACING_MS);
      isFirst = false;
      this.#wasRefused = false;
      if (typeof message === "object") this.#tell(followers[message.index], message.event ?? "end");
      else this.#tellAll(followers, message);
    }
  }

  /** Where there is no such stream each asks by itself, as after a connection that broke off. */
  #toFailure(thrown: unknown): unknown {
    if (!(thrown instanceof CallFailure) || !/^(NOT_FOUND|REQUEST_FAILED)$/.test(thrown.error.code))
      return toFailure(thrown, this.#requests.description);
    this.isRefused ||= this.#wasRefused;
    this.#wasRefused = true;
    return new CallFailure("lost", thrown.error, thrown);
  }

  #stream(followers: readonly Follower[], signal: AbortSignal): AsyncIterable<Told<FollowedEvent>> {
    const runs = followers.map(({ runId, after }) => ({ id: runId, after }));
    return openStream(this.#requests, "runs.follow", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: toWire({ runs }),
      signal,
    });
  }

  #tellAll(followers: readonly Follower[], told: "end" | "other"): void {
    for (const follower of followers) this.#tell(follower, told);
  }

  #tell(follower: Follower | undefined, told: Told<RunEvent>): void {
    if (follower === undefined || !this.#followers.has(follower)) return;
    if (typeof told === "object") follower.after = told.seq;
    // Whoever asks for the run itself learns whether it has ended.
    else if (told === "end") this.#followers.delete(follower);
    follower.told.push(told);
    follower.wake();
    if (told === "end") this.#closeUnlessFollowed();
  }

  #fail(follower: Follower, failure: unknown): void {
    follower.failure = failure instanceof Error ? failure : new Error(String(failure));
    follower.wake();
  }
}
