import {
  BATCH_LIMIT,
  InvalidOptionError,
  InvalidPayloadError,
  JobDisabledError,
  NotFoundError,
  parseWith,
  UnavailableError,
} from "@beckon/core/runtime";
import type { InvokeItem, JobDefinition } from "@beckon/core/runtime";
import { asRefusalOfItem } from "./batch-item.ts";
import { readBirthOptions, readFlag } from "./birth-options.ts";
import { digestOf } from "./digest.ts";
import type { EngineInvokeRequest, ParentStep } from "./engine.ts";
import { keyConflict } from "./key-conflict.ts";
import type { EngineParts } from "./parts.ts";
import { copyPayload, encodePayload } from "./payload-text.ts";
import { checkRepeated } from "./repeated-request.ts";
import type { CreateRunsOutcome } from "./store/births.ts";
import type { NewRun } from "./store/records.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";

/** What a birth needs to know beyond the request. */
export interface BirthRequest extends EngineInvokeRequest {
  readonly replayOf?: string | undefined;
}

/** The parent's claim is no longer good: it was canceled, or taken over. Nothing was made. */
export class LostParentError extends Error {
  override readonly name = "LostParentError";
}

/**
 * The birth of runs, for every door: tRPC, REST, job to job, batch, test run, replay. Checks the job, the
 * payload and the options of every item before anything is stored, then makes all runs or none.
 */
export async function invoke(request: BirthRequest, parts: EngineParts): Promise<readonly string[]> {
  const definition = findDefinition(request.jobId, parts);
  checkBatchSize(request);
  if (request.items.length === 0) return [];
  const runs: NewRun[] = [];
  let copies: readonly InvokeItem[] | undefined;
  for (const [index, item] of request.items.entries()) {
    const run = prepareRun({ item: copies?.[index] ?? item, index, request, definition, parts });
    // A schema without promises leaves none behind: then the run is on its way to disk in this very turn.
    if (!isPromise(run)) {
      runs.push(run);
      continue;
    }
    copies ??= request.items.map((later, at) => (at > index ? copyItem(later) : later));
    runs.push(await run);
  }
  const created = createRuns(runs, request, parts);
  announce(runs, parts);
  try {
    return await readOutcome(await created, { request, runs, parts });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const lengths = runs.map(({ input }) => input.length);
    parts.onRefused(
      error,
      lengths.reduce((sum, length) => sum + length, 0),
    );
    throw new UnavailableError(error.message, { cause: error });
  }
}

function createRuns(runs: readonly NewRun[], request: BirthRequest, parts: EngineParts): Promise<CreateRunsOutcome> {
  const parent = request.parent === undefined ? null : { claim: request.parent.claim, steps: request.parent.steps };
  // Of this job: another one's request of the same id is another request.
  const requestId = request.requestId === undefined ? null : `${request.jobId} ${request.requestId}`;
  // Where a slot is free, the runs begin with the commit that makes them.
  return parts.bear(runs, (claim) =>
    parts.store.createRuns({ runs, requestId, parent, claim, now: parts.clock.now() }),
  );
}

function announce(runs: readonly NewRun[], parts: EngineParts): void {
  for (const { startAt, ttlMs, createdAt } of runs) {
    if (startAt !== null) parts.onDueAt(startAt);
    else if (ttlMs !== null) parts.onDueAt(createdAt + ttlMs);
  }
}

interface Outcome {
  readonly request: BirthRequest;
  readonly runs: readonly NewRun[];
  readonly parts: EngineParts;
}

function readOutcome(
  outcome: CreateRunsOutcome,
  { request, runs, parts }: Outcome,
): readonly string[] | Promise<readonly string[]> {
  switch (outcome.kind) {
    case "created": {
      const ids = outcome.runs.map(({ id }) => id);
      const isNew = request.requestId === undefined || outcome.runs.some(({ isAdopted }) => !isAdopted);
      return isNew ? ids : checkRepeated({ request, runs, ids }, parts.store);
    }
    case "conflict":
      throw keyConflict({
        jobId: request.jobId,
        runId: findHolder(outcome, runs),
        index: request.isBatch ? outcome.index : undefined,
        what: "idempotency key",
      });
    case "lost":
      throw new LostParentError("The run that makes this call has ended or was taken over.");
  }
}

