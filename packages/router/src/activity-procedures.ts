import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "@beckon/engine";
import type { TRPCQueryProcedure } from "@trpc/server";
import { z } from "zod";
import { checkAllowed } from "./authorize.ts";
import { parserOf } from "./procedure-inputs.ts";
import type { RouterParts } from "./router-parts.ts";

interface SpanInput {
  readonly span: ActivitySpan;
}

/** The calls about how all jobs fare together. */
export type ActivityProcedures = {
  /** What ended in the last hour or day. */
  activity: TRPCQueryProcedure<{ input: SpanInput; output: ActivityView; meta: object }>;
  /** The newest failures, grouped by what their errors say. */
  failures: TRPCQueryProcedure<{ input: SpanInput; output: FailuresView; meta: object }>;
  /** How full the queues and the limits are. */
  queues: TRPCQueryProcedure<{ input: void; output: QueuesView; meta: object }>;
};

const spanInput = z.strictObject({ span: z.enum(["hour", "day"]) });

export function buildActivityProcedures(parts: RouterParts): ActivityProcedures {
  const { procedure, engine } = parts;
  // About all jobs at once: whoever may not read them all sees none of it.
  const allowed = procedure.use(async ({ next, ctx }) => {
    await checkAllowed(parts.authorize, { ctx, job: null, action: "read" });
    return next();
  });
  const ofSpan = allowed.input(parserOf<SpanInput>(spanInput));
  return {
    activity: ofSpan.query(({ input }) => engine().readActivity(input.span)),
    failures: ofSpan.query(({ input }) => engine().readFailures(input.span)),
    queues: allowed.query(() => engine().readQueues()),
  };
}
