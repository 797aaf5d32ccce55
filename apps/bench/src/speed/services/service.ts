import type { ChildProcess } from "node:child_process";

/** A process behind a system under measurement, on this machine. */
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
