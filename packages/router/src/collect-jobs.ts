import type { AnyJob } from "@beckon/core";
import { DefinitionError } from "@beckon/core/runtime";

/** `then`, `call` and `apply` are tRPC's; `runs` and `catalog` stand beside the jobs in the typed client. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(["then", "call", "apply", "runs", "catalog"]);

/**
 * The jobs among the exports of a module, by the name of their export; other exports are left out. One job
 * under two names is one job.
 * @throws DefinitionError when two different jobs have one id, or an export's name cannot be part of a path
 */
export function collectJobs(exports: object): ReadonlyMap<string, AnyJob> {
  const jobs = new Map(Object.entries(exports).filter((entry): entry is [string, AnyJob] => isJob(entry[1])));
  for (const [name, job] of jobs) checkName(name, job);
  checkIds(jobs);
  return jobs;
}

/** Recognises a job of any copy of @beckon/core, bound to a server or not. */
function isJob(value: unknown): value is AnyJob {
  if (typeof value !== "object" || value === null) return false;
  const { definition, invoke }: Partial<AnyJob> = value;
  return typeof invoke === "function" && typeof definition === "object" && typeof definition.run === "function";
}

function checkName(name: string, { id }: AnyJob): void {
  if (RESERVED_NAMES.has(name)) {
    throw new DefinitionError(
      `Job "${id}" is exported as "${name}", a name that the router needs: export it under another.`,
    );
  }
  if (!/^[\w$-]+$/.test(name)) {
    throw new DefinitionError(
      `Job "${id}" is exported as "${name}", which cannot be part of a path: use letters, digits, "_", "$" and "-".`,
    );
  }
}

/** A job and its copy bound to a server have one definition, and so are the same job. */
function checkIds(jobs: ReadonlyMap<string, AnyJob>): void {
  const firstNames = new Map<string, string>();
  for (const [name, job] of jobs) {
    const firstName = firstNames.get(job.id);
    if (firstName !== undefined && jobs.get(firstName)?.definition !== job.definition) {
      throw new DefinitionError(
        `Two different jobs have the id "${job.id}", the exports "${firstName}" and "${name}": give one of them another id.`,
      );
    }
    firstNames.set(job.id, firstName ?? name);
  }
}
