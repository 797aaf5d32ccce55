import { fork } from "node:child_process";
import { on } from "node:events";
import { fileURLToPath } from "node:url";
import { endProcess, pidOf } from "../services/service.ts";

const FIRST_RUN = fileURLToPath(new URL("first-run.mjs", import.meta.url));
/** It takes five seconds. */
const TIME_LIMIT_MS = 60_000;

/** A server from nothing, in a process of its own over the built packages. Disposed of, the process has ended. */
export interface FirstRun extends AsyncDisposable {
  readonly pid: number;
  /** What it tells next. @throws when it ends before that, or is late; aborted, the signal's reason */
  readonly hear: () => Promise<unknown>;
}

export function startFirstRun(database: string, signal?: AbortSignal): FirstRun {
  signal?.throwIfAborted();
  const child = fork(FIRST_RUN, [database], { execArgv: [] });
  const late = AbortSignal.timeout(TIME_LIMIT_MS);
  const given = AbortSignal.any(signal === undefined ? [late] : [late, signal]);
  // "close" comes after the last message was read, "exit" perhaps before. What an aborted iterator throws is not the reason.
  const told = on(child, "message", { close: ["close"], signal: given });
  const hear = async (): Promise<unknown> => {
    const next = await told.next().catch((error: unknown) => {
      if (late.aborted) throw new Error(`the server took longer than ${TIME_LIMIT_MS / 1_000} s`);
      throw given.aborted ? given.reason : error;
    });
    if (next.done !== true) return (next.value as readonly unknown[])[0];
    throw new Error(`the server ended with ${child.signalCode ?? child.exitCode} before it told what it was asked for`);
  };
  return {
    pid: pidOf(child),
    hear,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await endProcess(child);
    },
  };
}
