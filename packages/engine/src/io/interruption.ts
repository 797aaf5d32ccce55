/**
 * Why an execution ended before its function did. `parked`: it waits for the named steps. `drained`: the
 * server is stopping and the next step belongs to its successor. `mismatched`: going on would swap its children.
 */
export type Interruption =
  | { readonly kind: "parked"; readonly taskIds: readonly string[] }
  | { readonly kind: "drained" }
  | { readonly kind: "mismatched"; readonly message: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "shut-down" }
  | { readonly kind: "lost" };

/** How an abort ends the execution; a task's timeout aborts only the task. */
export const INTERRUPTION_OF = {
  canceled: "lost",
  "lost-lease": "lost",
  "max-duration": "timed-out",
  shutdown: "shut-down",
} as const;
