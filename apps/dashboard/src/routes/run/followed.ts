/** How far the events of a run were followed, as one state of it: going on, or over. */
export interface Followed {
  readonly runId: string;
  readonly isOver: boolean;
  /** The `seq` of the last event that was shown. */
  readonly seen: number;
}

/** Up to so many past events are read again, to show the pauses and attempts between the ends of steps. */
const READ_AGAIN = 2_000;

interface Start {
  /** Behind which event the stream begins. */
  readonly after: number;
  /** What was shown of the events before stays, and the stream adds to it. */
  readonly goesOn: boolean;
  /** What happened since then may lie behind those events that are news, and what is shown is read anew for it. */
  readonly isBehind: boolean;
}

type RunState = Omit<Followed, "seen"> & { readonly eventCount: number };

/**
 * Where a stream begins. One that was stopped while nobody looked goes on where it was; of another run, or one that
 * ended or was opened again meanwhile, all is read from the beginning.
 */
export function startOf(followed: Followed | null, run: RunState): Start {
  const isSameRun = followed !== null && followed.runId === run.runId;
  if (isSameRun && followed.isOver === run.isOver) return { after: followed.seen, goesOn: true, isBehind: true };
  const after = run.eventCount > READ_AGAIN ? run.eventCount : 0;
  return { after, goesOn: false, isBehind: isSameRun };
}
