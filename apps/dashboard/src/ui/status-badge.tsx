import type { RunStatus, TaskStatus } from "@beckon/core/runtime";
import { cn } from "./class-names.ts";
import { lookOfTask, MADE_LOOK, STATUS_LOOK, type StatusLook } from "./status-look.ts";

/** A run's status as a tinted word. */
export function StatusBadge({ status }: { readonly status: RunStatus }) {
  const { label, color, Icon } = STATUS_LOOK[status];
  return (
    <span
      className={cn(
        "inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        "bg-[color-mix(in_oklab,currentColor_9%,transparent)]",
        color,
      )}
    >
      <Icon aria-hidden className={cn("size-3", status === "EXECUTING" && "animate-spin")} />
      {label}
    </span>
  );
}

interface TaskStatusMarkProps {
  readonly status: TaskStatus;
  readonly isRunOver: boolean;
}

/** A step's status as a mark; the word is there for readers who cannot see it. */
export function TaskStatusMark({ status, isRunOver }: TaskStatusMarkProps) {
  return <Mark look={lookOfTask(status, isRunOver)} isMoving={status === "RUNNING" && !isRunOver} />;
}

/** A run that was made, and may have ended in any way. */
export function MadeMark() {
  return <Mark look={MADE_LOOK} isMoving={false} />;
}

/** A run's status as a mark. */
export function RunStatusMark({ status }: { readonly status: RunStatus }) {
  return <Mark look={STATUS_LOOK[status]} isMoving={status === "EXECUTING"} />;
}

function Mark({ look: { label, color, Icon }, isMoving }: { readonly look: StatusLook; readonly isMoving: boolean }) {
  return (
    <span className={cn("inline-flex shrink-0", color)} title={label}>
      <Icon aria-hidden className={cn("size-3.5", isMoving && "animate-spin")} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
