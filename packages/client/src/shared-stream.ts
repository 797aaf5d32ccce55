import { annotate, ENVELOPE_DEPTH, type RunEvent } from "@beckon/core/runtime";
import { CallFailure, toFailure } from "./call-failure.ts";
import { openStream, type Told } from "./open-stream.ts";
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

/**
 * Follows any number of runs in one request: a page has six connections to a server, and a request that stays open takes one.
 * Where a run joins, the request begins anew, for each run after the last event that came.
 */
export class SharedStream {
  readonly #requests: ServerRequests;
  readonly #followers = new Set<Follower>();
  #opened = new AbortController();
  #isOpenDue = false;
  /** The server is an older one, or what it is mounted in lets no such request through. */
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
    // Those that join together share the request that is made for them.
    queueMicrotask(() => void this.#open());
  }

  #leave(follower: Follower): void {
    if (this.#followers.delete(follower) && this.#followers.size === 0) this.#opened.abort();
  }

  async #open(): Promise<void> {
    this.#isOpenDue = false;
    this.#opened.abort();
    this.#opened = new AbortController();
    const { signal } = this.#opened;
    const followers = [...this.#followers];
    if (followers.length === 0) return;
    try {
      for await (const message of this.#stream(followers, signal)) {
        if (signal.aborted) return;
        if (typeof message === "object") this.#tell(followers[message.index], message.event ?? "end");
        else this.#tellAll(followers, message);
      }
      if (!signal.aborted) throw new Error("the stream was closed");
    } catch (error) {
      if (signal.aborted) return;
      const isUnknown = error instanceof CallFailure && /^(NOT_FOUND|REQUEST_FAILED)$/.test(error.error.code);
      this.isRefused ||= isUnknown;
      // Each then asks by itself, as after a connection that broke off.
      const failure = isUnknown ? new CallFailure("lost", error.error) : toFailure(error, this.#requests.description);
      for (const follower of followers) this.#fail(follower, failure);
    }
  }

  #stream(followers: readonly Follower[], signal: AbortSignal): AsyncIterable<Told<FollowedEvent>> {
    const runs = followers.map(({ runId, after }) => ({ id: runId, after }));
    return openStream(this.#requests, "runs.follow", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(annotate({ runs }, "", ENVELOPE_DEPTH)),
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
  }

  #fail(follower: Follower, failure: unknown): void {
    follower.failure = failure instanceof Error ? failure : new Error(String(failure));
    follower.wake();
  }
}
