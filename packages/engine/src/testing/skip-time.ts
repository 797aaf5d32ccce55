import type { RunStatus } from "@beckon/core/runtime";
import { STALL_TOLD_AFTER_MS } from "../io/stall-watch.ts";
import type { RunRecord, TaskRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Deadlines } from "./deadlines.ts";
import type { ManualClock } from "./manual-clock.ts";
import { passBefore } from "./real-time.ts";

/** More than any test makes. */
const ALL = 100_000;

const LIVE: readonly RunStatus[] = ["DELAYED", "QUEUED", "EXECUTING", "WAITING"];

/** What the runs of a store are waiting for. `nothing`: for something that time does not bring; `inTask`: one does so inside a task. */
type Outlook =
  | { readonly kind: "busy" }
  | { readonly kind: "asleep"; readonly until: number }
  | { readonly kind: "nothing"; readonly inTask: boolean };

/** How long code may be at work in a task beside a wait there, in real time, before it is believed to do nothing but wait. */
const BESIDE_WAIT_MS = 1_000;

interface SkippedWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly deadlines: Deadlines;
  /** Ends a wait of the run from outside, where the test has prepared that; false: it has not. */
  readonly answer: (step: TaskRecord) => Promise<boolean>;
  /** Resolves when no hook is at work: they take real time, and the five minutes that each has are not to be skipped. */
  readonly untilHooksRest: () => Promise<unknown>;
}

/**
 * Moves the clock on, wait by wait, until the run has ended. Time stands still while user code is at work, however
 * long that takes in reality, up to its deadline: the next look is at the next commit, never after a pause.
 * Resolves with false when nothing but the outside could still end the run.
 */
export async function skipTime(runId: string, world: SkippedWorld): Promise<boolean> {
  const { store, clock } = world;
  const commits = countCommits(store);
  try {
    for (;;) {
      const seen = commits.count;
      await clock.tick();
      const run = await store.readRun(runId);
      if (run === null || run.completedAt !== null) return true;
      if (await goOn(runId, world, commits.after(seen))) continue;
      // What it brought about counts.
      if (commits.count === seen) return false;
    }
  } finally {
    commits.stop();
  }
}

/** Lets something happen: work, an answer of the test, or the next thing that time brings. False: nothing can. */
async function goOn(runId: string, world: SkippedWorld, nextCommit: Promise<void>): Promise<boolean> {
  const { clock, deadlines } = world;
  const outlook = await lookAhead(world.store);
  if (outlook.kind === "busy") {
    const deadline = await deadlines.next(nextCommit);
    if (deadline === null) return true;
    // On a machine that was held up, what has ended in time may not have been told of yet.
    await clock.tick();
    if (deadlines.isOpen(deadline)) await clock.advanceTo(deadline.at);
    return true;
  }
  if (await answerOne(runId, world)) return true;
  if (outlook.kind === "nothing") {
    if (outlook.inTask) await outwaitTask(world, nextCommit);
    return false;
  }
  await world.untilHooksRest();
  await clock.advanceTo(outlook.until);
  return true;
}

/** Lets code have its time that is at work in a task beside a wait, and a wait that holds up what it waits for be told of it. */
async function outwaitTask({ clock }: SkippedWorld, nextCommit: Promise<void>): Promise<void> {
  if (await passBefore(nextCommit, BESIDE_WAIT_MS)) await clock.advance(STALL_TOLD_AFTER_MS);
}

async function answerOne(runId: string, { store, answer }: SkippedWorld): Promise<boolean> {
  for (const step of await store.readTasks(runId)) if (await answer(step)) return true;
  return false;
}

/** The runs that have not ended. */
export function readLiveRuns(store: Store): Promise<readonly RunRecord[]> {
  return store.listRuns({ statuses: LIVE, limit: ALL });
}

interface Commits {
  readonly count: number;
  /** Resolves once there are more commits than `seen`. */
  after(seen: number): Promise<void>;
  stop(): void;
}

function countCommits(store: Store): Commits {
  const waiting = new Set<() => void>();
  let count = 0;
  const stop = store.subscribe(() => {
    count += 1;
    for (const resolve of waiting) resolve();
    waiting.clear();
  });
  return {
    get count() {
      return count;
    },
    after: async (seen) => {
      if (count === seen) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    stop,
  };
}

async function lookAhead(store: Store): Promise<Outlook> {
  const instants: number[] = [];
  let inTask = false;
  for (const run of await readLiveRuns(store)) {
    const tasks = await store.readTasks(run.id);
    if (isBusy(run, tasks)) return { kind: "busy" };
    inTask ||= run.status === "EXECUTING";
    const waiting = tasks.filter(({ status }) => status === "WAITING");
    for (const at of [run.wakeAt, run.expiresAt, ...waiting.map(({ wakeAt }) => wakeAt)])
      if (at !== null) instants.push(at);
  }
  return instants.length === 0 ? { kind: "nothing", inTask } : { kind: "asleep", until: Math.min(...instants) };
}

/** Whether a run goes on by itself: about to be claimed, or with user code at work that does not wait for a step. */
function isBusy(run: RunRecord, tasks: readonly TaskRecord[]): boolean {
  if (run.status === "QUEUED") return run.hold === null;
  if (run.status !== "EXECUTING") return false;
  const waiting = tasks.filter(({ status }) => status === "WAITING");
  const isHeld = (task: TaskRecord): boolean => waiting.some(({ id }) => id.startsWith(`${task.id}/`));
  return waiting.length === 0 || tasks.some((task) => task.status === "RUNNING" && !isHeld(task));
}
