import { createErrorConstructors } from "@beckon/core/runtime";
import type { JobDefinition, RunContext } from "@beckon/core/runtime";
import type { Frame } from "./io/frame.ts";
import { decodeOptional } from "./read-result.ts";

/** `ctx`: what a run knows about itself. */
export function toRunContext(frame: Frame): RunContext {
  const { run, context } = frame.claimed;
  const { definition, parts } = frame;
  return {
    job: { id: definition.id, version: definition.version },
    run: {
      id: run.id,
      isTest: run.isTest,
      isReplay: run.replayOf !== null,
      attempt: run.attempt,
      startedAt: new Date(run.startedAt ?? parts.clock.now()),
      tags: run.tags,
    },
    event: { id: run.id, name: "invoke", context: decodeOptional(context), timestamp: new Date(run.createdAt) },
    parent: run.parentRunId === null ? undefined : { runId: run.parentRunId, jobId: run.parentJobId ?? "" },
    account: run.accountId === null ? undefined : { id: run.accountId },
    environment: parts.environment,
    signal: frame.signal,
    errors: errorsOf(definition),
  };
}

type Constructors = ReturnType<typeof createErrorConstructors>;

const constructorsOf = new WeakMap<JobDefinition, Constructors>();

/** Made from the definition's own codes, once: the types in `defineJob` are about the same record. */
function errorsOf(definition: JobDefinition): Constructors {
  const known = constructorsOf.get(definition);
  if (known !== undefined) return known;
  const made = Object.freeze(createErrorConstructors(Object.keys(definition.errors)));
  constructorsOf.set(definition, made);
  return made;
}
