/** Where a run is in its life. */
export type RunStatus = LiveStatus | TerminalStatus;

/** A run that is not finished. */
export type LiveStatus = "DELAYED" | "QUEUED" | "EXECUTING" | "WAITING";

/** A run that is finished; only Retry opens it again. */
export type TerminalStatus = "SUCCESS" | FailedStatus;

/** Finished without an output. */
export type FailedStatus = "FAILURE" | "TIMED_OUT" | "CANCELED" | "EXPIRED";

/** One lawful step in a run's life: what happened, from where, to where. */
export interface Transition {
  readonly name: string;
  readonly from: readonly RunStatus[];
  readonly to: RunStatus;
}

/**
 * Every change of status there is. The engine, the stores, the conformance suite, the dashboard's buttons
 * and the diagram in ARCHITECTURE.md read this table; there is no second list.
 */
export const TRANSITIONS = [
  { name: "become due", from: ["DELAYED"], to: "QUEUED" },
  { name: "claim", from: ["QUEUED"], to: "EXECUTING" },
  { name: "park", from: ["EXECUTING"], to: "WAITING" },
  { name: "wake", from: ["WAITING"], to: "QUEUED" },
  { name: "give back", from: ["EXECUTING"], to: "QUEUED" },
  { name: "back off", from: ["EXECUTING"], to: "DELAYED" },
  { name: "succeed", from: ["EXECUTING"], to: "SUCCESS" },
  { name: "fail", from: ["EXECUTING"], to: "FAILURE" },
  { name: "time out", from: ["EXECUTING"], to: "TIMED_OUT" },
  { name: "expire", from: ["QUEUED"], to: "EXPIRED" },
  { name: "cancel", from: ["DELAYED", "QUEUED", "EXECUTING", "WAITING"], to: "CANCELED" },
  { name: "retry by hand", from: ["FAILURE", "TIMED_OUT", "CANCELED", "EXPIRED"], to: "QUEUED" },
] as const satisfies readonly Transition[];

export type TransitionName = (typeof TRANSITIONS)[number]["name"];

/** Tells whether the named transition may leave from this status. */
export function canTransition(name: TransitionName, from: RunStatus): boolean {
  const transition: Transition | undefined = TRANSITIONS.find((candidate) => candidate.name === name);
  return transition?.from.includes(from) ?? false;
}

const TERMINAL: ReadonlySet<string> = new Set<TerminalStatus>([
  "SUCCESS",
  "FAILURE",
  "TIMED_OUT",
  "CANCELED",
  "EXPIRED",
]);

/** Tells whether a run with this status is finished. */
export function isTerminal(status: RunStatus): status is TerminalStatus {
  return TERMINAL.has(status);
}
