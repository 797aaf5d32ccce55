import { encode } from "@beckon/core/runtime";
import type { Logger, LogLevel } from "@beckon/core/runtime";
import { type StoredError, toStoredError } from "../error-text.ts";
import type { RunError } from "../run-error.ts";
import { toLogKey } from "../store/log-key.ts";
import { isError, textOf } from "../thrown-text.ts";
import type { Place } from "./frame.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** `io.logger`: messages go to disk with the next write, and those already there are skipped on replay. */
export function createLogger(place: () => Place): Logger {
  return {
    debug: (message, data) => writeMessage(place(), { level: "debug", message, data }),
    info: (message, data) => writeMessage(place(), { level: "info", message, data }),
    warn: (message, data) => writeMessage(place(), { level: "warn", message, data }),
    error: (message, data) => writeMessage(place(), { level: "error", message, data }),
  };
}

interface Message {
  readonly level: LogLevel;
  /** A text, or whatever somebody took for one, such as a caught error. */
  readonly message: unknown;
  readonly data: unknown;
}

export function writeMessage({ frame, scope }: Place, { level, message, data }: Message): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(frame.definition.logLevel)) return;
  const { logScope, shownIn } = scope;
  const key = toLogKey({ scope: logScope, level });
  const skips = frame.logSkips.get(key) ?? 0;
  if (skips > 0) {
    frame.logSkips.set(key, skips - 1);
    return;
  }
  if (frame.isClosed) return;
  const error = isError(message) ? toStoredError(message) : undefined;
  const told = data === undefined ? error : data;
  frame.writer.noteEvent({
    type: "log",
    at: frame.parts.clock.now(),
    taskId: shownIn,
    level,
    message: error === undefined ? textOf(message) : `${error.name}: ${error.message}`,
    data: told === undefined ? null : encodeLeniently(told),
    scope: logScope,
  });
}

interface FailedAttempt {
  readonly attempt: number;
  readonly nextAt: number;
  readonly reason: string;
  readonly error: StoredError | RunError;
}

/**
 * Tells why an attempt failed that is followed by another: once that one succeeds, no record says it any more. It is the last
 * message in the attempt's own scope, so that a replay which comes to the same end skips it.
 */
export function tellOfFailedAttempt(place: Place, { attempt, nextAt, reason, error }: FailedAttempt): void {
  const next = `attempt ${attempt + 1} starts at ${new Date(nextAt).toISOString()}`;
  writeMessage(place, { level: "warn", message: `Attempt ${attempt} failed: ${reason}; ${next}.`, data: error });
}

/** A message must not fail a run: what cannot be kept is replaced by the reason. */
function encodeLeniently(data: unknown): string {
  try {
    return encode(data, "data");
  } catch (error) {
    return encode(error instanceof Error ? `[not kept: ${error.message}]` : "[not kept]", "data");
  }
}
