import type { TaskKind } from "@beckon/core/runtime";

/**
 * What is kept of these came of the steps inside them: the value of an item of `io.parallel`, or a signal that its schema refused.
 * A task is another matter: it never runs again once it has finished.
 */
const COME_OF_STEPS_INSIDE: ReadonlySet<TaskKind> = new Set(["branch", "signal"]);

interface Step {
  readonly id: string;
  readonly kind: TaskKind;
}

/** The steps around those that a new attempt forgets which it has to forget with them. */
export function findAround(forgottenIds: readonly string[], get: (id: string) => Step | undefined): readonly string[] {
  const outerIds = [...new Set(forgottenIds.flatMap(listOuterIds))];
  return outerIds.filter((id) => {
    const step = get(id);
    return step !== undefined && COME_OF_STEPS_INSIDE.has(step.kind);
  });
}

/** What stands before each slash of a step's id. */
function listOuterIds(id: string): readonly string[] {
  const segments = id.split("/");
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join("/"));
}
