import { AbortReason } from "@beckon/core/runtime";
import { type Ending, failBecause } from "./decide-end.ts";
import type { Execution } from "./execute.ts";
import type { Frame } from "./io/frame.ts";
import type { EngineParts } from "./parts.ts";
import type { AskedSettlement } from "./runs-under-way.ts";
import type { ClaimedRun, Settlement } from "./store/records.ts";
import { type ProblemReporter, untilStored } from "./until-stored.ts";

/** Hears what the store is asked for, each time that it is. */
interface Listener {
  ask(frame: Frame, asked: AskedSettlement): void;
}

/**
 * Ends an execution in the store, once: the status, the output or the parked steps, the wake-up of who waits
 * for it and the freed place are one transaction there. A claim that was replaced meanwhile leaves the run
 * as its new owner has it.
 */
export function settle({ frame, ending, executedMs }: Execution, listener: Listener): Promise<unknown> {
  if (ending.kind === "lost") return Promise.resolve();
  const end = { frame, ending, executedMs, listener };
  const rest = frame.writer.takeRest({ isOver: ending.kind === "end" });
  return rest === null ? writeOnceSaved(end) : write(end, rest);
}

interface End extends Pick<Execution, "frame" | "executedMs"> {
  readonly ending: Exclude<Ending, { readonly kind: "lost" }>;
  readonly listener: Listener;
}

type Rest = Pick<Settlement, "events" | "statuses" | "tasks">;

const NO_REST: Rest = { events: [], statuses: [] };

/** Steps that were noted last are saved before the settlement. */
async function writeOnceSaved(end: End): Promise<unknown> {
  try {
    await end.frame.writer.save();
  } catch (error) {
    if (!(error instanceof AbortReason)) return writeFailure(end, error);
    // The writer has told the frame that its claim is lost: the run is its new owner's, or was ended by hand in the very
    // moment in which the function ended. Then nobody else knows that the place is free.
    return isStillRunning(end) ? undefined : freePlace(end.frame);
  }
  return write(end, NO_REST);
}

/** One whose end cannot be written at all must not take the process with it, and all other runs, at each of its executions. */
function write(end: End, rest: Rest): Promise<unknown> {
  return writeAs(end, rest).catch((refusal: unknown) => writeFailure(end, refusal));
}

function writeFailure(end: End, refusal: unknown): Promise<unknown> {
  return writeAs({ ...end, ending: failBecause(refusal, isStillRunning(end)) }, NO_REST);
}

function writeAs({ frame, ending, executedMs, listener }: End, rest: Rest): Promise<unknown> {
  const { events, statuses, tasks } = rest;
  const settlement: Settlement = { ...ending, events, statuses, tasks, claim: frame.claimed.claim, executedMs };
  const { store, clock, onDueAt } = frame.parts;
  return untilStored(
    () => {
      const now = clock.now();
      // Each time: what was told of before the store could write it was not there to be found.
      if (ending.kind === "back-off") onDueAt(ending.wakeAt);
      listener.ask(frame, { settlement, now });
      return store.settleRuns({ settlements: [settlement], now });
    },
    clock,
    frame.writer,
  );
}

/**
 * Gives the place of a run that was ended under its function back, once that and the functions of its tasks have ended too. Not where the worker has
 * stopped meanwhile: its places are free, and the store may be closed.
 */
export async function release({ frame, body }: Execution, isAwaited: () => boolean): Promise<void> {
  await body;
  await frame.functions.ended();
  if (isAwaited()) await freePlace(frame);
}

async function freePlace({ claimed, parts }: Frame): Promise<void> {
  const { store, clock } = parts;
  await untilStored(() => store.releaseRuns({ claims: [claimed.claim], now: clock.now() }), clock, null);
}

/** Gives runs back that were claimed and not begun. */
export async function giveBack(
  unstarted: readonly ClaimedRun[],
  { store, clock }: EngineParts,
  reporter: ProblemReporter,
): Promise<void> {
  const settlements = unstarted.map(
    ({ claim }) => ({ kind: "give-back", claim, executedMs: 0, events: [], statuses: [] }) as const,
  );
  await untilStored(() => store.settleRuns({ settlements, now: clock.now() }), clock, reporter);
}

/** Whether the function goes on after the run was settled. */
export function isStillRunning({ ending }: Pick<Execution, "ending">): boolean {
  return ending.kind === "lost" || (ending.kind === "end" && ending.isStillRunning);
}
