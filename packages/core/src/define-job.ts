import { checkJobOptions } from "./check-options.ts";
import { checkLimit, type ConcurrencyLimit, defineLimit } from "./concurrency-limit.ts";
import type { Connections } from "./connections.ts";
import type { CheckedErrors, DeclaredErrorsByCode } from "./declared-errors.ts";
import { type Duration, toMs } from "./duration.ts";
import { InvalidOptionError } from "./errors.ts";
import type { IO } from "./io.ts";
import type { JobDefinition } from "./job-definition.ts";
import { createJob, type Job } from "./job.ts";
import { refuseUnknownOptions } from "./known-options.ts";
import { type RetryOptions, toRetryPolicy } from "./retry.ts";
import type { RunContext, RunNotification } from "./run-context.ts";
import type { LogLevel } from "./run-event.ts";
import type { FailedResult, SuccessfulResult } from "./run-result.ts";
import type { Trigger } from "./trigger.ts";

/** What `client.defineJob` takes. */
export interface JobOptions<Input, Payload, Returned, Errors> {
  /** Unique among a server's jobs; 1 to 128 lower-case letters, digits, `-`, `.`, `_`, not dots alone. Runs are stored under it. */
  readonly id: string;
  /** For people; may change. */
  readonly name: string;
  /** `x.y.z`, digits only. Runs record the one they were made with. */
  readonly version: string;
  readonly trigger: Trigger<Input, Payload>;
  /** Declared failures, a schema for each code's data: `throw ctx.errors.CODE(data)`. */
  readonly errors?: (Errors & CheckedErrors<Errors>) | undefined;
  /** The work. May be executed again from the top after a crash or a wait; steps made through `io` are not repeated. */
  readonly run: (payload: Payload, io: IO, ctx: RunContext<NoInfer<Errors>>) => Returned;
  /** Default true. Invoking a disabled job is refused. */
  readonly enabled?: boolean | undefined;
  /** For the whole run; finished steps are kept. Default: an error that escapes `run` fails it. */
  readonly retry?: RetryOptions | undefined;
  /** Executing time, waits excluded. Default: none. */
  readonly maxDuration?: Duration | undefined;
  /** A run not started within it, counted from when it was first queued, becomes EXPIRED. Default: none. */
  readonly ttl?: Duration | undefined;
  /** Executing runs at once, over all processes, exact; or a limit that several jobs share. Default: none. */
  readonly concurrencyLimit?: number | ConcurrencyLimit | undefined;
  /** Messages below this level are not kept. Default `"info"`. */
  readonly logLevel?: LogLevel | undefined;
  /** Called at least once after a run has succeeded; when it throws it is called again, five times in all. */
  readonly onSuccess?: ((notification: SuccessNotification<Returned>) => unknown) | undefined;
  /** The same for every other end: FAILURE, TIMED_OUT, CANCELED, EXPIRED. */
  readonly onFailure?:
    | ((notification: RunNotification<FailedResult<DeclaredErrorsByCode<Errors>[keyof Errors & string]>>) => unknown)
    | undefined;
}

/**
 * The compiler settles what `run` returns at the first function that it needs it for, and reads fields in their order: as unknown,
 * for all callers of the job, where that is this hook. An `any` is none of its making.
 */
type SuccessNotification<Returned> = unknown extends Returned
  ? 0 extends 1 & Returned
    ? NotificationOf<Returned>
    : { readonly "Write onSuccess behind run: before it, what run returns is not known yet.": never }
  : NotificationOf<Returned>;

type NotificationOf<Returned> = RunNotification<SuccessfulResult<Settled<Returned>>>;

/**
 * The output of what `run` returns. `Awaited` says the same, and costs the compiler a third more for each job; so would `PromiseLike`,
 * were it asked about first.
 */
export type Settled<Returned> =
  Returned extends Promise<infer Output> ? Output : Returned extends PromiseLike<infer Output> ? Output : Returned;

/** Checks the options and makes the job. @throws DefinitionError @throws InvalidOptionError */
export function defineJob<Input, Payload, Returned, Errors>(
  options: JobOptions<Input, Payload, Returned, Errors>,
  owner: { readonly clientId: string; readonly transports: Connections["ofClient"] },
): Job<Input, Payload, Settled<Returned>, DeclaredErrorsByCode<Errors>[keyof Errors & string]> {
  const { id } = options;
  checkJobOptions(options);
  ofJob(id, () => refuseUnknownOptions(options, KNOWN_OPTIONS));
  const definition: JobDefinition = {
    id,
    name: options.name,
    version: options.version,
    clientId: owner.clientId,
    enabled: options.enabled ?? true,
    schema: options.trigger.schema,
    examples: options.trigger.examples,
    errors: (options.errors ?? {}) as JobDefinition["errors"],
    ...ofJob(id, () => readTimes(options)),
    concurrencyLimit: ofJob(id, () => toLimit(id, options.concurrencyLimit)),
    logLevel: options.logLevel ?? "info",
    run: options.run,
    // Of a generic job the compiler cannot tell that the notification is one.
    onSuccess: options.onSuccess as JobDefinition["onSuccess"],
    onFailure: options.onFailure,
  };
  return createJob(Object.freeze(definition), { own: new Set(), ofClient: owner.transports });
}

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof JobOptions<unknown, unknown, unknown, object>, true>> = {
  id: true,
  name: true,
  version: true,
  trigger: true,
  errors: true,
  run: true,
  enabled: true,
  retry: true,
  maxDuration: true,
  ttl: true,
  concurrencyLimit: true,
  logLevel: true,
  onSuccess: true,
  onFailure: true,
};

interface TimeOptions {
  readonly retry?: RetryOptions | undefined;
  readonly maxDuration?: Duration | undefined;
  readonly ttl?: Duration | undefined;
}

function readTimes({ retry, maxDuration, ttl }: TimeOptions): Pick<JobDefinition, "retry" | "maxDurationMs" | "ttlMs"> {
  return {
    retry: retry === undefined ? null : toRetryPolicy(retry),
    maxDurationMs: optionalMs(maxDuration, "maxDuration"),
    ttlMs: optionalMs(ttl, "ttl"),
  };
}

/** What refuses an option knows only its name; of which job it is nobody could tell where many are defined. */
function ofJob<Checked>(id: string, check: () => Checked): Checked {
  try {
    return check();
  } catch (error) {
    throw error instanceof InvalidOptionError ? error.of({ jobId: id }) : error;
  }
}

function optionalMs(duration: Duration | undefined, option: string): number | null {
  return duration === undefined ? null : toMs(duration, option);
}

function toLimit(jobId: string, limit: number | ConcurrencyLimit | null | undefined): ConcurrencyLimit | null {
  if (limit === undefined || limit === null) return null;
  if (typeof limit === "object") {
    // Whoever wrote it as a plain object has not had it checked yet.
    const shared = defineLimit(limit, `Job "${jobId}": `);
    return { id: `shared:${shared.id}`, limit: shared.limit };
  }
  checkLimit(limit, `Job "${jobId}"`);
  return { id: `job:${jobId}`, limit };
}
