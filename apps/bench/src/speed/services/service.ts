import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/**
 * A process behind a system under measurement, on this machine. It is started detached, where the starter may say so: what
 * a terminal sends to all that runs in it reaches the benchmark alone, which then ends its services.
 */
export interface Service {
  readonly url: string;
  readonly version: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export function pidOf({ pid, spawnfile }: ChildProcess): number {
  if (pid === undefined) throw new Error(`${spawnfile} was not started`);
  return pid;
}

/** Asks a process to end, and waits until it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}

/** Resolves with what is awaited of a process; where that fails, the process is ended first. */
export async function orEnd<Value>(child: ChildProcess, awaited: Promise<Value>): Promise<Value> {
  try {
    return await awaited;
  } catch (error) {
    await endProcess(child);
    throw error;
  }
}
