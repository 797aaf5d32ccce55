import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Journal } from "./journal.ts";

export interface ServerFiles {
  readonly database: string;
  readonly journalPath: string;
  readonly journal: Journal;
}

/** A server process that is killed and started again on the same file. */
export class ChaosServer {
  readonly #files: ServerFiles;
  #child: ReturnType<typeof spawn> | null = null;
  /** null: it is down. */
  url: string | null = null;

  constructor(files: ServerFiles) {
    this.#files = files;
  }

  async start(): Promise<void> {
    const script = fileURLToPath(new URL("chaos-server.ts", import.meta.url));
    const { database, journalPath } = this.#files;
    const child = spawn(process.execPath, ["--conditions=@beckon/source", script, database, journalPath], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      once(child, "exit").then(([code]) =>
        Promise.reject(new Error(`A server ended with code ${String(code)} before it served.`)),
      ),
    ]);
    this.url = String(line[0]);
  }

  /** SIGKILL: the process gets no moment for itself. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    this.#child = null;
    this.url = null;
    const ended = once(child, "exit");
    this.#files.journal.write({ kind: "kill", pid: child.pid });
    child.kill("SIGKILL");
    await ended;
  }
}
