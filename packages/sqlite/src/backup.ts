import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type Database from "better-sqlite3";
import type { OpenFile } from "./open-file.ts";

/**
 * What the thread runs. It is text, so that it needs no file of its own: sources and the built package find the
 * driver in the same way. Whether it is read as a module or as a script follows from how the process was started.
 */
const COPY = `
const { workerData } = process.getBuiltinModule("node:worker_threads");
const Database = process.getBuiltinModule("node:module").createRequire(workerData.driver)(workerData.driver);
const db = new Database(workerData.from, { timeout: 60_000, fileMustExist: true });
db.prepare("VACUUM INTO ?").run(workerData.to);
db.close();
`;

interface Source {
  readonly db: Database.Database;
  /** null: it is in memory. */
  readonly file: OpenFile | null;
}

/** Writes a consistent copy to a new file; a thread does it, so that a large database does not hold the event loop. */
export async function backupDatabase({ db, file }: Source, path: string): Promise<void> {
  // To SQLite either of them is a database that is gone when the copy is complete.
  if (path === "" || path === ":memory:")
    throw new Error(`There is no backup to ${JSON.stringify(path)}: name a file that is not there yet.`);
  if (file !== null && !file.isThere())
    throw new Error(
      `There is no backup to ${path}: the file of the database is not at ${file.path} any more. Put it back.`,
    );
  const wasThere = existsSync(path);
  try {
    if (file === null) db.prepare("VACUUM INTO ?").run(path);
    else await copyInThread(file.path, path);
  } catch (cause) {
    // Half a copy would be taken for one, and be in the way of the next.
    if (!wasThere) for (const half of [path, `${path}-journal`]) rmSync(half, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The backup to ${path} failed: ${reason}. Name a new file, in a folder that is there and has room.`,
      {
        cause,
      },
    );
  }
}

async function copyInThread(from: string, to: string): Promise<void> {
  const driver = createRequire(import.meta.url).resolve("better-sqlite3");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const thread = new Worker(COPY, { eval: true, workerData: { driver, from, to } });
  thread.once("error", reject);
  thread.once("exit", (code) => {
    if (code === 0) resolve();
    else reject(new Error(`its thread stopped with exit code ${code}`));
  });
  await promise;
}
