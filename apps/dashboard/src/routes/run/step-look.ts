import type { TaskKind } from "@beckon/core/runtime";
import { Bell, Clock, Cog, GitBranch, Globe, Hash, Hourglass, Workflow } from "lucide-react";

/** What each kind of step is called and looks like. */
export const STEP_LOOK: Readonly<Record<TaskKind, { readonly label: string; readonly Icon: typeof Cog }>> = {
  task: { label: "Task", Icon: Cog },
  branch: { label: "Parallel branch", Icon: GitBranch },
  wait: { label: "Wait", Icon: Clock },
  request: { label: "Wait for a request", Icon: Globe },
  signal: { label: "Signal", Icon: Bell },
  child: { label: "Run of another job", Icon: Workflow },
  result: { label: "Wait for a result", Icon: Hourglass },
  value: { label: "Recorded value", Icon: Hash },
};
