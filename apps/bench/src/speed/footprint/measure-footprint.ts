import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { spreadOf } from "../../scale/median.ts";
import type { Figures } from "../workloads/workload.ts";
import { ensureDashboard } from "./ensure-dashboard.ts";
import { startFirstRun } from "./start-first-run.ts";

/** A third of a second each, which one slow moment would decide. */
const STARTS = 5;
const MIB = 2 ** 20;

interface Memory {
  readonly idle: number;
  readonly loaded: number;
}

/**
 * W8: from the start of a process to its first finished run, and its memory, idle and after a load.
 * @throws when a server ends before it has told, or is late; aborted, the signal's reason
 */
export async function measureFootprint(folder: string, signal?: AbortSignal): Promise<Figures> {
  ensureDashboard();
  const starts: number[] = [];
  for (let start = 1; start <= STARTS; start += 1) starts.push(await timeStart(join(folder, `${start}.db`), signal));
  const memory = await measureMemory(join(folder, "memory.db"), signal);
  return {
    "first run ms": spreadOf(starts).median,
    "idle MiB": memory.idle,
    "bare Node MiB": measureBareNode(),
    "after load MiB": memory.loaded,
  };
}

async function timeStart(database: string, signal: AbortSignal | undefined): Promise<number> {
  const startedAt = performance.now();
  await using server = startFirstRun(database, signal);
  await server.hear();
  return performance.now() - startedAt;
}

async function measureMemory(database: string, signal: AbortSignal | undefined): Promise<Memory> {
  await using server = startFirstRun(database, signal);
  await server.hear();
  return (await server.hear()) as Memory;
}

/** Resident: what of the program itself counts as that depends on how the machine has cached it. */
function measureBareNode(): number {
  return Number(execFileSync(process.execPath, ["--print", "process.memoryUsage.rss()"]).toString()) / MIB;
}
