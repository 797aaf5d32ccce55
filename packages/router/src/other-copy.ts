import { DefinitionError } from "@beckon/core/runtime";
import { isTrackedEnvelope } from "@trpc/server";

/** @throws DefinitionError for an envelope that the serving copy of tRPC took for an event */
export function refuseEnvelope(value: unknown): void {
  if (isTrackedEnvelope(value)) throw toOtherCopyError();
}

export function toOtherCopyError(): DefinitionError {
  return new DefinitionError(
    "The router is served by another copy of @trpc/server than the one it is built with, which cannot tell its events: " +
      'hand over that copy\'s tracked with createJobRouter(jobs, { tracked }), imported from "@trpc/server", or install one version alone.',
  );
}
