import type { AnyJob } from "@beckon/core";
import { NotConnectedError, transportOf } from "@beckon/core/runtime";
import { type Engine, engineOf } from "@beckon/engine";

/**
 * The engine that the job is connected to, looked up at each call: a router may be built before the server starts.
 * @throws NotConnectedError when it is connected to none, or to one in another process
 */
export function findEngineOf(job: AnyJob): Engine {
  const transport = transportOf(job);
  const engine = engineOf(transport);
  if (engine !== undefined) return engine;
  throw new NotConnectedError(
    `Job "${job.id}" is connected to ${transport.description}, which is not in this process: ` +
      "mount the router where the jobs run, or hand createJobRouter an engine.",
  );
}

/**
 * The one engine of the jobs, for what is about all of them. Jobs that no server runs are passed over.
 * @throws NotConnectedError when there is none, or more than one
 */
export function findEngine(jobs: Iterable<AnyJob>): Engine {
  const [first, ...others] = jobs;
  if (first === undefined)
    throw new NotConnectedError("This router has no jobs: hand createJobRouter a module that exports some.");
  const found = [first, ...others].flatMap((job) => {
    const engine = findHere(job);
    return engine === undefined ? [] : [{ job, engine }];
  });
  const [one] = found;
  // It says what is wrong with its connection.
  if (one === undefined) return findEngineOf(first);
  const other = found.find(({ engine }) => engine !== one.engine);
  if (other === undefined) return one.engine;
  throw new NotConnectedError(
    `Jobs "${one.job.id}" and "${other.job.id}" are connected to two servers: ` +
      "make a router of the jobs of each, or hand createJobRouter an engine.",
  );
}

function findHere(job: AnyJob): Engine | undefined {
  try {
    return findEngineOf(job);
  } catch {
    return undefined; // Whoever calls this job is told.
  }
}
