import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "../create-server.ts";
import type { ServerOptions } from "../server-options.ts";

/** A server of a test's own: a database file in a folder of its own, a free port. */
export interface TestServer<Jobs> extends Server<Jobs> {
  /** The database file, for a test that opens it again. */
  readonly database: string;
}

/**
 * Starts a server for one test; leaving the block stops it and removes its files.
 *
 * @example await using server = await startTestServer({ jobs });
 */
export async function startTestServer<Jobs extends object>(options: ServerOptions<Jobs>): Promise<TestServer<Jobs>> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-"));
  const database = typeof options.database === "string" ? options.database : join(folder, "test.db");
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const server = await createServer({ port: 0, ...options, database: options.database ?? database });
    const dispose = async (): Promise<void> => {
      await server.stop({ timeout: 0 });
      await removeFolder();
    };
    return { ...server, database, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
