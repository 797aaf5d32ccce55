import type {
  ById,
  LogsInput,
  LogView,
  ReplayInput,
  RunEvent,
  RunExplanation,
  RunListQuery,
  RunPage,
  RunResult,
  RunView,
  SignalInput,
  SignalOutcome,
  StepOutline,
  TasksInput,
  TaskView,
} from "@beckon/core/runtime";
import type { TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from "@trpc/server";
import { checkAllowed } from "./authorize.ts";
import { awaitResult } from "./await-result.ts";
import type { PendingResult, ResultInput } from "./call-shapes.ts";
import type { Tracked } from "./event-envelopes.ts";
import { type FollowedEvent, type FollowInput, followRuns } from "./follow-runs.ts";
import * as inputs from "./procedure-inputs.ts";
import { checkRunCall, type RouterParts } from "./router-parts.ts";
import { toTRPCError } from "./trpc-errors.ts";

type Query<Input, Output> = TRPCQueryProcedure<{ input: Input; output: Output; meta: object }>;
type Mutation<Input, Output> = TRPCMutationProcedure<{ input: Input; output: Output; meta: object }>;
type Subscription<Input, Output> = TRPCSubscriptionProcedure<{
  input: Input;
  output: AsyncIterable<Output>;
  meta: object;
}>;

/** The calls about runs of any job. */
export type RunProcedures = {
  get: Query<ById, RunView>;
  list: Query<RunListQuery | undefined, RunPage>;
  /** As `jobs.<name>.result`, for a caller that does not know the job. */
  result: Query<ResultInput, RunResult<unknown, unknown> | PendingResult>;
  cancel: Mutation<ById, ById>;
  /** Makes a new run with the same payload, or the given one, which may be `undefined`; answers with its id. */
  replay: Mutation<ReplayInput, ById>;
  /** Opens the same failed run again. */
  retry: Mutation<ById, ById>;
  explain: Query<ById, RunExplanation>;
  /** The steps; of a run with thousands, ask for those that are looked at. */
  tasks: Query<TasksInput, readonly TaskView[]>;
  /** All steps without what they hold. */
  outline: Query<ById, readonly StepOutline[]>;
  logs: Query<LogsInput, readonly LogView[]>;
  /** Every event once and in order; the id of each is its `seq`. */
  events: Subscription<EventsInput, { id: string; data: RunEvent }>;
  /** The same of many runs in one stream, for browsers, which have few connections to a server. */
  follow: Subscription<FollowInput, FollowedEvent>;
  sendSignal: Mutation<SignalInput, { readonly outcome: SignalOutcome }>;
};

interface EventsInput extends ById {
  readonly after?: number | undefined;
  readonly lastEventId?: string | null | undefined;
}

export function buildRunProcedures(parts: RouterParts): RunProcedures {
  return {
    ...buildRunQueries(parts),
    ...buildRunMutations(parts),
    events: buildEvents(parts),
    follow: parts
      .taking<FollowInput>(inputs.followInput)
      .subscription(({ input, ctx, signal }) => followRuns(parts, input, { ctx, signal })),
  };
}

function buildRunQueries(parts: RouterParts) {
  const { taking, engine } = parts;
  const ofRun = <Output>(read: (runId: string) => Promise<Output>) =>
    taking<ById>(inputs.runInput).query(async ({ input: { id }, ctx }) => {
      await checkRunCall(parts, ctx, { runId: id, action: "read" });
      return read(id);
    });
  return {
    get: ofRun((runId) => engine().readRun(runId)),
    list: taking<RunListQuery | undefined>(inputs.listInput).query(async ({ input = {}, ctx }) => {
      await checkAllowed(parts.authorize, {
        ctx,
        job: input.job === undefined ? null : { id: input.job },
        action: "read",
        query: input,
      });
      return engine().listRuns(input, parts.scope());
    }),
    result: taking<ResultInput>(inputs.resultInput).query(async ({ input, ctx, signal }) => {
      await checkRunCall(parts, ctx, { runId: input.id, action: "read" });
      return awaitResult(engine(), input, signal);
    }),
    explain: ofRun((runId) => engine().explain(runId)),
    outline: ofRun((runId) => engine().readOutline(runId)),
    tasks: taking<TasksInput>(inputs.tasksInput).query(async ({ input, ctx }) => {
      await checkRunCall(parts, ctx, { runId: input.id, action: "read" });
      return engine().readTasks(input.id, input.taskIds);
    }),
    logs: taking<LogsInput>(inputs.logsInput).query(async ({ input, ctx }) => {
      await checkRunCall(parts, ctx, { runId: input.id, action: "read" });
      return engine().readLogs({ runId: input.id, after: input.after, limit: input.limit });
    }),
  };
}

function buildRunMutations(parts: RouterParts) {
  const { taking, engine } = parts;
  return {
    cancel: taking<ById>(inputs.runInput).mutation(async ({ input: { id }, ctx }) => {
      await checkRunCall(parts, ctx, { runId: id, action: "cancel" });
      await engine().cancel(id);
      return { id };
    }),
    replay: taking<ReplayInput>(inputs.replayInput).mutation(async ({ input, ctx }) => {
      const { id } = input;
      await checkRunCall(parts, ctx, { runId: id, action: "replay" });
      // One that is undefined is given, too.
      const changed = "payload" in input ? { payload: input.payload } : {};
      return { id: await engine().replay({ runId: id, ...changed }) };
    }),
    retry: taking<ById>(inputs.runInput).mutation(async ({ input: { id }, ctx }) => {
      await checkRunCall(parts, ctx, { runId: id, action: "retry" });
      await engine().retry(id);
      return { id };
    }),
    sendSignal: taking<SignalInput>(inputs.signalInput).mutation(async ({ input, ctx }) => {
      await checkAllowed(parts.authorize, { ctx, job: null, action: "signal" });
      return { outcome: await engine().sendSignal(input) };
    }),
  };
}

function buildEvents(parts: RouterParts) {
  const { tracked, check } = parts.envelopes;
  return parts.taking<EventsInput>(inputs.eventsInput).subscription(async function* ({ input, ctx, signal }) {
    // The step that maps errors has returned before the first event is asked for.
    try {
      await check();
      await checkRunCall(parts, ctx, { runId: input.id, action: "read" });
      const after = Math.max(input.after ?? 0, Number(input.lastEventId ?? 0));
      for await (const event of parts.engine().events({ runId: input.id, after, signal })) yield withId(event, tracked);
    } catch (error) {
      throw toTRPCError(error);
    }
  });
}

/** Over HTTP tRPC reads the envelope; a caller in this process is handed it as it is, and reads the fields its type has. */
function withId(event: RunEvent, tracked: Tracked) {
  const id = String(event.seq);
  return Object.assign(tracked(id, event), { id, data: event });
}
