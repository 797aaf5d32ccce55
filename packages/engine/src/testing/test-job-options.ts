import type { AnyJob, InvokeOptions } from "@beckon/core";
import { type IO, InvalidOptionError, refuseUnknownOptions, type Task } from "@beckon/core/runtime";
import type { ChosenRun } from "./chosen-children.ts";
import type { TestSignal } from "./chosen-deliveries.ts";
import type { TestHooks } from "./watched-hooks.ts";

/** What a test puts in the place of a task's function. */
export type ChosenFunction = (task: Task, io: IO) => unknown;

/** `unknown` in its parts, so that the parameters of a function beside it get their types. */
type AnyValue = {} | null | undefined;

/** What a test decides about the world of the one job that it runs. */
export interface TestJobOptions {
  /**
   * Results of the job's tasks, by key: a chosen value is the task's result, an Error makes it fail, a function
   * takes the place of the task's own. A text is written as it is, an array as its JSON, a task inside a task as `outer/inner`.
   * Where a name can be read as that of several tasks, it is meant for each.
   */
  readonly tasks?: Readonly<Record<string, ChosenFunction | AnyValue>> | undefined;
  /** Other jobs that it invokes, to be run for real. */
  readonly jobs?: readonly AnyJob[] | undefined;
  /**
   * Outputs of other jobs that it invokes, by job id: with an Error the run of that job fails, a function takes the
   * place of its `run`. Where the job is given in `jobs`, too, its schema and declared errors hold.
   */
  readonly children?: Readonly<Record<string, ChosenRun | AnyValue>> | undefined;
  /** Signals that were sent before it began. */
  readonly signals?: readonly TestSignal[] | undefined;
  /** Bodies that are sent to the URLs of its `io.waitForRequest`s, by their keys, written as those of tasks are. */
  readonly requests?: Readonly<Record<string, unknown>> | undefined;
  /** Called in the place of the job's own hooks. */
  readonly hooks?: TestHooks | undefined;
  /** Whether it is an error when something of the above was not asked for. Default `"error"`. */
  readonly unused?: "error" | "allow" | undefined;
  /** What the clock says at the beginning. Default 2026-01-01T00:00:00Z. */
  readonly now?: Date | undefined;
  /** How it is invoked: context, account, tags and the rest. */
  readonly invoke?: InvokeOptions | undefined;
}

const KNOWN_OPTIONS: Record<keyof TestJobOptions, true> = {
  tasks: true,
  jobs: true,
  children: true,
  signals: true,
  requests: true,
  hooks: true,
  unused: true,
  now: true,
  invoke: true,
};

/** @throws InvalidOptionError */
export function checkTestJobOptions(options: TestJobOptions): void {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const { now, unused = "error" } = options;
  if (now !== undefined && !isValidDate(now)) throw new InvalidOptionError("now", "give a valid Date");
  if (unused !== "error" && unused !== "allow") throw new InvalidOptionError("unused", 'give "error" or "allow"');
}

function isValidDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
