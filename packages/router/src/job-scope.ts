import type { AnyJob } from "@beckon/core";
import type { Engine, JobIds } from "@beckon/engine";

/**
 * The jobs that a router keeps to, in what it shows and does; undefined where they are all that the engine runs: such a router has
 * everything, also the old runs of jobs that are gone, and looks for nothing.
 */
export function createScope(jobs: Iterable<AnyJob>, engine: () => Engine): () => JobIds | undefined {
  const own = new Set([...jobs].map(({ id }) => id));
  let known: { readonly all: Engine["jobs"]; readonly scope: JobIds | undefined } | undefined;
  return () => {
    const { jobs: all } = engine();
    if (known?.all !== all) known = { all, scope: [...all.keys()].every((id) => own.has(id)) ? undefined : own };
    return known.scope;
  };
}
