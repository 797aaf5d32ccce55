import type { AnyJob } from "@beckon/core";
import { NotConnectedError, transportOf } from "@beckon/core/runtime";
import { type Engine, engineOf } from "@beckon/engine";

/**
 * The engine that the jobs are connected to, looked up at each call: a router may be built before the server starts.
 * @throws NotConnectedError when they are connected to none, or to one in another process
 */
export function findEngine(jobs: Iterable<AnyJob>): Engine {
  const [job] = jobs;
  if (job === undefined)
    throw new NotConnectedError("This router has no jobs: hand createJobRouter a module that exports some.");
  const transport = transportOf(job);
  const engine = engineOf(transport);
  if (engine !== undefined) return engine;
  throw new NotConnectedError(
    `Job "${job.id}" is connected to ${transport.description}, which is not in this process: ` +
      "mount the router where the jobs run, or hand createJobRouter an engine.",
  );
}
