import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./serve-marked-jobs.ts", import.meta.url));

/** A server in a process of its own. */
export interface ChildServer extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when it prints this line: it has come to the mark at which it was told to stay. */
  untilLine(line: string): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Stops it in good order; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface ChildServerOptions {
  readonly path: string;
  readonly stayAt?: string | undefined;
  /** While it stays it holds the event loop, until this file is there. */
  readonly blockUntil?: string | undefined;
}

/** Starts it, and waits until it serves. */
export async function startChildServer({ path, stayAt, blockUntil }: ChildServerOptions): Promise<ChildServer> {
  const env = {
    ...process.env,
    ...(stayAt === undefined ? {} : { BECKON_TEST_STAY: stayAt }),
    ...(blockUntil === undefined ? {} : { BECKON_TEST_BLOCK: blockUntil }),
  };
  const flags = ["--conditions=@beckon/source", "--disable-warning=ExperimentalWarning", SCRIPT, path];
  const child = spawn(process.execPath, flags, { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  const untilLine = async (wanted: string): Promise<void> => {
    for (let line = await lines.next(); line.value !== wanted; line = await lines.next())
      if (line.done === true) throw new Error(`The server ended before it printed "${wanted}".`);
  };
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  await untilLine("ready");
  return {
    pid: child.pid ?? 0,
    untilLine,
    kill,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.stdin.end();
      await exited;
      return child.exitCode;
    },
    [Symbol.asyncDispose]: () => kill(),
  };
}

/** Where the jobs over this database mark where they are. */
export function marksOf(path: string): string {
  return `${path}.marks`;
}

/** What the jobs of all processes over this database have marked, in order. */
export async function readMarks(path: string): Promise<readonly string[]> {
  const text = await readFile(marksOf(path), "utf8");
  return text.split("\n").filter((line) => line !== "");
}
