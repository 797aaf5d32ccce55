import type { InvokeOptions } from "@beckon/core";
import { decode, encode, NotFoundError, RunStateError, UnavailableError } from "@beckon/core/runtime";
import { toCancelRefusal } from "./cancel-refusal.ts";
import { checkSignal } from "./check-text.ts";
import type { Engine } from "./engine.ts";
import { invoke } from "./invoke.ts";
import { toRunLogScope } from "./io/scope.ts";
import type { EngineParts } from "./parts.ts";
import { decodeOptional, notFound } from "./read-result.ts";
import { type RunError, toReasonOfRun } from "./run-error.ts";
import type { LogWrite, RunDetail } from "./store/records.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";

type HandCalls = Pick<
  Engine,
  "cancel" | "replay" | "retry" | "setJobPaused" | "sendSignal" | "checkRequest" | "completeRequest"
>;

/** What people and outside programs do to runs by hand. */
export function createHandCalls(parts: EngineParts): HandCalls {
  const { store, clock } = parts;
  return {
    cancel: (runId) => cancel(runId, parts),
    replay: (request) => replay(request, parts),
    retry: (runId) => retry(runId, parts),
    setJobPaused: async ({ jobId, isPaused }) => {
      if (!parts.jobs.has(jobId)) throw new NotFoundError(`There is no job "${jobId}" on this server.`);
      await asked(store.setJobPaused({ jobId, isPaused, now: clock.now() }), parts);
    },
    sendSignal: async ({ name, id = null, payload }) => {
      checkSignal({ name, id });
      const signal = { name, id, payload: encode(payload, `The payload of signal "${name}"`) };
      return asked(store.sendSignal({ signal, now: clock.now() }), parts, signal.payload.length);
    },
    checkRequest: async ({ token }) => {
      if (!(await asked(store.awaitsRequest(token), parts))) throw nobodyWaits();
    },
    completeRequest: async ({ token, body }) => {
      const text = encode(body, "body");
      const outcome = await asked(store.completeRequest({ token, body: text, now: clock.now() }), parts, text.length);
      if (outcome !== "delivered") throw nobodyWaits();
    },
  };
}

function nobodyWaits(): NotFoundError {
  return new NotFoundError("Nobody waits for a request to this URL: it was used, its wait is over, or it never was.");
}

/** A write of so many characters, and the little that every one has. @throws UnavailableError where the store cannot take it, as a birth does */
function asked<Value>(write: Promise<Value>, { onRefused }: EngineParts, length = 0): Promise<Value> {
  return write.catch((error: unknown) => {
    if (!(error instanceof StoreUnavailableError)) throw error;
    onRefused(error, length);
    throw new UnavailableError(error.message, { cause: error });
  });
}

async function cancel(runId: string, parts: EngineParts): Promise<void> {
  const outcome = await asked(parts.store.cancelRun({ runId, now: parts.clock.now() }), parts);
  const refusal = toCancelRefusal(runId, outcome);
  if (refusal !== null) throw refusal;
}

async function replay(request: Parameters<Engine["replay"]>[0], parts: EngineParts): Promise<string> {
  const { runId } = request;
  const run = await parts.store.readRun(runId);
  if (run === null) throw notFound(runId);
  const payload = "payload" in request ? request.payload : decode(run.input);
  const items = [{ payload, options: optionsOf(run) }];
  const [id = ""] = await invoke({ jobId: run.jobId, items, isBatch: false, replayOf: runId }, parts);
  return id;
}

async function retry(runId: string, parts: EngineParts): Promise<void> {
  const { store, clock, onDueAt } = parts;
  const run = await store.readRun(runId);
  const told = run === null || run.error === null ? undefined : toUndoneEnd(run, run.error, clock.now());
  const outcome = await asked(store.retryRun({ runId, told, now: clock.now() }), parts);
  switch (outcome.kind) {
    case "reopened":
      // It has its ttl and its steps' timeouts again, which may be over already: whoever does what is due has to look.
      return onDueAt(clock.now());
    case "not-found":
      throw notFound(runId);
    case "refused":
      throw new RunStateError(
        `Run ${runId} is ${outcome.status}, and only a run that failed can be retried: replay it instead.`,
      );
    case "key-taken":
      throw new RunStateError(
        `Run ${runId} cannot be retried: run ${outcome.runId} has taken its idempotency key meanwhile.`,
      );
  }
}

/** The error goes with the end that is undone; whoever asks later why the run failed finds it in the log. */
function toUndoneEnd({ attempt }: RunDetail, errorText: string, at: number): LogWrite {
  const reason = toReasonOfRun(decode(errorText) as RunError);
  const message = `Attempt ${attempt} failed: ${reason}; attempt ${attempt + 1} was asked for by hand.`;
  return { type: "log", at, taskId: null, level: "error", message, data: errorText, scope: toRunLogScope(attempt) };
}

/** A replay has the payload, context, account, tags and priority of its original, and none of its keys. */
function optionsOf(run: RunDetail): InvokeOptions {
  return {
    context: decodeOptional(run.context),
    accountId: run.accountId ?? undefined,
    tags: run.tags,
    priority: run.priority,
    concurrencyKey: run.concurrencyKey ?? undefined,
    isTest: run.isTest,
  };
}
