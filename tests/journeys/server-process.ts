import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");

/** A folder of the test's own, gone at its end. */
export async function makeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "beckon-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Resolves when the process is gone, by SIGKILL: it can tidy up nothing. */
  kill(): Promise<void>;
}

export interface FinishedProcess {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program of `apps/server` on a free port; resolves when it says that it serves. */
export async function startServerProcess(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawnProgram("apps/server/src/main.ts", [], { PORT: "0", ...environment });
  const ended = collect(child);
  const ready = readUrl(child);
  const first = await Promise.race([ready, ended]);
  if (typeof first !== "string") throw new Error(`The server did not start: ${first.stderr || first.stdout}`);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return { url: first, kill, [Symbol.asyncDispose]: kill };
}

/** Runs a program of this repository to its end. */
export async function runProgram(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<FinishedProcess> {
  return collect(spawnProgram(path, args, environment));
}

/** The same with a reader that goes away after the first lines, as `head` does. */
export async function runProgramUnread(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<FinishedProcess> {
  const child = spawnProgram(path, args, environment);
  child.stdout?.once("data", () => child.stdout?.destroy());
  return collect(child);
}

function spawnProgram(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, ["--conditions=@beckon/source", join(ROOT, path), ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function readUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The process has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Beckon is ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return new Promise(() => undefined);
}

async function collect(child: ChildProcess): Promise<FinishedProcess> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (stderr += String(chunk)));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr };
}
