import { execFileSync } from "node:child_process";

/** The processes that were halted, with those they had started. */
const halted = new Set<number>();

/** Halts a process and all that it started: it takes no time from what is measured meanwhile. */
export function halt(pid: number): void {
  if (signalTree(pid, "SIGSTOP")) halted.add(pid);
}

/** Lets a halted process and all that it started go on; gives whether it was halted. */
export function goOn(pid: number): boolean {
  signalTree(pid, "SIGCONT");
  return halted.delete(pid);
}

/** @throws where nothing can be halted with what it started, since the command that lists processes is missing */
export function refuseUnhaltable(): void {
  listChildren(process.pid);
}

/** false: it has ended, and there is nothing left to halt. */
function signalTree(pid: number, signal: "SIGSTOP" | "SIGCONT"): boolean {
  try {
    process.kill(pid, signal);
  } catch {
    return false;
  }
  for (const child of listChildren(pid)) signalTree(child, signal);
  return true;
}

function listChildren(pid: number): readonly number[] {
  try {
    return execFileSync("pgrep", ["-P", String(pid)])
      .toString()
      .trim()
      .split("\n")
      .map(Number);
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 1) return [];
    throw new Error("pgrep is needed to halt the servers that others are measured beside: install procps", {
      cause: error,
    });
  }
}
