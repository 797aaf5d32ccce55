import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnyJob, Duration } from "@beckon/core";
import { bindJob, InvalidOptionError, refuseUnknownOptions, toMs } from "@beckon/core/runtime";
import type { Engine } from "@beckon/engine";
import { checkExamples, collectJobs, type JobRouter } from "@beckon/router";
import { getRequestListener } from "@hono/node-server";
import { type AssembledServer, assembleServer } from "./assemble-server.ts";
import { openStore } from "./open-store.ts";
import { readServerOptions, type ServerOptions } from "./server-options.ts";

/** A server that runs jobs. `await using server = await createServer(…)` stops it at the end of the block. */
export interface Server<Jobs> extends AsyncDisposable {
  /** Where it is reached: the public URL, or where it listens. */
  readonly url: string;
  readonly router: JobRouter<Jobs>;
  /** The jobs, each bound to this server, whatever else it is connected to. */
  readonly jobs: BoundJobs<Jobs>;
  readonly engine: Engine;
  /** Everything that is served, to be mounted in Hono, Next, Bun or whatever speaks `Request` and `Response`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same for Express, Fastify and Node's own `http`. Mount it before what reads bodies. */
  readonly node: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /**
   * Takes no new runs, lets running steps finish for `timeout` (default 30 s), gives back what is left, and
   * closes the port and the database. Waits stay durable.
   */
  stop(options?: { readonly timeout?: Duration | undefined }): Promise<void>;
}

export type BoundJobs<Jobs> = { readonly [Name in keyof Jobs]: Jobs[Name] extends AnyJob ? Jobs[Name] : never };

/**
 * Opens the database, starts an engine on it and serves the jobs over one port: tRPC at `/trpc`, plain HTTP at
 * `/api/v1`.
 *
 * @example
 * import * as jobs from "@acme/jobs";
 * const server = await createServer({ jobs, port: 3000 });
 * const run = await server.jobs.exampleJob.invoke({ userId: "1", tier: "pro" });
 *
 * @throws StartError in a sentence: a taken port, a folder that cannot be written, a database of a newer version
 * @throws InvalidOptionError
 * @throws DefinitionError
 */
export async function createServer<Jobs extends object>(options: ServerOptions<Jobs>): Promise<Server<Jobs>> {
  const settings = readServerOptions(options);
  const jobs = collectJobs(options.jobs);
  await checkExamples(options.jobs);
  const { store, close } = await openStore(settings);
  let assembled: AssembledServer | undefined;
  try {
    assembled = assembleServer({ settings, jobs, store });
    await assembled.open();
    return toServer<Jobs>(assembled, jobs, close);
  } catch (error) {
    // Not by `await using`, which Node has from 24 on. Why it could not start is told, also where closing fails after that.
    await (assembled === undefined ? close() : closeAll(assembled, 0, close)).catch(() => undefined);
    throw error;
  }
}

/** As the listener of a signal it is handed the signal's name. */
function readStopOptions(options: unknown = {}): { readonly timeout?: Duration } {
  if (typeof options === "object" && options !== null) return options;
  if (String(options).startsWith("SIG")) return {};
  throw new InvalidOptionError("options", 'expected such as { timeout: "5s" }');
}

function toServer<Jobs>(
  assembled: AssembledServer,
  jobs: ReadonlyMap<string, AnyJob>,
  closeStore: () => Promise<void>,
): Server<Jobs> {
  const { engine, router, fetch, url } = assembled;
  let stopped: Promise<void> | undefined;
  const stop: Server<Jobs>["stop"] = async (options) => {
    const given = readStopOptions(options);
    const { timeout = "30s" } = given;
    refuseUnknownOptions(given, { timeout });
    const timeoutMs = toMs(timeout, "timeout");
    await (stopped ??= closeAll(assembled, timeoutMs, closeStore));
  };
  const bound = [...jobs].map(([name, job]) => [name, bindJob(job, engine.transport)] as const);
  return {
    url: url(),
    // As in createJobRouter: what was found among the exports at run time has the types of the exports.
    router: router as unknown as JobRouter<Jobs>,
    jobs: Object.fromEntries(bound) as BoundJobs<Jobs>,
    engine,
    fetch,
    node: getRequestListener(fetch, { overrideGlobalObjects: false }),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

async function closeAll(assembled: AssembledServer, timeoutMs: number, closeStore: () => Promise<void>): Promise<void> {
  try {
    await assembled.close(timeoutMs);
  } finally {
    await closeStore();
  }
}
