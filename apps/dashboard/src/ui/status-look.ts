import type { RunStatus, TaskStatus } from "@beckon/core/runtime";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  Pause,
  TimerOff,
} from "lucide-react";

export interface StatusLook {
  readonly label: string;
  /** A text color of the theme; tints and bars are made from it. */
  readonly color: string;
  readonly fill: string;
  readonly Icon: typeof Clock;
}

/** What each status is called and looks like; shape and word say it too, not the color alone. */
export const STATUS_LOOK: Readonly<Record<RunStatus, StatusLook>> = {
  DELAYED: { label: "Delayed", color: "text-delayed", fill: "bg-delayed", Icon: Clock },
  QUEUED: { label: "Queued", color: "text-idle", fill: "bg-idle", Icon: CircleDashed },
  EXECUTING: { label: "Executing", color: "text-executing", fill: "bg-executing", Icon: LoaderCircle },
  WAITING: { label: "Waiting", color: "text-waiting", fill: "bg-waiting", Icon: Pause },
  SUCCESS: { label: "Success", color: "text-success", fill: "bg-success", Icon: CircleCheck },
  FAILURE: { label: "Failure", color: "text-failure", fill: "bg-failure", Icon: CircleX },
  TIMED_OUT: { label: "Timed out", color: "text-warning", fill: "bg-warning", Icon: TimerOff },
  CANCELED: { label: "Canceled", color: "text-idle", fill: "bg-idle", Icon: Ban },
  EXPIRED: { label: "Expired", color: "text-warning", fill: "bg-warning", Icon: Hourglass },
};

const TASK_STATUS_LOOK: Readonly<Record<TaskStatus, StatusLook>> = {
  RUNNING: { ...STATUS_LOOK.EXECUTING, label: "Running" },
  WAITING: STATUS_LOOK.WAITING,
  SUCCESS: STATUS_LOOK.SUCCESS,
  FAILURE: STATUS_LOOK.FAILURE,
};

/** What was going on when it was left: the store keeps such a step as it was. */
export const UNFINISHED_LOOK: StatusLook = {
  label: "Unfinished",
  color: "text-idle",
  fill: "bg-idle",
  Icon: CircleSlash,
};

/** A run that a step made, of which no more is known. */
export const MADE_LOOK: StatusLook = { label: "Made", color: "text-ink-faint", fill: "bg-ink-faint", Icon: CircleDot };

/** A step goes on only as long as its run does. */
export function lookOfTask(status: TaskStatus, isRunOver: boolean): StatusLook {
  const isGoingOn = status === "RUNNING" || status === "WAITING";
  return isRunOver && isGoingOn ? UNFINISHED_LOOK : TASK_STATUS_LOOK[status];
}
