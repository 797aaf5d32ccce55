"use client";

import type { InvokeOptions, Run } from "@beckon/core";
import type { JobCalls } from "@beckon/core/runtime";
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { withRequestId } from "../request-id.ts";

/** Where a QueryClient retries mutations, TanStack makes the call again, with the same context: it is the same invocation. */
const begun = new WeakMap<object, InvokeOptions>();

/**
 * Invokes a job from a component: TanStack's mutation, with the payload as its variable and the run as its data.
 *
 * @example
 * const invoke = useInvoke(beckon.exampleJob);
 * <button onClick={() => invoke.mutate({ userId: "1", tier: "pro" })} disabled={invoke.isPending}>Go</button>
 */
export function useInvoke<Input, Output, Err>(
  job: JobCalls<Input, Output, Err>,
  options?: InvokeOptions | ((payload: Input) => InvokeOptions),
): UseMutationResult<Run<Output, Err>, Error, Input> {
  return useMutation({
    mutationFn: (payload: Input, context) => {
      const invokeOptions =
        begun.get(context) ?? withRequestId(typeof options === "function" ? options(payload) : options);
      begun.set(context, invokeOptions);
      // A rest argument that may be left out cannot be spread from a generic: with both given it is the same call.
      return job.invoke(...([payload, invokeOptions] as Parameters<typeof job.invoke>));
    },
  });
}