/** The run that has the key; none where that was to be one of these, which are refused together. */
function findHolder({ runId }: { readonly runId: string }, runs: readonly NewRun[]): string | undefined {
  return runs.some(({ id }) => id === runId) ? undefined : runId;
}

function findDefinition(jobId: string, parts: EngineParts): JobDefinition {
  const job = parts.jobs.get(jobId);
  if (job === undefined)
    throw new NotFoundError(
      `There is no job "${jobId}" on this server: check the id, or deploy the server that defines it.`,
    );
  if (!job.definition.enabled)
    throw new JobDisabledError(`Job "${jobId}" is disabled: set enabled to true in its definition to invoke it.`);
  return job.definition;
}

function checkBatchSize({ items, isBatch }: BirthRequest): void {
  if (!isBatch || items.length <= BATCH_LIMIT) return;
  throw new InvalidOptionError(
    "items",
    `a batch has at most ${BATCH_LIMIT} items, and this one has ${items.length}: send several batches`,
  );
}

interface Birth {
  readonly item: InvokeItem;
  readonly index: number;
  readonly request: BirthRequest;
  readonly definition: JobDefinition;
  readonly parts: EngineParts;
}

/** Parses to refuse early, and throws the parsed value away: what is kept is what the caller sent. */
function prepareRun(birth: Birth): NewRun | Promise<NewRun> {
  const index = birth.request.isBatch ? birth.index : undefined;
  const parsed = parsePayload(birth);
  const finish = (result: Awaited<typeof parsed>, kept: Birth): NewRun => {
    if (!result.ok) throw new InvalidPayloadError(birth.definition.id, result.issues, index);
    return namingItem(() => toNewRun(kept), index);
  };
  if (!isPromise(parsed)) return finish(parsed, birth);
  const kept = { ...birth, item: copyItem(birth.item) };
  return parsed.then((result) => finish(result, kept));
}

/** Where a schema takes its time: the caller may change the object in a later turn, and means what it is in this one. */
function copyItem({ payload, options }: InvokeItem): InvokeItem {
  return { payload: copyPayload(payload), options };
}

/** A schema that follows a payload down may run out of stack where the codec says in a sentence that it is too deep. */
function parsePayload({ item, definition }: Birth): ReturnType<typeof parseWith> {
  const explain = (error: unknown): never => {
    encodePayload(item.payload, definition.id);
    throw error;
  };
  try {
    const parsed = parseWith(definition.schema, item.payload);
    return isPromise(parsed) ? parsed.catch(explain) : parsed;
  } catch (error) {
    return explain(error);
  }
}

function toNewRun({ item, request, definition, parts }: Birth): NewRun {
  // Not when it was asked for: a schema may have taken its time since, and ids sort as the instants of creation do.
  const now = parts.clock.now();
  const { facts, idempotencyKey } = readBirthOptions(item.options, definition, now);
  return {
    ...facts,
    id: parts.mintRunId(now),
    jobId: definition.id,
    jobVersion: definition.version,
    input: encodePayload(item.payload, definition.id),
    hasHooks: definition.onSuccess !== undefined || definition.onFailure !== undefined,
    isTest: isTestRun(item, request.parent),
    replayOf: request.replayOf ?? null,
    parentJobId: request.parent?.jobId ?? null,
    createdAt: now,
    idempotency: idempotencyKey === null ? null : { ...idempotencyKey, digest: digestOf(item.payload) },
  };
}

function isTestRun(item: InvokeItem, parent: ParentStep | undefined): boolean {
  return readFlag("isTest", item.options.isTest) ?? parent?.isTest ?? false;
}

/** An option's error in a batch names its item. */
function namingItem<Value>(read: () => Value, index: number | undefined): Value {
  try {
    return read();
  } catch (error) {
    throw asRefusalOfItem(error, index);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
