import type { ActivityView, FailuresView, QueuesView, SpanInput } from "@beckon/core/runtime";
import type { TRPCQueryProcedure } from "@trpc/server";
import { z } from "zod";
import { checkAllowed } from "./authorize.ts";
import type { RouterParts } from "./router-parts.ts";

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
  const { asking, taking, engine } = parts;
  // About all jobs at once: whoever may not read them all sees none of it.
  const check = (ctx: object): Promise<void> => checkAllowed(parts.authorize, { ctx, job: null, action: "read" });
  const ofSpan = taking<SpanInput>(spanInput);
  return {
    activity: ofSpan.query(async ({ input, ctx }) => {
      await check(ctx);
      return engine().readActivity(input.span, parts.scope());
    }),
    failures: ofSpan.query(async ({ input, ctx }) => {
      await check(ctx);
      return engine().readFailures(input.span, parts.scope());
    }),
    queues: asking(async ({ ctx }) => {
      await check(ctx);
      return engine().readQueues(parts.scope());
    }),
  };
}
