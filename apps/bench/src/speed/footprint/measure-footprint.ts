import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "../workloads/workload.ts";

const FIRST_RUN = fileURLToPath(new URL("first-run.mjs", import.meta.url));

/** W8: from the start of a process to its first finished run, and its memory, idle and after a load. */
export async function measureFootprint(folder: string): Promise<Figures> {
  const startedAt = performance.now();
  const child = fork(FIRST_RUN, [join(folder, "first.db")], { execArgv: [] });
  await once(child, "message");
  const firstRunMs = performance.now() - startedAt;
  const [memory] = (await once(child, "message")) as [{ readonly idle: number; readonly loaded: number }];
  if (child.exitCode === null) await once(child, "exit");
  return { "first run ms": firstRunMs, "idle MiB": memory.idle, "after load MiB": memory.loaded };
}
