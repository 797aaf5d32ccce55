import { execFileSync } from "node:child_process";

/** Halts a process and all that it started: it takes no time from what is measured meanwhile. */
export function halt(pid: number): void {
  signalTree(pid, "SIGSTOP");
}

/** Lets a halted process and all that it started go on. */
export function goOn(pid: number): void {
  signalTree(pid, "SIGCONT");
}

function signalTree(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended: there is nothing left to halt.
    return;
  }
  for (const child of listChildren(pid)) signalTree(child, signal);
}

function listChildren(pid: number): readonly number[] {
  try {
    return execFileSync("pgrep", ["-P", String(pid)])
      .toString()
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    // None, or the command is not there: then what the process started goes on.
    return [];
  }
}
