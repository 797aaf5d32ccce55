import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spreadOf } from "../../scale/median.ts";
import type { Figures } from "../workloads/workload.ts";

const FIRST_RUN = fileURLToPath(new URL("first-run.mjs", import.meta.url));

/** A third of a second each, which one slow moment would decide. */
const STARTS = 5;

/** W8: from the start of a process to its first finished run, and its memory, idle and after a load. */
export async function measureFootprint(folder: string): Promise<Figures> {
  const starts: number[] = [];
  for (let start = 1; start < STARTS; start += 1) {
    const { child, tookMs } = await startOnce(join(folder, `start-${start}.db`));
    starts.push(tookMs);
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  const { child, tookMs } = await startOnce(join(folder, "first.db"));
  const [memory] = (await once(child, "message")) as [{ readonly idle: number; readonly loaded: number }];
  if (child.exitCode === null) await once(child, "exit");
  return {
    "first run ms": spreadOf([...starts, tookMs]).median,
    "idle MiB": memory.idle,
    "of that bare Node": measureBareNode(),
    "after load MiB": memory.loaded,
  };
}

/** Resident, in MiB: what of the program itself counts as that depends on how the machine has cached it. */
function measureBareNode(): number {
  return Number(execFileSync(process.execPath, ["--print", "process.memoryUsage.rss()"]).toString()) / 2 ** 20;
}

async function startOnce(database: string): Promise<{ readonly child: ChildProcess; readonly tookMs: number }> {
  const startedAt = performance.now();
  const child = fork(FIRST_RUN, [database], { execArgv: [] });
  await once(child, "message");
  return { child, tookMs: performance.now() - startedAt };
}
