import type { StepOutline } from "@beckon/core/runtime";

/** Such a step has succeeded once its run is made, which says nothing of how that run goes. */
export function hasMadeRun({ kind, status }: Pick<StepOutline, "kind" | "status">): boolean {
  return kind === "child" && status === "SUCCESS";
}
