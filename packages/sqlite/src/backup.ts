import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type Database from "better-sqlite3";

/**
 * What the thread runs. It is text, so that it needs no file of its own: sources and the built package find the
 * driver in the same way.
 */
const COPY = `
const { workerData } = require("node:worker_threads");
const Database = require(workerData.driver);
const db = new Database(workerData.from, { timeout: 60_000 });
db.prepare("VACUUM INTO ?").run(workerData.to);
db.close();
`;

/** Writes a consistent copy to a new file; a thread does it, so that a large database does not hold the event loop. */
export async function backupDatabase(db: Database.Database, path: string): Promise<void> {
  if (db.memory) {
    db.prepare("VACUUM INTO ?").run(path);
    return;
  }
  const driver = createRequire(import.meta.url).resolve("better-sqlite3");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const thread = new Worker(COPY, { eval: true, workerData: { driver, from: db.name, to: path } });
  thread.once("error", reject);
  thread.once("exit", (code) => {
    if (code === 0) resolve();
    else reject(new Error(`The backup to ${path} stopped with exit code ${code}.`));
  });
  await promise;
}
