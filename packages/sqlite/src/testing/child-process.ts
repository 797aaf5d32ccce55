import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process that a test started: it prints lines, and ends when it is told or killed. */
export interface Child extends AsyncDisposable {
  /** The next line it prints. */
  line(): Promise<string>;
  /** Ends its standard input, on which scripts wait. */
  endInput(): void;
  kill(): Promise<void>;
  /** Its exit code; null after a kill. */
  exit(): Promise<number | null>;
}

/** Runs TypeScript in a process of its own; `database`, `openSqliteStore`, `Database` and `inputEnds` are there. */
export function startChild(database: string, script: string, nodeFlags: readonly string[] = []): Child {
  const store = new URL("../open-sqlite-store.ts", import.meta.url).href;
  const source = `
    import { once } from "node:events";
    import { writeSync } from "node:fs";
    import { createRequire } from "node:module";
    import { openSqliteStore } from ${JSON.stringify(store)};
    const database = ${JSON.stringify(database)};
    const Database = createRequire(${JSON.stringify(store)})("better-sqlite3");
    const inputEnds = once(process.stdin.resume(), "end");
    ${script}`;
  const flags = [...nodeFlags, "--conditions=@beckon/source", "--input-type=module-typescript", "--eval", source];
  const child = spawn(process.execPath, flags, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return {
    line: async () => String((await lines.next()).value),
    endInput: () => void child.stdin.end(),
    kill,
    exit: async () => {
      await exited;
      return child.exitCode;
    },
    [Symbol.asyncDispose]: kill,
  };
}
