import { WaitCycleError } from "@beckon/core/runtime";
import { untilStored } from "../until-stored.ts";
import { findStall, type Stall } from "./find-stall.ts";
import type { Place } from "./frame.ts";

/** Between two looks. A stall is told when it was seen twice: what is read of several runs is not of one moment. */
const LOOK_MS = 5_000;

/** How long a wait in a task may last before it is told that it is one, if it is. */
export const STALL_TOLD_AFTER_MS = 2 * LOOK_MS;

/** What a run that begins to wait can know at once: that it would wait for itself, through the waits of other runs. */
export async function findCycle({ frame }: Place): Promise<WaitCycleError | null> {
  const { store, clock } = frame.parts;
  const look = () => findStall(frame.claimed.run.id, store, { places: false });
  const stall = await untilStored(look, clock, frame.writer);
  return stall === null ? null : toError(frame.claimed.run.id, stall);
}

/**
 * A wait inside a task holds its limit's place meanwhile, and so may hold up what it waits for, also by what
 * happens later. Looks for that until the returned function is called; outside of tasks there is nothing to see.
 */
export function watchForStall({ frame, scope }: Place, onStall: (error: WaitCycleError) => void): () => void {
  if (scope.tasksAround.length === 0) return () => undefined;
  const { clock, store } = frame.parts;
  const { id } = frame.claimed.run;
  let isOver = false;
  let wasSeen = false;
  let stopTimer: (() => void) | undefined;
  const look = async (): Promise<void> => {
    const stall = await findStall(id, store, { places: true });
    if (isOver || frame.isClosed) return;
    if (stall !== null && wasSeen) return onStall(toError(id, stall));
    wasSeen = stall !== null;
    arm();
  };
  const arm = (): void => {
    // A store that cannot be read is asked again at the next look.
    stopTimer = clock.setTimer(clock.now() + LOOK_MS, () => void (frame.isClosed || look().catch(arm)));
  };
  arm();
  return () => {
    isOver = true;
    stopTimer?.();
  };
}

function toError(runId: string, { links, isCircle }: Stall): WaitCycleError {
  const remedy = links.some((link) => link.includes("inside a task"))
    ? "Wait outside of the task, where the place is free meanwhile, or use invoke instead of invokeAndWait."
    : "Use invoke instead of invokeAndWait, or give the wait a timeout.";
  return new WaitCycleError(
    `Run ${runId} would wait for ${isCircle ? "itself" : "ever"}: ${links.join("; ")}. ${remedy}`,
  );
}
