import { describeValue, InvalidOptionError, toMs, toRetryPolicy } from "@beckon/core/runtime";
import type { RetryPolicy, StepKey, TaskOptions } from "@beckon/core/runtime";
import { formatKey } from "./step-id.ts";
import { checkOptions, ofStep } from "./step-options.ts";

/** What the options of a task say about its attempts. */
export interface TaskSettings {
  /** undefined: the key. */
  readonly name: string | undefined;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number | null;
}

export const NO_OPTIONS: TaskOptions = {};

const NO_SETTINGS: TaskSettings = { name: undefined, policy: toRetryPolicy(undefined), timeoutMs: null };

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof TaskOptions, true>> = {
  name: true,
  icon: true,
  description: true,
  params: true,
  properties: true,
  retry: true,
  timeout: true,
  redact: true,
};

/**
 * Checks what `io.runTask` was given, where the task is new: one that has begun goes on, though it was begun by a version that
 * checked less. @throws InvalidOptionError naming the task
 */
export function checkTaskOptions(key: StepKey, options: TaskOptions): void {
  if (options === NO_OPTIONS) return;
  const step = `Task ${formatKey(key)}`;
  checkOptions(step, options, KNOWN_OPTIONS);
  ofStep(step, () => {
    checkName(options.name);
    checkPaths(options.redact);
  });
}

/** @throws InvalidOptionError naming the task */
export function readTaskOptions(key: StepKey, options: TaskOptions): TaskSettings {
  if (options === NO_OPTIONS) return NO_SETTINGS;
  return ofStep(`Task ${formatKey(key)}`, () => {
    const { name, retry, timeout } = options;
    return { name, policy: toRetryPolicy(retry), timeoutMs: timeout === undefined ? null : toMs(timeout, "timeout") };
  });
}

function checkName(name: unknown): void {
  if (name === undefined || typeof name === "string") return;
  throw new InvalidOptionError("name", `it is ${describeValue(name)}: give a text`);
}

function checkPaths(redact: unknown): void {
  if (redact === undefined || (Array.isArray(redact) && redact.every((path) => typeof path === "string"))) return;
  throw new InvalidOptionError("redact", `it is ${describeValue(redact)}: give a list of paths`);
}
